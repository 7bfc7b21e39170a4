"""The list of articles: one page of rows at a time, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from fangtang.articles import queries, registry, statuses
from fangtang.articles.filters import ArticleFilterSet
from fangtang.articles.models import Article, Placement
from fangtang.articles.views.scope import Visible
from fangtang.kernel.text import shortened
from fangtang.people import queries as people


class StageColumn(Column):
    cell_template_name = "articles/stage_cell.html"

    def get_value(self, instance: Article) -> dict[str, Any]:
        return {"code": instance.stage, "label": statuses.LABELS[instance.stage], "locked": instance.locked, "public": instance.public_labels}


class SectionsColumn(Column):
    cell_template_name = "articles/sections_cell.html"


class ArticlePaginator(WagtailPaginator):
    """A page's ids first, from the index alone, then its thirty rows with all that is shown of them."""

    def page(self, number: Any) -> Page[Article]:
        number = self.validate_number(number)
        until = number * self.per_page
        ids = list(self.object_list.values_list("pk", flat=True)[until - self.per_page : until]) if self.count else []
        rows = statuses.with_stage(Article.objects.select_related("unit", "latest_revision__user")).defer("body", "latest_revision__content").in_bulk(ids)
        return self._get_page([rows[pk] for pk in ids if pk in rows], number, self)


class ArticleIndexView(Visible, snippets.IndexView):
    """Newest change first. Search: every word must be in the title."""

    filterset_class = ArticleFilterSet
    paginate_by = 30
    paginator_class = ArticlePaginator
    default_ordering = "-changed_at"
    results_template_name = "articles/list_results.html"
    template_name = "articles/list.html"
    show_export_buttons = False
    search_fields: ClassVar = ["title"]
    search_backend_name = None
    page_title = _("Articles")

    def get_base_queryset(self) -> QuerySet[Article]:
        return self.scope()

    def order_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """As asked; what is equal, in the order of ids: nothing stands on two pages."""
        return queryset.order_by(self.ordering, "-pk" if self.ordering.startswith("-") else "pk")

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        filtered: QuerySet[Article] = super().filter_queryset(queryset)
        return filtered if self.filters.is_valid() else filtered.filter(trashed_at__isnull=True)

    def search_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        for word in self.search_query.split():
            queryset = queryset.filter(Q(title__icontains=word))
        return queryset

    @cached_property
    def columns(self) -> list[Column]:
        checkbox = [BulkActionsCheckboxColumn("bulk_actions", obj_type="snippet")] if self.writes_for else []
        return [
            *checkbox,
            self.title_column,
            StageColumn("stage", label=_("Status")),
            SectionsColumn("sections", label=_("Sections"), accessor="section_names"),
            Column("unit", label=_("Unit"), accessor="unit.name"),
            Column("saved_by", label=_("Last saved by"), accessor="latest_revision.user"),
            DateColumn("changed_at", label=_("Last changed"), sort_key="changed_at", width="10%"),
        ]

    @property
    def title_column(self) -> Column:
        column = self._get_title_column("title")
        column.accessor = lambda article: shortened(article.title, most=100)
        return column

    @cached_property
    def writes_for(self) -> frozenset[int]:
        """Ids of the units for which this person is editor."""
        return frozenset(queries.units_to_write_for(self.request.user, day=people.today()).values_list("pk", flat=True))

    def get_edit_url(self, instance: Article) -> str | None:
        return reverse("articles:edit", args=(instance.pk,)) if instance.unit_id in self.writes_for else None

    def get_inspect_url(self, instance: Article) -> str:
        """Whoever sees the row may read it: no further question for each row."""
        return reverse("articles:inspect", args=(instance.pk,))

    def get_delete_url(self, instance: Article) -> None:
        return None

    def get_copy_url(self, instance: Article) -> None:
        return None

    def get_list_more_buttons(self, instance: Article) -> list[Button]:
        buttons: list[Button] = super().get_list_more_buttons(instance)
        buttons.append(Button(_("History"), url=reverse("articles:history", args=(instance.pk,)), icon_name="history", priority=25))
        if instance.unit_id in self.writes_for:
            name, label, icon = ("take_back", _("Take back"), "undo") if instance.trashed_at else ("delete", _("Put into the bin"), "bin")
            buttons.append(Button(label, url=reverse(f"articles:{name}", args=(instance.pk,)), icon_name=icon, priority=40))
        return buttons

    def get_page_subtitle(self) -> str:
        return ""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        rows = list(context["object_list"])
        _add_sections(rows)
        _add_public(rows)
        return context | {"may_write": bool(self.writes_for)}


def _add_sections(rows: list[Article]) -> None:
    """The names of each row's sections, two at most and how many more."""
    names: dict[int, list[str]] = defaultdict(list)
    placements = Placement.objects.filter(article__in=[row.pk for row in rows]).select_related("section__site").order_by("article_id", "pk")
    for placement in placements:
        names[placement.article_id].append(f"{placement.section.site.name} · {placement.section.name}")
    for row in rows:
        row.section_names = {"shown": names[row.pk][:2], "more": max(0, len(names[row.pk]) - 2)}


def _add_public(rows: list[Article]) -> None:
    """What each row is in public, by the statuses that `releases` registered."""
    having: dict[int, list[Any]] = defaultdict(list)
    for status in registry.statuses:
        for pk in Article.objects.filter(status.condition(), pk__in=[row.pk for row in rows]).values_list("pk", flat=True):
            having[pk].append({"code": status.code, "label": status.label})
    for row in rows:
        row.public_labels = having[row.pk]
