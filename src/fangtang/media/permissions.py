"""Who may do what with pictures and files: Wagtail's permission policy, answered from posts and shelves.

Wagtail asks one policy object everywhere (lists, search, choosers, uploads, edit, delete, usage), but fills it from groups that somebody would
have to keep in step with posts, and lets superusers pass. Ours asks the posts of today, so a post that ended yesterday gives nothing today.
Wagtail has no setting for it and its modules bind the object by name, some before any of ours runs; so the class of the two objects is
exchanged, which reaches every place that holds them (`install`; docs/adr).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Collection, ReferenceIndex
from wagtail.permission_policies import BasePermissionPolicy

from fangtang.media import registry
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.people.queries import Person
from fangtang.people.roles import PUBLISHING, Role

MAKERS = frozenset({Role.EDITOR, Role.SITE_MANAGER})
"""Who adds, changes and removes."""

READERS = PUBLISHING | MAKERS
"""Who sees and chooses."""

ROLES = {"add": MAKERS, "change": MAKERS, "delete": MAKERS, "choose": READERS, "view": READERS}


class ShelfPolicy(BasePermissionPolicy):
    """A person may do with a picture or file what their posts of today allow for the unit on whose shelf it lies. No shelf: nobody may."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        roles = _roles(actions)
        return any(duty.role in roles for duty in people.duties(user, day=people.today()))

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Nobody by name: Wagtail would list people of all units in a filter."""
        return User.objects.none()

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(self, user: Person, actions: Iterable[str], instance: Any) -> bool:
        """What is shown somewhere is not deleted by anybody: a release pins its bytes."""
        wanted = set(actions)
        if wanted == {"delete"} and _is_needed(instance):
            return False
        return self._collections(user, wanted).filter(pk=instance.collection_id).exists()

    def instances_user_has_any_permission_for(self, user: Person, actions: Iterable[str]) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._default_manager.filter(collection__in=self._collections(user, actions))
        return found

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> QuerySet[User]:
        return User.objects.none()

    def collections_user_has_any_permission_for(self, user: Person, actions: Iterable[str]) -> QuerySet[Collection]:
        return self._collections(user, actions)

    def collections_user_has_permission_for(self, user: Person, action: str) -> QuerySet[Collection]:
        return self._collections(user, [action])

    def _collections(self, user: Person, actions: Iterable[str]) -> QuerySet[Collection]:
        units: QuerySet[Unit] = people.units_of(user, roles=_roles(actions), day=people.today())
        found: QuerySet[Collection] = Collection.objects.filter(shelf__unit__in=units)
        return found


def install() -> None:
    """Exchange the class of Wagtail's two policy objects. A second call does nothing."""
    from wagtail.documents import permissions as documents
    from wagtail.images import permissions as images

    for policy in (images.permission_policy, documents.permission_policy):
        policy.__class__ = ShelfPolicy


def _roles(actions: Iterable[str]) -> frozenset[str]:
    """The roles for which any of the actions is open; an action that nobody named is open to none."""
    return frozenset(role for action in actions for role in ROLES.get(action, ()))


def _is_needed(instance: Any) -> bool:
    label = instance._meta.label_lower
    return ReferenceIndex.get_references_to(instance).exists() or any(needs(label, instance.pk) for needs in registry.needed)
