"""Uploads through the desk: what is refused and how, what is stored and under which name, how it comes back."""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fangtang.kernel.errors import Invalid
from fangtang.media import queries, registry
from fangtang.media.actions import shelf_for
from fangtang.media.models import File, Picture
from fangtang.people.models import Unit
from fangtang.people.roles import Role
from tests import factories
from tests.media import drawings
from tests.media.test_sniffing import TRUE, zipped

pytestmark = pytest.mark.django_db


def send_picture(client: Client, payload: bytes, name: str, title: str = "A pond") -> Any:
    return client.post(reverse("wagtailimages:add"), {"title": title, "file": SimpleUploadedFile(name, payload)})


def send_file(client: Client, payload: bytes, name: str, title: str = "A paper") -> Any:
    return client.post(reverse("wagtaildocs:add"), {"title": title, "file": SimpleUploadedFile(name, payload)})


def stored(row: Picture | File) -> bytes:
    return Path(row.file.path).read_bytes()


def test_a_picture_is_stored_without_its_place(an: Client, unit: Unit) -> None:
    send_picture(an, drawings.placed("JPEG", orientation=6), "关于春天.jpg", title="关于春天")

    picture = Picture.objects.get()
    assert b"SECRET" not in stored(picture)
    assert picture.sha256 == hashlib.sha256(stored(picture)).hexdigest()
    assert picture.file_size == len(stored(picture))
    assert picture.collection == shelf_for(unit)
    assert re.fullmatch(r"pictures/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", picture.file.name)
    assert picture.title == "关于春天"


@pytest.mark.parametrize(
    ("payload", "name", "told"),
    [
        (b"MZ\x90\x00 program", "holiday.jpg", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "emblem.svg", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "emblem.png", "not a picture"),
        (drawings.encoded("JPEG", drawings.picture(300, 300, text="x"))[:-900], "cut.jpg", "damaged"),
        (drawings.encoded("PNG"), "photo.jpg", "extension does not match"),
        (drawings.encoded("PNG", Image.new("1", (10_000, 10_000))), "bomb.png", "million pixels"),
    ],
    ids=["exe", "svg", "svg as png", "cut off", "png as jpg", "bomb"],
)
def test_what_is_no_picture_is_refused_and_the_title_stays(an: Client, payload: bytes, name: str, told: str) -> None:
    page = send_picture(an, payload, name, title="What I had typed").content.decode()

    assert told in page
    assert "What I had typed" in page
    assert not Picture.objects.exists()


def test_a_polyglot_keeps_only_its_picture(an: Client) -> None:
    send_picture(an, drawings.encoded("GIF") + zipped("evil.html") + b"<script>alert(1)</script>", "both.gif")

    assert b"script" not in stored(Picture.objects.get())


@pytest.mark.parametrize(("send", "rows"), [(send_picture, Picture), (send_file, File)])
def test_what_is_too_large_is_said_in_words(an: Client, settings: Any, send: Any, rows: Any) -> None:
    settings.UPLOAD_MOST_BYTES = 100_000
    page = send(an, TRUE["pdf"] + b"x" * 400_000, "large.pdf", "What I had typed").content.decode()

    assert "at most 97.7\xa0KB are possible" in page
    assert "What I had typed" in page
    assert not rows.objects.exists()
    assert send(an, b"%PDF-" + b"x" * 90_000, "small.pdf").status_code


def test_what_is_too_large_is_said_to_the_uploader_of_many(an: Client, settings: Any) -> None:
    settings.UPLOAD_MOST_BYTES = 100_000
    answer = an.post(
        reverse("wagtailimages:add_multiple"), {"files[]": SimpleUploadedFile("large.png", b"x" * 400_000)}, headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert answer.json()["success"] is False
    assert "at most" in answer.json()["error_message"]


@pytest.mark.parametrize(
    ("payload", "name", "told"),
    [
        (b"MZ\x90\x00 program", "report.pdf", "not what its name says"),
        (b"<script>alert(1)</script>", "page.html", "cannot be uploaded"),
        (zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "form.docx", "macros"),
        (TRUE["docx"][:-30], "form.docx", "damaged"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(an: Client, payload: bytes, name: str, told: str) -> None:
    page = send_file(an, payload, name, title="What I had typed").content.decode()

    assert told in page
    assert "What I had typed" in page
    assert not File.objects.exists()


def test_a_chinese_name_stays_readable_and_is_stored_in_ascii(an: Client) -> None:
    send_file(an, TRUE["pdf"], "关于 2026 年放假的通知(定稿).PDF", title="关于 2026 年放假的通知(定稿)")

    file = File.objects.get()
    assert re.fullmatch(r"documents/[0-9a-f]{2}/[0-9a-f]{32}\.pdf", file.file.name)
    assert file.filename == "关于 2026 年放假的通知(定稿).pdf"
    assert file.sha256 == hashlib.sha256(TRUE["pdf"]).hexdigest()
    download = an.get(file.url)
    assert b"".join(download) == TRUE["pdf"]
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"


def test_a_name_in_gb18030_bytes_is_no_trouble(an: Client) -> None:
    start = b"--edge\r\nContent-Disposition: form-data; name="
    title = start + b'"title"\r\n\r\nWhat I had typed\r\n'
    sent = start + b'"file"; filename="' + "通知.pdf".encode("gb18030") + b'"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--edge--\r\n'
    an.generic("POST", reverse("wagtaildocs:add"), title + sent, content_type="multipart/form-data; boundary=edge")

    assert File.objects.get().title == "What I had typed"
    assert File.objects.get().file.name.isascii()


def test_bytes_never_change(an: Client, unit: Unit) -> None:
    send_picture(an, drawings.png(), "one.png")
    picture = Picture.objects.get()
    before = stored(picture)
    an.post(reverse("wagtailimages:edit", args=[picture.pk]), {"title": "Renamed", "file": SimpleUploadedFile("two.png", drawings.png(text="other"))})
    picture.refresh_from_db()

    assert (picture.title, stored(picture)) == ("Renamed", before)
    picture.file = ContentFile(drawings.png(text="other"), name="two.png")
    with pytest.raises(Invalid, match=r"media\.bytes_fixed"):
        picture.save()


def test_uploads_come_back_to_be_shown_or_saved_and_never_run(an: Client) -> None:
    send_picture(an, drawings.png(), "one.png")
    send_file(an, TRUE["txt"], "one.txt")

    shown, saved = (an.get(reverse("fangtang_uploads", args=[row.file.name])) for row in (Picture.objects.get(), File.objects.get()))

    assert (shown["Content-Type"], saved["Content-Type"]) == ("image/png", "application/octet-stream")
    assert "attachment" in saved["Content-Disposition"]
    assert "attachment" not in shown["Content-Disposition"]
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer)


def test_shelves_give_units_and_things_without_shelf_belong_to_nobody(an: Client, unit: Unit) -> None:
    send_picture(an, drawings.png(), "one.png")
    loose = Picture(title="loose", file=ContentFile(drawings.png(), name="loose.png"))
    loose.save()

    assert queries.units_of_picture(Picture.objects.get(title="A pond").pk) == (unit.path,)
    assert queries.units_of_picture(loose.pk) == ()
    assert queries.units_of_picture("1 OR 1") == ()
    assert an.get(reverse("wagtailimages:edit", args=[loose.pk])).status_code == 404


def test_a_unit_has_one_shelf(unit: Unit) -> None:
    assert shelf_for(unit) == shelf_for(unit)


def test_yesterdays_post_gives_nothing_today(an: Client, unit: Unit) -> None:
    send_picture(an, drawings.png(), "one.png")
    client = Client()
    bo = factories.user("bo")
    factories.post(bo, Role.EDITOR, unit, ends_on=factories.TODAY.replace(year=2025))
    client.force_login(bo)

    assert client.get(reverse("wagtailimages:edit", args=[Picture.objects.get().pk])).status_code == 404


def test_a_small_rendition_is_served_with_its_pictures_unit(an: Client) -> None:
    send_picture(an, drawings.placed("JPEG"), "one.jpg")
    rendition = Picture.objects.get().get_rendition("max-20x20")

    answer = an.get(rendition.url)

    assert answer.status_code == 200
    with Image.open(BytesIO(b"".join(answer))) as opened:
        assert max(opened.size) == 20


def test_what_is_shown_somewhere_is_not_deleted(an: Client, unit: Unit, django_capture_on_commit_callbacks: Any) -> None:
    send_picture(an, drawings.png(), "one.png")
    picture = Picture.objects.get()
    address = reverse("wagtailimages:delete", args=[picture.pk])
    with django_capture_on_commit_callbacks(execute=True):
        site = factories.site("education", unit=unit)
        site.emblem = picture
        site.save()

    an.post(address)
    assert Picture.objects.exists()
    assert address not in an.get(reverse("wagtailimages:edit", args=[picture.pk])).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        site.emblem = None
        site.save()
    an.post(address)
    assert not Picture.objects.exists()


def test_another_room_may_need_a_file(an: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    send_file(an, TRUE["pdf"], "one.pdf")
    file = File.objects.get()
    monkeypatch.setitem(registry.needed._things, "test", lambda label, pk: (label, pk) == ("media.file", file.pk))

    an.post(reverse("wagtaildocs:delete", args=[file.pk]))

    assert File.objects.exists()
