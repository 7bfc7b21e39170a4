"""The register: sites, their sections and home pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from treebeard.mp_tree import MP_Node
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin, RevisionMixin
from wagtail.models import Site as WagtailSite

from fangtang.outlets import previews
from fangtang.outlets.blocks import HomeBlocks, foreign_sections
from fangtang.people.models import Unit

COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six hexadecimal digits, for example #0b5cad."))


class Language(models.TextChoices):
    ZH_HANS = "zh-hans", _("Simplified Chinese")
    ZH_HANT = "zh-hant", _("Traditional Chinese")
    EN = "en", _("English")


class Site(models.Model):
    """A website of the body: Wagtail's Site (host, port, default) with our profile. `key` names it in the store and in imports."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    wagtail_site = models.OneToOneField(WagtailSite, models.PROTECT, related_name="profile", verbose_name=_("host"))
    key = models.SlugField(_("key"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sites", verbose_name=_("unit"))
    description = models.CharField(_("description"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ZH_HANS)
    colour = models.CharField(_("colour"), max_length=7, validators=[COLOUR], default="#0b5cad")
    accent = models.CharField(_("accent colour"), max_length=7, validators=[COLOUR], default="#b3261e")
    emblem = models.ForeignKey("media.Picture", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("emblem"))
    sponsor = models.CharField(_("sponsor"), max_length=100, blank=True)
    undertaker = models.CharField(_("undertaken by"), max_length=100, blank=True)
    identification_code = models.CharField(_("identification code"), max_length=20, blank=True)
    icp_number = models.CharField(_("ICP filing number"), max_length=60, blank=True)
    police_number = models.CharField(_("public security filing number"), max_length=60, blank=True)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(language__in=Language.values), name="site_language_known")]

    def __str__(self) -> str:
        return self.name


class SectionKind(models.TextChoices):
    NEWS = "news", _("News")
    NOTICES = "notices", _("Notices")
    POLICY = "policy", _("Policy documents")
    QA = "qa", _("Questions and answers")
    TOPIC = "topic", _("Topic")
    PEOPLE = "people", pgettext_lazy("kind of section", "People")
    GALLERY = "gallery", _("Pictures and video")


class Section(MP_Node):
    """A part of a site. `address` is the path of slugs from the site's root ("zwgk/tzgg"), kept with the tree and recomputed by a test.

    A section is closed, not deleted, once articles were placed in it. `contributors` are the units besides the site's own whose
    articles may be placed here. `freshness_days` is how long it may stand without a new article; None: no rule.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    node_order_by: ClassVar[list[str]] = []

    site = models.ForeignKey(Site, models.PROTECT, related_name="sections", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("slug"), max_length=50)
    address = models.CharField(max_length=300, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=SectionKind, default=SectionKind.NEWS)
    description = models.CharField(_("description"), max_length=300, blank=True)
    freshness_days = models.PositiveIntegerField(_("days within which something new must appear"), null=True, blank=True)
    contributors = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("units that may place articles here"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "address"], name="section_address_once"),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class FormerAddress(models.Model):
    """An address that a section had; it leads to the section as long as no other one has it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    site = models.ForeignKey(Site, models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, models.CASCADE, related_name="former_addresses")
    address = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "address"], name="former_address_once")]

    def __str__(self) -> str:
        return self.address


class Home(PreviewableMixin, RevisionMixin, models.Model):
    """The home page of a site. Its layout stands in public as soon as it is saved; every save is a revision to come back to."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    site = models.OneToOneField(Site, models.CASCADE, related_name="home", verbose_name=_("site"))
    layout = StreamField(HomeBlocks(), verbose_name=_("layout"), blank=True)

    panels: ClassVar = [FieldPanel("layout")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def __str__(self) -> str:
        return str(self.site)

    def clean(self) -> None:
        """Only sections of the site itself may be shown on its home page."""
        super().clean()
        if wrong := foreign_sections(self.layout, site_id=self.site_id):
            raise ValidationError({"layout": wrong})

    def make_preview_request(
        self, original_request: HttpRequest | None = None, preview_mode: str | None = None, extra_request_attrs: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page itself: Wagtail would send a made-up request through every middleware, the guard among them, which knows no such address."""
        return previews.page(self)
