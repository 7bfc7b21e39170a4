"""Addresses below the desk that stand before Wagtail's own: the account, what is not to be told again, and what somebody needs before they can sign in."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.auth import require_admin_access

from fangtang.people.views import account

urlpatterns = [
    path("account/", require_admin_access(account.AccountView.as_view()), name="wagtailadmin_account"),
    path("dismissibles/", require_admin_access(account.DismissedView.as_view()), name="wagtailadmin_dismissibles"),
    path("welcome/<str:uid>/<str:token>/", account.welcome, name="people_welcome"),
]
