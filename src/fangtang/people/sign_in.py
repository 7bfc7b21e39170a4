"""How a login is recognised, which of Django's permissions follow from a person's posts, and the events of signing in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import user_logged_in, user_login_failed
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from fangtang.audit import actions as audit
from fangtang.people import permissions, queries
from fangtang.people.models import User

ACCESS = "wagtailadmin.access_admin"


class PostBackend(ModelBackend):
    """Passwords as Django keeps them; permissions from today's posts alone: groups, user permissions and the superuser flag give nothing."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Kept on the user object of one request, as Django keeps its own: a page of Wagtail asks dozens of times."""
        if not isinstance(user_obj, User) or obj is not None:
            return set()
        day = queries.today()
        if user_obj.kept_permissions is None or user_obj.kept_permissions[0] != day:
            user_obj.kept_permissions = (day, _permissions(user_obj, day=day))
        return user_obj.kept_permissions[1]

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


def _permissions(user: User, *, day: date) -> set[str]:
    roles = {duty.role for duty in queries.duties(user, day=day)}
    return {ACCESS, *permissions.permissions_of(roles)} if roles else set()


@receiver(user_logged_in, dispatch_uid="people.signed_in")
def record_sign_in(sender: object, user: User, **kwargs: object) -> None:
    """Django tells this from every door, which no action of ours could."""
    with transaction.atomic():
        audit.record("people.signed_in", by=user, now=timezone.now(), subject=user, unit_id=user.unit_id)


@receiver(user_login_failed, dispatch_uid="people.sign_in_failed")
def record_failure(sender: object, credentials: dict[str, Any], **kwargs: object) -> None:
    """What was typed is not kept: people type passwords into the wrong field. The subject is the login that was meant, when there is one."""
    meant = User.objects.filter(username=credentials.get("username") or "").first()
    with transaction.atomic():
        audit.record("people.sign_in_failed", by=None, now=timezone.now(), subject=meant, unit_id=meant.unit_id if meant else None)
