"""Who may do what with articles: Wagtail's permission policy, answered from the posts of today. A superuser has none of ours."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from fangtang.articles import queries
from fangtang.articles.models import Article
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.queries import Person
from fangtang.people.roles import PUBLISHING, Role

EDITING = frozenset({Role.EDITOR})
ROLES: dict[str, frozenset[Role]] = {"view": PUBLISHING, "add": EDITING, "change": EDITING, "delete": EDITING, "lock": EDITING, "unlock": EDITING}
"""By Wagtail's name of the action. What is not here ("publish") nobody may."""


class ArticlePolicy(BasePermissionPolicy):
    """A person may do with an article what their posts of today allow for its unit."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        wanted = _roles(actions)
        return any(duty.role in wanted for duty in people.duties(user, day=people.today()))

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Nobody by name: Wagtail would list people of all units in a filter."""
        return User.objects.none()

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Article) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(self, user: Person, actions: Iterable[str], instance: Article) -> bool:
        return people.units_of(user, roles=_roles(actions), day=people.today()).filter(pk=instance.unit_id).exists()

    def instances_user_has_any_permission_for(self, user: Person, actions: Iterable[str]) -> QuerySet[Article]:
        day = people.today()
        return queries.visible_to(user, day=day).filter(unit__in=people.units_of(user, roles=_roles(actions), day=day))

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Article) -> QuerySet[User]:
        return User.objects.none()


def _roles(actions: Iterable[str]) -> frozenset[Role]:
    return frozenset(role for action in actions for role in ROLES.get(action, ()))
