"""Files are what their names say, or are refused."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from fangtang.media import sniffing
from fangtang.media.sniffing import Wrong


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
TRUE = {
    "pdf": b"%PDF-1.7\n",
    "doc": CFB,
    "xls": CFB,
    "ppt": CFB,
    "wps": CFB,
    "docx": zipped("[Content_Types].xml", "word/document.xml"),
    "xlsx": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    "zip": zipped("附件.txt"),
    "mp4": b"\x00\x00\x00\x20ftypisom",
    "webm": b"\x1aE\xdf\xa3",
    "txt": "关于放假的通知".encode("gb18030"),
    "vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nx",
}


def test_every_allowed_extension_has_a_look() -> None:
    assert set(settings.WAGTAILDOCS_EXTENSIONS) == sniffing.KNOWN


@pytest.mark.parametrize("extension", TRUE)
def test_true_files_pass(extension: str) -> None:
    assert sniffing.wrong(TRUE[extension], extension=extension) is None


@pytest.mark.parametrize("extension", TRUE)
@pytest.mark.parametrize("payload", [b"MZ\x90\x00\x03\x00\x00\x00", b"\x7fELF\x00", b"", b"<html>\x00<script>"], ids=["exe", "elf", "empty", "html"])
def test_disguised_files_do_not(extension: str, payload: bytes) -> None:
    if not (extension == "txt" and not payload):
        assert sniffing.wrong(payload, extension=extension) is Wrong.OTHER_CONTENT


def test_one_office_format_is_not_another_and_macros_are_refused() -> None:
    assert sniffing.wrong(TRUE["xlsx"], extension="docx") is Wrong.OTHER_CONTENT
    assert sniffing.wrong(zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), extension="docx") is Wrong.MACROS


def test_a_cut_off_archive_is_broken() -> None:
    assert sniffing.wrong(TRUE["docx"][:-30], extension="docx") is Wrong.BROKEN


def test_unknown_extensions_are_unknown() -> None:
    assert sniffing.wrong(b"MZ", extension="exe") is Wrong.UNKNOWN


@given(st.sampled_from(sorted(TRUE)), st.binary(max_size=300))
def test_any_bytes_get_an_answer(extension: str, payload: bytes) -> None:
    for candidate in (payload, TRUE[extension][: len(TRUE[extension]) // 2] + payload):
        assert sniffing.wrong(candidate, extension=extension) in (None, *Wrong)
