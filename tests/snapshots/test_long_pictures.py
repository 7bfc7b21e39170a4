"""Pictures longer than WebP can hold: posters and tables drawn as one long picture are common on public sites."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image

from fangtang.media.models import Picture
from fangtang.releases.states import SERVED
from fangtang.snapshots import effects
from fangtang.snapshots.models import Shown, Used
from tests.snapshots import making

pytestmark = pytest.mark.django_db


def test_a_long_picture_goes_out(office):
    drawn = BytesIO()
    Image.new("RGB", (750, 20_000), "teal").save(drawn, "PNG")
    long = Picture.objects.create(title="一图读懂", description="一图读懂", file=ImageFile(BytesIO(drawn.getvalue()), name="long.png"))
    article = making.article(office.section, by=office.an, title="长图", body=[("image", {"image": long, "alt": "一图读懂"})])
    release = making.release(article, by=office.an)

    effects.build_waiting(now=making.NOW)

    release.refresh_from_db()
    assert release.status == SERVED, release.error_data
    page, store = effects.store().read("education", Shown.objects.get().path).decode(), effects.store()
    sizes = {}
    for path in Used.objects.values_list("path", flat=True):
        assert f"/{path}" in page
        with Image.open(BytesIO(store.read("education", path))) as opened:
            sizes[path.rpartition(".")[2]] = (opened.format, opened.size)
    assert sizes == {"webp": ("WEBP", (480, 12_800)), "jpg": ("JPEG", (750, 20_000))}
