"""Body, units, posts and users.

A `Unit` tree under one `Body`; a `Post` gives a user a role in a unit for some days; a `StandIn` lets somebody else act for a post for
some days. What a person may do follows from the posts of today, never from a flag.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from fangtang.people.roles import Role


class User(AbstractUser):
    """A login. Rights come from posts; `is_superuser` opens no door of ours. `unit` is the one whose operators look after it; it gives no right."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"username", "first_name", "last_name", "email", "full_name", "last_login"})

    kept_permissions: tuple[date, set[str]] | None = None
    """Permissions of a day, kept by the backend for as long as one request holds this object; never stored."""

    full_name = models.CharField(_("full name"), max_length=60)
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, blank=True, related_name="logins", verbose_name=_("kept by"))

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]  # the stubs of AbstractUser.Meta know only plain text
        verbose_name_plural = _("people")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """By the posts of today alone: Django would let a superuser pass here."""
        return self.is_active and perm in self.get_all_permissions(obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())


class Body(models.Model):
    """The public body that owns everything here. One row."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name


class UnitKind(models.TextChoices):
    CITY = "city", _("City office")
    DEPARTMENT = "department", _("Department")
    COUNTY = "county", _("County or district")
    TOWN = "town", _("Town or subdistrict")
    COMMUNITY = "community", _("Community or village")


class Unit(MP_Node):
    """A part of the body. `key` is a short ASCII name, unique, used in imports and the demo; `path` (treebeard) gives the tree."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    node_order_by: ClassVar[list[str]] = []

    body = models.ForeignKey(Body, models.PROTECT, related_name="units", verbose_name=_("body"))
    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=UnitKind.values), name="unit_kind_known")]

    def __str__(self) -> str:
        return self.name


class Reach(models.TextChoices):
    """How far a post reaches: its own unit, or every unit below it too."""

    UNIT = "unit", _("This unit")
    BELOW = "below", _("This unit and all below it")


class Post(models.Model):
    """A role held by a person in a unit, from `starts_on` to `ends_on` (both included, local days; None: no end)."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    reach = models.CharField(_("reach"), max_length=10, choices=Reach, default=Reach.UNIT)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="post_role_known"),
            models.CheckConstraint(condition=Q(reach__in=Reach.values), name="post_reach_known"),
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_ends_after_start"),
            models.UniqueConstraint(fields=["user", "unit", "role", "starts_on"], name="post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class StandIn(models.Model):
    """`user` acts for `post` from `starts_on` to `ends_on` (both included, local days)."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    post = models.ForeignKey(Post, models.CASCADE, related_name="stand_ins", verbose_name=_("post"))
    user = models.ForeignKey(User, models.PROTECT, related_name="stands_in", verbose_name=_("stand-in"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stand_in_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.user} → {self.post}"
