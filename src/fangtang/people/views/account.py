"""One's own account, and choosing a password by invitation."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import DjangoUnicodeDecodeError, force_str
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import account as wagtail_account
from wagtail.admin.views.dismissibles import DismissiblesView

from fangtang.audit.actions import record
from fangtang.kernel.sent import decimal_id, from_json
from fangtang.people import actions
from fangtang.people.forms import ChosenPasswordForm, FullNameField
from fangtang.people.models import User
from fangtang.people.views.frame import asker


class NameForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody may change about themselves."""

    class Meta:
        model = User
        fields = ("full_name", "email")
        field_classes: ClassVar = {"full_name": FullNameField}


class NamePanel(wagtail_account.BaseSettingsPanel):
    """Full name and address."""

    name = "name_email"
    title = _("Name and e-mail")
    order = 100
    form_class = NameForm


class AccountView(wagtail_account.AccountView):
    """Wagtail's page with our name, without the picture (it would be stored as it came), and with its event."""

    def get_panels(self) -> list[Any]:
        kept = (wagtail_account.LocaleSettingsPanel, wagtail_account.ThemeSettingsPanel, wagtail_account.ChangePasswordPanel)
        person = asker(self.request)
        profile = wagtail_account.UserProfile.get_for_user(person)
        return [panel for panel in (kind(self.request, person, profile) for kind in (NamePanel, *kept)) if panel.is_active()]

    def post(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            before = asker(request).password
            answer: HttpResponse = super().post(request)
            if answer.status_code == 302:
                person = User.objects.get(pk=asker(request).pk)
                verb = "people.set_password" if person.password != before else "people.change_account"
                record(verb, by=person, now=timezone.now(), subject=person, unit_id=person.unit_id)
        return answer


class DismissedView(DismissiblesView):
    """What somebody does not want to be told again: Wagtail's view, for an object that can be stored."""

    def patch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            sent = from_json(request.body.decode())
        except ValueError as broken:
            raise BadRequest from broken
        if not isinstance(sent, dict):
            raise BadRequest
        answer: HttpResponse = super().patch(request, *args, **kwargs)
        return answer


def welcome(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Choosing a password with an invitation. A word that is wrong, old or used gives one and the same page."""
    person = _invited(uid)
    if person is None or not person.is_active or not default_token_generator.check_token(person, token):
        return render(request, "people/no_invitation.html", status=410)
    form = ChosenPasswordForm(person, request.POST or None)
    if form.is_valid():
        actions.accept_invitation(person, token=token, password=form.cleaned_data["new_password1"], now=timezone.now())
        return redirect("wagtailadmin_login")
    return render(request, "people/welcome.html", {"form": form, "person": person})


def _invited(uid: str) -> User | None:
    try:
        pk = force_str(urlsafe_base64_decode(uid))
    except (ValueError, DjangoUnicodeDecodeError):
        return None
    return User.objects.filter(pk=decimal_id(pk) or 0).first()
