"""Every picture, emblem and file is valid, deterministic and different from the next."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from fangtang.demo import attachments, city, pictures
from fangtang.demo.attachments.contents import content_of
from fangtang.demo.pictures import emblems
from fangtang.demo.pictures.light import HOURS, SEASONS


def test_there_are_many_motifs() -> None:
    assert len(pictures.MOTIFS) >= 24
    assert len(pictures.keys()) == len(pictures.MOTIFS) * len(SEASONS) * len(HOURS)


@pytest.mark.parametrize("motif", pictures.MOTIFS)
def test_a_motif_is_a_picture_and_changes_with_the_light(motif: str) -> None:
    seen = set()
    for season, hour in zip(SEASONS, HOURS, strict=True):
        drawn = pictures.draw(f"{motif}-{season}-{hour}")
        image = Image.open(io.BytesIO(drawn))
        image.load()
        assert image.size == (1600, 1000)
        assert len(image.resize((64, 40)).convert("RGB").getcolors(4096) or ()) > 60
        assert len(drawn) < 600_000
        seen.add(drawn)
    assert len(seen) == len(SEASONS)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_same_name_and_seed_give_the_same_bytes(form: pictures.Form) -> None:
    key = "bridge-autumn-dusk"
    assert pictures.draw(key, form=form) == pictures.draw(key, form=form)
    assert pictures.draw(key, seed=2, form=form) != pictures.draw(key, form=form)
    assert Image.open(io.BytesIO(pictures.draw(key, form=form))).format == form


@pytest.mark.parametrize("key", ["pond-summer", "pond-summer-noon", "nowhere-summer-day"])
def test_a_picture_that_is_not_there_is_refused(key: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        pictures.draw(key)


def test_seasons_follow_the_months() -> None:
    assert [pictures.season_of(month) for month in (1, 2, 3, 5, 6, 8, 9, 11, 12)] == [
        "winter",
        "winter",
        "spring",
        "spring",
        "summer",
        "summer",
        "autumn",
        "autumn",
        "winter",
    ]


@pytest.mark.parametrize("unit", city.site_units(), ids=lambda unit: unit.key)
def test_every_unit_has_an_emblem(unit: city.SiteUnit) -> None:
    image = Image.open(io.BytesIO(emblems.png(unit.key, side=128)))
    assert image.size == (128, 128)
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert emblems.png(unit.key, side=128) == emblems.png(unit.key, side=128)
    drawing = emblems.svg(unit.key)
    assert LexborHTMLParser(drawing.decode()).css("polygon")
    assert unit.colour.encode() in drawing


def test_emblems_differ() -> None:
    assert len({emblems.svg(unit.key) for unit in city.site_units()}) == 50


def test_a_sheet_opens_and_has_its_rows() -> None:
    content = content_of("zaosheng-huizong.xlsx")
    rows = list(load_workbook(io.BytesIO(attachments.made("zaosheng-huizong.xlsx"))).worksheets[0].values)
    assert rows[0][0] == content.title
    assert rows[1] == content.rows[0]
    assert len(rows) == len(content.rows) + 1


@pytest.mark.parametrize("name", ["jiazhuang-shenqingbiao.docx", "zaosheng-yijiangao.docx"])
def test_a_document_is_a_package_with_its_title(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(attachments.made(name))) as archive:
        assert archive.testzip() is None
        assert content_of(name).title in archive.read("word/document.xml").decode()


def test_a_pdf_has_a_cross_reference_that_is_right() -> None:
    written = attachments.made("banshi-zhinan.pdf")
    start = int(written.rsplit(b"startxref\n", 1)[1].split()[0])
    assert written[start:].startswith(b"xref")
    places = [int(line[:10]) for line in written[start:].split(b"\n")[3:11]]
    assert [written[place:].split()[0] for place in places] == [str(number).encode() for number in range(1, 9)]


def test_the_film_is_webm_with_forty_key_frames() -> None:
    clip = attachments.made("fangtang-pond.webm")
    assert clip.startswith(b"\x1a\x45\xdf\xa3")
    assert b"V_VP8" in clip
    assert clip.count(b"\x9d\x01\x2a\x80\x02\x68\x01") == 40  # start code of a key frame, 640 × 360 (RFC 6386, 9.1)


def test_another_kind_of_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no file of this kind"):
        attachments.made("programme.exe")
