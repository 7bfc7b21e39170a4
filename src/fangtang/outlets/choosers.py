"""Choosing sections: searchable, grouped by site, only those that are open to the articles of the unit that asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from fangtang.kernel.sent import decimal_id
from fangtang.outlets.models import Section
from fangtang.outlets.queries import managed_sites, open_sections
from fangtang.people import queries as people
from fangtang.people.models import Unit
from fangtang.people.roles import Role

SEPARATOR = " / "


def offered(request: Any) -> QuerySet[Section]:
    """Open sections for the units this person writes for, or for the one named by `?unit=`; for site managers those of their sites too."""
    units = people.units_of(request.user, roles=[Role.EDITOR], day=people.today())
    asked = decimal_id(request.GET.get("unit", ""))
    if asked is not None:
        return open_to_any(units.filter(pk=asked))
    managed = open_sections().filter(site__in=managed_sites(request.user, day=people.today()).values("pk"))
    return open_to_any(units) | _ordered(managed)


def open_to_any(units: QuerySet[Unit]) -> QuerySet[Section]:
    """Open sections that take articles of any of these units, by site and tree."""
    contributing = Section.contributors.through.objects.filter(unit__in=units).values("section_id")
    return _ordered(open_sections().filter(Q(site__unit__in=units) | Q(pk__in=contributing)))


def _ordered(sections: QuerySet[Section]) -> QuerySet[Section]:
    return sections.order_by("site__name", "site_id", "path")


def names_from_the_root(sections: Iterable[Section]) -> dict[int, str]:
    """By section id, its name after those of the sections above it: "政务公开 / 通知公告"."""
    wanted = list(sections)
    paths = {section.path[:length] for section in wanted for length in range(Section.steplen, len(section.path) + 1, Section.steplen)}
    names = dict(Section.objects.filter(path__in=paths).values_list("path", "name"))
    return {
        section.pk: SEPARATOR.join(names[section.path[:length]] for length in range(Section.steplen, len(section.path) + 1, Section.steplen))
        for section in wanted
    }


def full_name(section: Section) -> str:
    """Site and sections from the root: "市教育局 · 政务公开 / 通知公告"."""
    return f"{section.site.name} · {names_from_the_root([section])[section.pk]}"


class SectionFilterForm(BaseFilterForm):
    """Words of a section's or a site's name; each must be found in one of them."""

    q = forms.CharField(label=_("Search term"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Name of a section or site")}))

    def filter(self, objects: QuerySet[Section]) -> QuerySet[Section]:
        words = self.cleaned_data.get("q", "").split()
        for word in words:
            objects = objects.filter(Q(name__icontains=word) | Q(site__name__icontains=word) | Q(address__icontains=word))
        self.is_searching = bool(words)
        self.search_query = " ".join(words)
        return objects


class SectionsOfSites:
    """What both lists of the chooser share."""

    filter_form_class = SectionFilterForm
    results_template_name = "outlets/section_chooser_results.html"
    request: Any
    results: Any
    table: Any

    def get_object_list(self) -> QuerySet[Section]:
        return offered(self.request)

    def apply_object_list_ordering(self, objects: QuerySet[Section]) -> QuerySet[Section]:
        return objects

    def can_create(self) -> bool:
        return False

    @cached_property
    def names(self) -> dict[int, str]:
        return names_from_the_root(self.results)

    @property
    def title_column(self) -> Column:
        column = super().title_column  # type: ignore[misc]
        column.accessor = lambda section: self.names[section.pk]
        column.label = _("Section")
        return column

    @property
    def columns(self) -> list[Column]:
        return [self.title_column]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.table.template_name = "outlets/sections_table.html"
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context


class ChooseView(SectionsOfSites, chooser.ChooseView):
    pass


class ChooseResultsView(SectionsOfSites, chooser.ChooseResultsView):
    pass


class Named:
    """A chosen section is shown with its site and the sections above it."""

    request: Any

    def get_display_title(self, section: Section) -> str:
        return full_name(section)

    def get_edit_item_url(self, section: Section) -> None:
        return None


class ChosenView(Named, chooser.ChosenView):
    def get_object(self, pk: str) -> Section:
        return offered(self.request).get(pk=pk)


class ChosenMultipleView(Named, chooser.ChosenMultipleView):
    def get_objects(self, pks: list[str]) -> QuerySet[Section]:
        return offered(self.request).filter(pk__in=[pk for pk in map(decimal_id, pks) if pk is not None])


class SectionChooser(BaseChooser):
    """The field: full names, no link to the register."""

    show_edit_link = False

    def get_instance(self, value: Any) -> Section | None:
        """None also for what a browser of ours never sends."""
        found: Section | None = super().get_instance(value) if isinstance(value, Section) or decimal_id(value) is not None else None
        return found

    def get_display_title(self, section: Section) -> str:
        return full_name(section)


class SectionChooserViewSet(ChooserViewSet):
    model = Section
    icon = "list-ul"
    choose_one_text = _("Choose a section")
    choose_another_text = _("Choose another section")
    per_page = 30
    preserve_url_parameters: ClassVar = ["multiple", "unit"]
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    base_widget_class = SectionChooser
    register_widget = False

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


section_chooser = SectionChooserViewSet("section_chooser", url_prefix="register/choose-section")
