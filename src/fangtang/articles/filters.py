"""By what the list of articles is narrowed. Every choice offered is one that this person may know of."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import DateRangeField
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from fangtang.articles import statuses
from fangtang.articles.models import Article, ArticleKind
from fangtang.outlets.choosers import open_to_any
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.forms import near
from fangtang.people.models import Unit, User
from fangtang.people.roles import PUBLISHING

BIN = "bin"


def sections_of(request: Any) -> QuerySet[Section]:
    return open_to_any(_units(request))


def units_of(request: Any) -> QuerySet[Unit]:
    return _units(request).order_by("path")


def writers_of(request: Any) -> QuerySet[User]:
    """People with a post in one of the units whose articles are seen."""
    return User.objects.filter(posts__unit__in=_units(request), posts__role__in=PUBLISHING).distinct().order_by("full_name", "pk")


def _units(request: Any) -> QuerySet[Unit]:
    return people.units_of(request.user, roles=PUBLISHING, day=people.today())


class DaysField(DateRangeField):
    """From one day to another, both of these times."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in self.fields:
            day.validators = [*day.validators, near]


class DaysFilter(django_filters.DateFromToRangeFilter):
    field_class = DaysField


class ArticleFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), method="of_status", choices=lambda: [*statuses.choices(), (BIN, _("In the bin"))])
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ArticleKind.choices)
    section = django_filters.ModelChoiceFilter(label=_("Section"), field_name="placements__section", queryset=sections_of)
    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=units_of)
    person = django_filters.ModelChoiceFilter(label=_("Written or last saved by"), method="of_person", queryset=writers_of)
    changed_at = DaysFilter(label=_("Last changed"), widget=DateRangePickerWidget)

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        narrowed: QuerySet[Article] = super().filter_queryset(queryset)
        in_bin = self.form.cleaned_data.get("status") == BIN
        return narrowed.filter(trashed_at__isnull=not in_bin)

    def of_status(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return queryset if value == BIN else statuses.having(queryset, value)

    def of_person(self, queryset: QuerySet[Article], name: str, value: User) -> QuerySet[Article]:
        return queryset.filter(Q(created_by=value) | Q(latest_revision__user=value))
