"""The register on the desk: sites, their sections, their home pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView as SnippetEditView
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView
from wagtail.snippets.views.snippets import PreviewOnEditView as SnippetPreviewOnEditView

from fangtang.kernel.errors import NotPossible
from fangtang.kernel.sent import decimal_id
from fangtang.media.queries import pictures_seen_by
from fangtang.outlets import actions, queries
from fangtang.outlets.forms import SectionForm, SiteForm
from fangtang.outlets.models import Home, Section, Site
from fangtang.outlets.presenters import sentence
from fangtang.outlets.previews import WholeForms, whole
from fangtang.people.models import User
from fangtang.people.queries import today


def acting(request: HttpRequest) -> User:
    """Who acts: the guard has let in signed-in people only."""
    return cast("User", request.user)


class Managed:
    """Pages about objects that the person manages today; any other does not exist there. (Left alone, Wagtail asks the model for every row.)"""

    request: HttpRequest
    kwargs: dict[str, Any]

    def managed(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_base_queryset(self) -> QuerySet[Any]:
        return self.managed()

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        get_object_or_404(self.managed(), pk=self.kwargs["pk"])
        return super().get_object(queryset)  # type: ignore[misc]  # Wagtail's view beside this mixin


class SitesMixin(Managed):
    """Only the sites that the person manages today."""

    def managed(self) -> QuerySet[Site]:
        return queries.managed_sites(self.request.user, day=today()).annotate(open_sections=Count("sections", filter=Q(sections__closed_at=None)))


class SiteIndexView(SitesMixin, generic.IndexView):
    """The sites I manage."""

    page_title = gettext_lazy("Sites")
    is_searchable = False
    default_ordering = "pk"

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("name", label=gettext("Name"), get_url=lambda site: reverse("sites_register:edit", args=[site.pk])),
            Column("host", label=gettext("Host"), accessor="wagtail_site.hostname"),
            Column("unit", label=gettext("Unit")),
            TitleColumn("sections", label=gettext("Sections"), accessor="open_sections", get_url=lambda site: reverse("sections:of_site", args=[site.pk])),
            TitleColumn("home", label=gettext("Home page"), accessor=lambda site: gettext("Lay out"), get_url=lambda site: home_url(site)),
        ]


def home_url(site: Site) -> str:
    """Where the home page of a site is laid out."""
    return reverse(Home.snippet_viewset.get_url_name("edit"), args=[site.home.pk])


class SiteEditView(SitesMixin, generic.EditView):
    """The profile of one site."""

    form_class = SiteForm
    success_message = gettext_lazy("“%(object)s” is saved. Its pages are being built anew.")

    def get_form(self, form_class: Any = None) -> Any:
        """A picture of another unit is no emblem, and the form that comes back does not tell what it is called."""
        form = super().get_form(form_class)
        sent = str(form.data.get("emblem") or "") if form.is_bound else ""
        if sent and sent != str(self.object.emblem_id) and not self._may_choose(sent):
            form.data = form.data.copy()
            form.data["emblem"] = ""
            form.full_clean()
            form.add_error("emblem", gettext("This image is not in your library (any more). Choose another one."))
        return form

    def _may_choose(self, sent: str) -> bool:
        return pictures_seen_by(self.request.user, day=today()).filter(pk=decimal_id(sent)).exists()

    def save_instance(self) -> Site:
        changes = {name: self.form.cleaned_data[name] for name in self.form.changed_data}
        stored = Site.objects.get(pk=self.object.pk)
        actions.change_site(stored, by=acting(self.request), now=timezone.now(), **changes)
        return stored

    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(gettext("Sections"), url=reverse("sections:of_site", args=[self.object.pk]), icon_name="list-ul"),
            HeaderButton(gettext("Home page"), url=home_url(self.object), icon_name="home"),
        ]


class SectionTreeView(generic.IndexView):
    """The sections of one site as a tree."""

    is_searchable = False
    paginate_by = None
    model = Section
    index_url_name = "sections:of_site"
    add_url_name = "sections:add"
    header_icon = "list-ul"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.site = get_object_or_404(queries.managed_sites(request.user, day=today()), pk=kwargs["site_pk"])
        super().setup(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return gettext("Sections of %(site)s") % {"site": self.site}

    def get_base_queryset(self) -> QuerySet[Section]:
        return Section.objects.filter(site=self.site).annotate(placed=Count("placements")).order_by("path")

    def order_queryset(self, queryset: QuerySet[Section]) -> QuerySet[Section]:
        return queryset

    def get_add_url(self) -> str:
        return reverse("sections:add", args=[self.site.pk])

    def get_index_url(self) -> str:
        return reverse("sections:of_site", args=[self.site.pk])

    get_index_results_url = get_index_url

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "name",
                label=gettext("Name"),
                accessor=lambda row: "　" * (row.depth - 1) + row.name,
                get_url=lambda row: reverse("sections:edit", args=[row.pk]),
            ),
            Column("address", label=gettext("Address"), accessor=lambda row: f"/{row.address}/"),
            Column("kind", label=gettext("Kind"), accessor="get_kind_display"),
            Column("freshness_days", label=gettext("Fresh within (days)"), accessor=lambda row: row.freshness_days or "—"),
            Column("placed", label=gettext("Articles placed")),
            Column("state", label=gettext("State"), accessor=lambda row: gettext("closed") if row.closed_at else gettext("open")),
        ]


class OfSectionMixin(Managed):
    """Pages about one section of a site that the person manages."""

    model = Section
    form_class = SectionForm
    index_url_name = "sections:of_site"
    header_icon = "list-ul"

    def managed(self) -> QuerySet[Section]:
        return Section.objects.filter(site__in=queries.managed_sites(self.request.user, day=today()))

    def get_success_url(self) -> str:
        return reverse("sections:of_site", args=[self.site.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        title = gettext("Sections of %(site)s") % {"site": self.site}
        return [
            {"url": reverse("sites_register:index"), "label": gettext("Sites")},
            {"url": self.get_success_url(), "label": title},
            {"url": "", "label": str(self.get_page_subtitle())},  # type: ignore[attr-defined]  # Wagtail's view beside this mixin
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.site}  # type: ignore[misc]  # as above

    @property
    def site(self) -> Site:
        raise LookupError


class SectionAddView(OfSectionMixin, generic.CreateView):
    """A new section of a site."""

    add_url_name = "sections:add"
    success_message = gettext_lazy("“%(object)s” is added.")

    @property
    def site(self) -> Site:
        return get_object_or_404(queries.managed_sites(self.request.user, day=today()), pk=self.kwargs["site_pk"])

    def get_add_url(self) -> str:
        return reverse("sections:add", args=[self.site.pk])

    def get_success_buttons(self) -> list[Button]:
        return []

    def save_instance(self) -> Section:
        values = self.form.cleaned_data
        fields = {name: values[name] for name in ("name", "slug", "kind", "description", "freshness_days")}
        now = timezone.now()
        section = actions.add_section(self.site, under=values["under"], by=acting(self.request), now=now, **fields)
        if values["contributors"]:
            actions.change_section(section, contributors=values["contributors"], by=acting(self.request), now=now)
        return section


class SectionEditView(OfSectionMixin, generic.EditView):
    """One section."""

    edit_url_name = "sections:edit"
    success_message = gettext_lazy("“%(object)s” is saved.")
    template_name = "outlets/section_form.html"

    @property
    def site(self) -> Site:
        return self.object.site

    @property
    def verbs(self) -> list[tuple[str, str, str]]:
        """The buttons below the form: verb, label, style."""
        state = ("reopen", gettext("Open again"), "button-secondary") if self.object.closed_at else ("close", gettext("Close"), "button-secondary")
        order = [("up", gettext("Move up"), "button-secondary"), ("down", gettext("Move down"), "button-secondary")]
        return [*order, state, ("delete", gettext("Delete"), "no")]

    def get_success_buttons(self) -> list[Button]:
        return []

    def save_instance(self) -> Section:
        values, now = self.form.cleaned_data, timezone.now()
        stored = Section.objects.get(pk=self.object.pk)
        if "under" in self.form.changed_data:
            target = values["under"] or stored.get_root().get_last_root_node()
            stored = actions.move_section(stored, target=target, position="last-child" if values["under"] else "right", by=acting(self.request), now=now)
        fields = {name: values[name] for name in ("name", "slug", "kind", "description", "freshness_days")}
        actions.change_section(stored, contributors=values["contributors"], by=acting(self.request), now=now, **fields)
        return stored


class SectionVerbView(generic.InspectView):
    """Move a section among its neighbours, close, reopen or delete it. POST only; refusals are said on the page it came from."""

    model = Section
    http_method_names: ClassVar = ["post"]

    def post(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        section = get_object_or_404(Section, pk=pk, site__in=queries.managed_sites(request.user, day=today()))
        if verb not in VERBS:
            raise Http404(verb)
        site_pk = section.site_id
        try:
            messages.success(request, VERBS[verb](section, request))
        except NotPossible as refused:
            messages.error(request, " ".join(sentence(obstacle) for obstacle in refused.obstacles))
            return redirect("sections:edit", pk)
        return redirect("sections:of_site", site_pk)


def _close(section: Section, request: HttpRequest) -> str:
    actions.close_section(section, by=acting(request), now=timezone.now())
    return gettext("“%(section)s” is closed: what stands there stays, nothing new comes in.") % {"section": section}


def _reopen(section: Section, request: HttpRequest) -> str:
    actions.reopen_section(section, by=acting(request), now=timezone.now())
    return gettext("“%(section)s” is open again.") % {"section": section}


def _delete(section: Section, request: HttpRequest) -> str:
    actions.delete_section(section, by=acting(request), now=timezone.now())
    return gettext("“%(section)s” is deleted.") % {"section": section}


def _shift(section: Section, request: HttpRequest, *, neighbour: Section | None, position: str) -> str:
    if neighbour is None or neighbour.site_id != section.site_id:
        return gettext("“%(section)s” stands there already.") % {"section": section}
    actions.move_section(section, target=neighbour, position=position, by=acting(request), now=timezone.now())
    return gettext("“%(section)s” is moved.") % {"section": section}


VERBS: dict[str, Callable[[Section, HttpRequest], str]] = {
    "close": _close,
    "reopen": _reopen,
    "delete": _delete,
    "up": lambda section, request: _shift(section, request, neighbour=section.get_prev_sibling(), position="left"),
    "down": lambda section, request: _shift(section, request, neighbour=section.get_next_sibling(), position="right"),
}


class HomesMixin(Managed):
    """Only the home pages of sites that the person manages today."""

    def managed(self) -> QuerySet[Home]:
        return Home.objects.filter(site__in=queries.managed_sites(self.request.user, day=today())).select_related("site")


class HomeIndexView(HomesMixin, SnippetIndexView):
    """The home pages I lay out."""

    is_searchable = False
    default_ordering = "pk"


class HomePreviewView(WholeForms, SnippetPreviewOnEditView):
    """The layout as it is being made."""


class HomeEditView(HomesMixin, SnippetEditView):
    """The layout of one home page. Saving makes it public; the history takes it back."""

    def get_editing_sessions(self) -> None:
        """Who else has it open is asked for texts only; of two layouts saved the later stands, and the history keeps both."""

    def is_valid(self, form: Any) -> bool:
        return whole(super().is_valid, form)

    def save_instance(self) -> Home:
        home: Home = super().save_instance()
        actions.apply_layout(home, by=acting(self.request), now=timezone.now())
        return home
