"""Pictures and files."""

from __future__ import annotations

from django.core.files.base import ContentFile

from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from tests.house import samples
from tests.house.samples import COMMON, Of, Place
from tests.media import drawings


@samples.kind("picture")
def picture(place: Place) -> int:
    title = f"{COMMON} {place.marker}"
    made = Picture(title=title, description=title, credit=place.marker, collection=shelf_for(place.unit), uploaded_by_user=place.editor)
    made.file = ContentFile(drawings.png(text=place.marker), name=f"{place.marker}.png")
    made.save()
    return made.pk


@samples.kind("file")
def file(place: Place) -> int:
    made = File(title=f"{COMMON} {place.marker}", collection=shelf_for(place.unit), uploaded_by_user=place.editor)
    made.file = ContentFile(f"content {place.marker}".encode(), name=f"{place.marker}.txt")
    made.save()
    return made.pk


@samples.kind("picture_name")
def picture_name(place: Place) -> str:
    return str(Picture.objects.get(pk=place.of("picture")).file.name)


@samples.kind("file_name")
def file_name(place: Place) -> str:
    return str(File.objects.get(pk=place.of("file")).file.name)


@samples.kind("download_name")
def download_name(place: Place) -> str:
    return File.objects.get(pk=place.of("file")).filename


def one_picture(of: Of) -> dict[str, object]:
    return {"image_id": of("picture")}


def one_file(of: Of) -> dict[str, object]:
    return {"document_id": of("file")}


samples.register("fangtang_uploads", lambda of: {"name": of("picture_name")})
samples.register("fangtang_uploads", lambda of: {"name": of("file_name")}, shows="file")
samples.register("wagtaildocs_serve", lambda of: {"0": of("file"), "1": of("download_name")}, shows="file")

for name in ("index", "index_results"):
    samples.register(f"wagtailimages:{name}", shows="picture")
    samples.register(f"wagtailimages:{name}", query=lambda of: {"q": COMMON}, shows="picture")
    samples.register(f"wagtailimages:{name}", query=lambda of: {"layout": "list", "ordering": "usage_count"}, shows="picture")
    samples.register(f"wagtaildocs:{name}", shows="file")
    samples.register(f"wagtaildocs:{name}", query=lambda of: {"q": COMMON}, shows="file")
for name in ("choose", "choose_results"):
    samples.register(f"wagtailimages_chooser:{name}", shows="picture")
    samples.register(f"wagtailimages_chooser:{name}", query=lambda of: {"q": COMMON}, shows="picture")
    samples.register(f"wagtaildocs_chooser:{name}", shows="file")
    samples.register(f"wagtaildocs_chooser:{name}", query=lambda of: {"q": COMMON}, shows="file")
samples.register("wagtailimages_chooser:chosen_multiple", query=lambda of: {"id": of("picture")}, shows="picture")
samples.register("wagtaildocs_chooser:chosen_multiple", query=lambda of: {"id": of("file")}, shows="file")
samples.register("wagtailimages_chooser:chosen", lambda of: {"pk": of("picture")}, shows="picture")
samples.register("wagtaildocs_chooser:chosen", lambda of: {"pk": of("file")}, shows="file")
samples.register("wagtailimages_chooser:select_format", one_picture)
for name in ("edit", "delete", "image_usage", "edit_multiple", "delete_multiple"):
    samples.register(f"wagtailimages:{name}", one_picture)
for name in ("edit", "delete", "document_usage"):
    samples.register(f"wagtaildocs:{name}", one_file)
for name in ("edit_multiple", "delete_multiple"):
    samples.register(f"wagtaildocs:{name}", lambda of: {"doc_id": of("file")})
