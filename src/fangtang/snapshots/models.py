"""What the builder keeps: bodies drawn once, and exactly what stands in public.

`Shown`, `Listed` and `Used` record what the public sees now. Only the builder writes them, in one transaction per build, so that pages are always
drawn from a state in which every link leads somewhere, whatever is being decided meanwhile. A test recomputes them from the releases.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangtang.articles.models import Article
from fangtang.outlets.models import Section, Site
from fangtang.releases.models import Release


class Prepared(models.Model):
    """A released revision ready to draw, by content hash: a pure function of the revision and its media, kept so that a page costs little.

    `body` is sanitised HTML, `plain` its text; `fields` are the article's own fields for its page, `entry` those for lists; `lead` and
    `attachments` are plain values for the theme; `assets` lists [path, sha256] of the files it needs.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    content_sha256 = models.CharField(primary_key=True, max_length=64)
    fields = models.JSONField(default=dict)
    entry = models.JSONField(default=dict)
    body = models.TextField()
    plain = models.TextField()
    lead = models.JSONField(null=True)
    attachments = models.JSONField(default=list)
    assets = models.JSONField(default=list)

    class Meta:
        verbose_name = _("prepared text")
        verbose_name_plural = _("prepared texts")

    def __str__(self) -> str:
        return self.content_sha256[:12]


class Shown(models.Model):
    """An article's page on a site, or the notice left in its place (`is_withdrawn`).

    `path` is relative to the site's root. The canonical page is at `canonical_path` of `canonical_site`. `section` is where the breadcrumb
    leads; None for a notice.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+")
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=400)
    title = models.CharField(max_length=500)
    canonical_site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    canonical_path = models.CharField(max_length=400)
    is_withdrawn = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    month = models.CharField(max_length=7)

    class Meta:
        verbose_name = _("page shown")
        verbose_name_plural = _("pages shown")
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "site"], name="shown_once")]
        indexes: ClassVar = [
            models.Index(fields=["site", "-published_at", "-article"], name="shown_newest", condition=models.Q(is_withdrawn=False)),
            models.Index(fields=["site", "canonical_site", "month", "changed_at"], name="shown_months", condition=models.Q(is_withdrawn=False)),
        ]

    def __str__(self) -> str:
        return self.path


class Listed(models.Model):
    """A line in a section's list; `number` is the standing's, so that pages of a list stay as they are."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    is_pinned = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=400)
    content_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("line in a list")
        verbose_name_plural = _("lines in lists")
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "section"], name="listed_once")]
        indexes: ClassVar = [
            models.Index(fields=["section", "-number"], name="listed_newest"),
            models.Index(fields=["section", "rank"], name="listed_pinned", condition=models.Q(is_pinned=True)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Total(models.Model):
    """How many lines stand in a section, kept up with the lines: counting them would take longer with every article. A full build counts them again."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    section = models.OneToOneField(Section, models.CASCADE, primary_key=True, related_name="+")
    lines = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("length of a list")
        verbose_name_plural = _("lengths of lists")

    def __str__(self) -> str:
        return f"{self.section_id}: {self.lines}"


class Used(models.Model):
    """A file (rendition, attachment) that an article's page needs on a site; it leaves the site with the last page that needs it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    path = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("file used")
        verbose_name_plural = _("files used")
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "path", "article"], name="used_once")]

    def __str__(self) -> str:
        return self.path


class Due(models.Model):
    """The next moment at which an article opens or closes somewhere."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("opening or closing")
        verbose_name_plural = _("openings and closings")

    def __str__(self) -> str:
        return f"{self.article_id} {self.at:%Y-%m-%d %H:%M}"


class Built(models.Model):
    """How a site was last built: `root_sha256` as the store answered, `face_sha256` of everything that all its pages share.

    `name` and `base_url` are those that copies on other sites name as their origin. `pending` are targets ([kind, id, part]) whose rows are written
    and whose pages may not be: what a killed builder leaves. `is_stale` asks for a full build.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, related_name="+")
    root_sha256 = models.CharField(max_length=64, blank=True)
    face_sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=100, blank=True)
    base_url = models.CharField(max_length=300, blank=True)
    pending = models.JSONField(default=list)
    is_stale = models.BooleanField(default=True)
    built_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")

    def __str__(self) -> str:
        return f"{self.site_id} {self.root_sha256[:12]}"


class Incident(models.Model):
    """The guard found something that nobody signed, and mostly put it right. Written once from what the guard tells (`guard.incidents`); people add only
    that they have looked at it.

    `number` is the guard's own; `kind` and the places' reasons are its words (`presenters`). `count` places were foreign, `restored` of them are right
    again; `places` are the first hundred. `sites` are those concerned, none for what concerns the store as a whole.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    number = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField(_("at"), db_index=True)
    kind = models.CharField(max_length=40)
    noticed = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    sites = models.ManyToManyField(Site, related_name="+", verbose_name=_("sites"))
    places = models.JSONField(default=list)
    about = models.JSONField(default=dict)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("looked at by"))
    seen_at = models.DateTimeField(null=True, db_index=True)
    note = models.TextField(_("what came of it"), blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.number
