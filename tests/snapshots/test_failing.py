"""A release that cannot be built fails alone, with a reason, and nothing of it is seen."""

from __future__ import annotations

import resource
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from fangtang.kernel.errors import Unavailable
from fangtang.media.models import File, Picture
from fangtang.releases.states import DECIDED, FAILED, SERVED
from fangtang.snapshots import blobs, effects
from fangtang.snapshots.models import Used
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW


def picture(tmp_path: Path, colour: str = "teal") -> Picture:
    place = tmp_path / "pond.png"
    Image.new("RGB", (1200, 675), colour).save(place)
    return Picture.objects.create(title="半亩方塘", description="一方水塘", file=ImageFile(BytesIO(place.read_bytes()), name="pond.png"))


def illustrated(office, shown: Picture, title: str = "有图的稿件"):
    return making.article(office.section, by=office.an, title=title, body=[("image", {"image": shown, "alt": "水塘"}), ("text", "<p>正文。</p>")])


def test_pictures_go_out_in_every_size(office, tmp_path):
    article = illustrated(office, picture(tmp_path))
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    paths = list(Used.objects.order_by("path").values_list("path", flat=True))
    page = effects.store().read("education", f"news/202611/{article.pk}.html").decode()
    assert len(paths) == 3
    assert all(f"/{path}" in page and effects.store().read("education", path)[:4] == b"RIFF" for path in paths)
    assert "srcset" in effects.store().read("education", "news/index.html").decode(), "the first picture stands in the list"


def test_a_changed_picture_fails_alone(office, tmp_path):
    """Bytes that are not those whose hash was signed never go out."""
    shown = picture(tmp_path)
    broken = making.release(illustrated(office, shown), by=office.an)
    Path(shown.file.path).write_bytes(Path(shown.file.path).read_bytes() + b"x")
    fine = making.release(making.article(office.section, by=office.an, title="无图的稿件"), by=office.an)
    outcome = effects.build_waiting(now=NOW)
    broken.refresh_from_db()
    assert (outcome.served, outcome.failed) == ([fine.pk], [broken.pk])
    assert broken.status == FAILED
    assert broken.error_code == "snapshots.media_changed"
    assert "有图的稿件" not in effects.store().read("education", "news/index.html").decode()


def test_a_lost_picture_fails_and_goes_out_when_it_is_back(office, tmp_path):
    shown = picture(tmp_path)
    release = making.release(illustrated(office, shown), by=office.an)
    place = Path(shown.file.path)
    kept = place.read_bytes()
    place.unlink()
    assert effects.build_waiting(now=NOW).failed == [release.pk]
    place.write_bytes(kept)
    assert effects.retry([]) == 1
    assert effects.build_waiting(now=NOW).served == [release.pk]


def test_a_failed_new_version_leaves_the_old_one(office, tmp_path):
    article = making.article(office.section, by=office.an, title="第一版")
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    shown = picture(tmp_path)
    article.title, article.lead_image = "第二版", shown
    article.save()
    second = making.release(article, by=office.an)
    Path(shown.file.path).unlink()
    other = making.release(making.article(office.section, by=office.an, title="别的稿件"), by=office.an)
    outcome = effects.build_waiting(now=NOW)
    store = effects.store()
    assert (outcome.failed, outcome.served) == ([second.pk], [other.pk])
    assert "第一版" in store.read("education", f"news/202611/{article.pk}.html").decode()
    assert "第一版" in store.read("education", "news/index.html").decode()
    assert "第二版" not in store.read("education", "index.html").decode() + store.read("education", "rss.xml").decode()


def test_a_withdrawal_needs_nothing(office, tmp_path):
    """Whatever is broken, what must come down comes down."""
    shown = picture(tmp_path)
    article = illustrated(office, shown)
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    paths = list(Used.objects.values_list("path", flat=True))
    shown.file.delete(save=False)
    withdrawal = making.withdraw(article, by=office.an, notice="图片有误，已撤下。")
    assert effects.build_waiting(now=NOW).served == [withdrawal.pk]
    store = effects.store()
    page = store.read("education", f"news/202611/{article.pk}.html").decode()
    assert "图片有误，已撤下。" in page
    assert "正文。" not in page
    assert [store.read("education", path) for path in paths] == [None] * len(paths)
    withdrawal.refresh_from_db()
    assert withdrawal.status == SERVED


def test_files_lost_beside_the_store_are_made_again(office, tmp_path):
    article = illustrated(office, picture(tmp_path))
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    root = effects.store().root("education")
    for sha256 in Used.objects.values_list("sha256", flat=True):
        blobs._place(sha256).unlink()
    effects.build_site(office.site.pk, now=NOW)
    assert effects.store().root("education") == root


def test_a_full_disk_is_no_fault_of_the_release(office, settings):
    """It waits, and goes out when there is room; nothing half written stays."""
    large = File.objects.create(title="大附件", file=ContentFile(b"%PDF-1.4" + bytes(40_000_000), name="large.pdf"))
    article = making.article(office.section, by=office.an, title="带附件", body=[("text", "<p>正文。</p>"), ("attachment", {"document": large, "title": ""})])
    release = making.release(article, by=office.an)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000_000, before[1]))
    try:
        for _ in range(4):
            with pytest.raises(Unavailable, match="store_full"):
                effects.build_waiting(now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    release.refresh_from_db()
    assert (release.status, release.attempts, release.error_code) == (DECIDED, 0, "snapshots.store_full"), "the desk says why it waits"
    assert [place for place in (Path(settings.SNAPSHOT_ROOT) / "blobs").rglob("*") if place.is_file()] == []

    assert effects.build_waiting(now=NOW).served == [release.pk]
