"""Puts drawn pictures and made files on the shelves of units, each once per unit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.core.files.base import ContentFile

from fangtang.demo import pictures
from fangtang.demo.attachments import made
from fangtang.demo.city import SiteUnit
from fangtang.demo.pictures import emblems
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.people.models import Unit, User

EMBLEM_PIXELS = 256


@cache
def drawn(key: str, seed: int) -> bytes:
    """One drawn picture as JPEG, kept because several units use it."""
    return pictures.draw(key, seed=seed)


def emblem_of(row: SiteUnit, unit: Unit) -> Picture:
    """The emblem of a unit's site, put on the unit's shelf."""
    title = f"{row.short_name}徽标"
    content = ContentFile(emblems.png(row.key, side=EMBLEM_PIXELS), name=f"{row.key}.png")
    return Picture.objects.create(title=title, description=title, file=content, collection=shelf_for(unit))


@dataclass(slots=True)
class Shelves:
    """What lies where already: (unit id, name) → row."""

    seed: int
    pictures: dict[tuple[int, str], Picture] = field(default_factory=dict)
    files: dict[tuple[int, str], File] = field(default_factory=dict)

    def picture(self, key: str, *, title: str, credit: str, unit: Unit, by: User) -> Picture:
        """The unit's copy of a picture; `title` names it in the library."""
        found = self.pictures.get((unit.pk, key))
        if found is None:
            content = ContentFile(drawn(key, self.seed), name=f"{key}.jpg")
            found = Picture(title=title[:255], file=content, description=title[:255], credit=credit, collection=shelf_for(unit), uploaded_by_user=by)
            found.save()
            self.pictures[unit.pk, key] = found
        return found

    def file(self, name: str, *, title: str, unit: Unit, by: User) -> File:
        """The unit's copy of a file."""
        found = self.files.get((unit.pk, name))
        if found is None:
            content = ContentFile(made(name), name=name)
            found = File(title=title[:255], file=content, collection=shelf_for(unit), uploaded_by_user=by)
            found.save()
            self.files[unit.pk, name] = found
        return found
