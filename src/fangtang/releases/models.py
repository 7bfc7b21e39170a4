"""Releases (decisions) and what follows from them: what stands where, under which address.

`Standing` and `Address` are derived from the releases in their order; a test recomputes them. Public pages are built from these rows
and from the released revisions, never from the working copy.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from fangtang.articles.models import Article
from fangtang.outlets.models import Section, Site
from fangtang.releases import states
from fangtang.reviews.models import Turn

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""`published_at` of what was taken over without a date: it sorts before everything and is shown to nobody."""


class ReleaseKind(models.TextChoices):
    """`legacy`: an imported article that was public before; it counts as not reviewed here."""

    SIGN = "sign", _("Sign-off")
    WITHDRAW = "withdraw", _("Withdrawal")
    LEGACY = "legacy", _("Taken over, not reviewed here")


class Release(models.Model):
    """The decision that one revision goes out, or comes down. The row is the builder's queue: decided → building → served."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="releases", verbose_name=_("article"))
    kind = models.CharField(_("kind"), max_length=10, choices=ReleaseKind)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    turn = models.OneToOneField(Turn, models.PROTECT, null=True, blank=True, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_index=True)
    reason = models.TextField(_("reason"), blank=True)
    public_notice = models.CharField(_("notice left in its place"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=[(s, s) for s in states.RELEASE.statuses], default=states.DECIDED)
    claimed_at = models.DateTimeField(null=True, blank=True)
    served_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error_code = models.CharField(max_length=100, blank=True)
    """Why it waits or failed; with `error_data` a sentence (`presenters.failure`)."""
    error_data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ReleaseKind.values), name="release_kind_known"),
            models.CheckConstraint(condition=Q(status__in=states.RELEASE.statuses), name="release_status_known"),
            models.CheckConstraint(condition=~Q(kind="sign") | Q(turn__isnull=False, by__isnull=False), name="release_sign_has_turn"),
            models.CheckConstraint(condition=~Q(kind="withdraw") | ~Q(reason=""), name="release_withdraw_has_reason"),
            models.CheckConstraint(condition=~Q(content_sha256=""), name="release_names_content"),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "id"], name="release_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.article_id}"

    @property
    def title(self) -> str:
        """The title that went out. The article's own may be that of a draft by now, and of another unit."""
        return str(self.revision.content["title"])


class Standing(models.Model):
    """An article that stands in a section now.

    `number` counts the section's arrivals from 1, the oldest first, and is never given twice, so that list pages stay. A withdrawn article's
    number stays empty. `title` is the title shown there.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="standings")
    section = models.ForeignKey(Section, models.PROTECT, related_name="standings")
    site = models.ForeignKey(Site, models.PROTECT, related_name="standings")
    release = models.ForeignKey(Release, models.PROTECT, related_name="standings")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    is_pinned = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=0)
    visible_from = models.DateTimeField(null=True, blank=True)
    visible_until = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "section"], name="standing_once"),
            models.UniqueConstraint(fields=["section", "number"], name="standing_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "-published_at", "-id"], name="standing_newest")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.section_id}"


class Counter(models.Model):
    """The highest number given in a section so far."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    section = models.OneToOneField(Section, models.PROTECT, primary_key=True, related_name="+")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")

    def __str__(self) -> str:
        return f"{self.section_id}: {self.number}"


class Address(models.Model):
    """An address (path from the site's root, no leading slash) that an article has or had on a site.

    One per article and site is `is_current`; older ones lead there. `is_canonical` marks the one address of all sites that copies point to.
    Addresses are never given to another article.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="addresses")
    site = models.ForeignKey(Site, models.PROTECT, related_name="addresses")
    path = models.CharField(max_length=400)
    is_current = models.BooleanField(default=True)
    is_canonical = models.BooleanField(default=False)
    first_at = models.DateTimeField()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "path"], name="address_once"),
            models.UniqueConstraint(fields=["article", "site"], condition=Q(is_current=True), name="address_one_current"),
            models.UniqueConstraint(fields=["article"], condition=Q(is_current=True, is_canonical=True), name="address_one_canonical"),
        ]

    def __str__(self) -> str:
        return self.path
