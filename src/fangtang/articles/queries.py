"""What people ask about articles. Unit isolation lives here: a list, a search, a chooser and a single view all start from `visible_to`."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fangtang.articles.models import Article
from fangtang.kernel.sent import decimal_id
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Unit, User
from fangtang.people.queries import Person
from fangtang.people.roles import PUBLISHING, Role
from fangtang.reviews import queries as reviews


def visible_to(person: Person, *, day: date) -> QuerySet[Article]:
    """Articles of the units that a publishing post of this person reaches, those in the bin included."""
    # Their ids beforehand: they are few, and a database plans a list better with them than with a tree.
    return Article.objects.filter(unit__in=list(people.units_of(person, roles=PUBLISHING, day=day).values_list("pk", flat=True)))


def editable_by(person: Person, *, day: date) -> QuerySet[Article]:
    """Articles of the units for which this person is editor, those in the bin included."""
    return Article.objects.filter(unit__in=units_to_write_for(person, day=day))


def units_to_write_for(person: Person, *, day: date) -> QuerySet[Unit]:
    """The units for which this person is editor."""
    return people.units_of(person, roles=[Role.EDITOR], day=day)


def may_edit(person: Person, article: Article, *, day: date) -> bool:
    """Whether this person is editor for the article's unit."""
    return units_to_write_for(person, day=day).filter(pk=article.unit_id).exists()


def unit_paths(article_id: object) -> tuple[str, ...]:
    """Tree path of the article's unit, for the guard; () when there is no such article or the id is none."""
    return tuple(Article.objects.filter(pk=decimal_id(article_id)).values_list("unit__path", flat=True))


def paths_taken_by(section_id: object) -> tuple[str, ...]:
    """Tree paths of the units whose articles the open section takes; () when there is no such section."""
    section = Section.objects.filter(pk=decimal_id(section_id), closed_at__isnull=True)
    units = Unit.objects.filter(Q(sites__sections__in=section) | Q(pk__in=section.values("contributors")))
    return tuple(units.values_list("path", flat=True).distinct())


def takes(unit_id: int) -> Q:
    """The condition that a section takes articles of a unit."""
    return Q(site__unit=unit_id) | Q(contributors=unit_id)


def writers(article: Article) -> QuerySet[User]:
    """Everybody who wrote in the newest revision as reviews counts them, and the creator."""
    since = reviews.writers_between(article, until_revision=article.latest_revision_id or 0)
    return User.objects.filter(pk__in={*since, article.created_by_id})
