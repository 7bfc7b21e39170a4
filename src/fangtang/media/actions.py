"""What is decided about shelves; pictures and files themselves come through Wagtail's forms and are settled by their models."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Collection

from fangtang.media.models import Shelf
from fangtang.people.models import Unit


def shelf_for(unit: Unit) -> Collection:
    """The unit's collection, made on the first call. The lock on the unit keeps two first calls from making two."""
    shelf = Shelf.objects.filter(unit=unit).select_related("collection").first()
    return shelf.collection if shelf else _make_shelf(unit)


@transaction.atomic
def _make_shelf(unit: Unit) -> Collection:
    Unit.objects.select_for_update().get(pk=unit.pk)
    shelf = Shelf.objects.filter(unit=unit).select_related("collection").first()
    if shelf:
        return shelf.collection
    collection: Collection = Collection.get_first_root_node().add_child(name=unit.name)
    Shelf.objects.create(unit=unit, collection=collection)
    return collection
