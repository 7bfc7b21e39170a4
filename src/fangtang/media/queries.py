"""What people ask about pictures and files: to which unit one belongs, which somebody may see. Read-only."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from fangtang.kernel.sent import decimal_id
from fangtang.media import registry
from fangtang.media.models import File, Picture, Rendition
from fangtang.media.permissions import READERS
from fangtang.people import queries as people
from fangtang.people.access import UnitPaths
from fangtang.people.queries import Person


def units_of_picture(pk: object) -> UnitPaths:
    """Tree path of the unit on whose shelf a picture lies; () when there is no such picture, or it lies on no shelf."""
    return tuple(path for path in Picture.objects.filter(pk=decimal_id(pk)).values_list("collection__shelf__unit__path", flat=True) if path)


def units_of_file(pk: object) -> UnitPaths:
    """Tree path of the unit on whose shelf a file lies; () when there is no such file, or it lies on no shelf."""
    return tuple(path for path in File.objects.filter(pk=decimal_id(pk)).values_list("collection__shelf__unit__path", flat=True) if path)


def units_of_upload(name: str) -> UnitPaths:
    """Tree path of the unit whose picture, rendition of a picture or file is stored under this name; () when nothing is."""
    found = (
        Picture.objects.filter(file=name).values_list("collection__shelf__unit__path", flat=True),
        Rendition.objects.filter(file=name).values_list("image__collection__shelf__unit__path", flat=True),
        File.objects.filter(file=name).values_list("collection__shelf__unit__path", flat=True),
    )
    return tuple(path for paths in found for path in paths if path)


def units_showing_upload(name: str) -> UnitPaths:
    """Tree paths of the units that show what is stored under this name in a text of theirs, on whatever shelf it lies."""
    pictures = Picture.objects.filter(Q(file=name) | Q(renditions__file=name)).values_list("pk", flat=True)
    files = File.objects.filter(file=name).values_list("pk", flat=True)
    named = [(Picture, pk) for pk in set(pictures)] + [(File, pk) for pk in files]
    return tuple(path for model, pk in named for path in units_showing(model, pk))


def units_showing(model: type[Picture | File], pk: int | None) -> UnitPaths:
    """The same for a picture or file; () for none."""
    return () if pk is None else tuple(path for units in registry.showing for path in units(model._meta.label_lower, pk))


def pictures_seen_by(person: Person, *, day: date) -> QuerySet[Picture]:
    """The pictures that this person may see and use."""
    return Picture.objects.filter(collection__shelf__unit__in=people.units_of(person, roles=READERS, day=day))


def files_seen_by(person: Person, *, day: date) -> QuerySet[File]:
    """The files that this person may see and use."""
    return File.objects.filter(collection__shelf__unit__in=people.units_of(person, roles=READERS, day=day))
