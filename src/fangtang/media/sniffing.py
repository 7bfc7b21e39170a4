"""Is a file what its extension says? Pure: the extension and the bytes in, a reason or none out.

Sources: PDF ISO 32000-2, 7.5.2; OOXML ECMA-376 part 2 (a ZIP with [Content_Types].xml); older Office and WPS [MS-CFB] 2.2; MP4 ISO/IEC
14496-12, 4.3; WebM RFC 8794; WebVTT 4.1.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from enum import Enum
from io import BytesIO


class Wrong(Enum):
    """Why a file is refused."""

    UNKNOWN = "unknown"
    OTHER_CONTENT = "other_content"
    MACROS = "macros"
    BROKEN = "broken"


_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}


def wrong(payload: bytes, *, extension: str) -> Wrong | None:
    """What is wrong with a file that carries this extension (lower case, no dot); None when it is what it says."""
    look = _LOOKS.get(extension)
    return look(payload) if look else Wrong.UNKNOWN


def _starts(*prefixes: bytes) -> Callable[[bytes], Wrong | None]:
    return lambda payload: None if payload.startswith(prefixes) else Wrong.OTHER_CONTENT


def _zip(payload: bytes) -> Wrong | None:
    return _zip_with("", payload)


def _office(extension: str) -> Callable[[bytes], Wrong | None]:
    return lambda payload: _zip_with(_OFFICE_FOLDERS[extension], payload)


def _zip_with(folder: str, payload: bytes) -> Wrong | None:
    """Only the list of contents is read, nothing is unpacked."""
    if not payload.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Wrong.OTHER_CONTENT
    try:
        with zipfile.ZipFile(BytesIO(payload)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return Wrong.BROKEN
    if not folder:
        return None
    if "[Content_Types].xml" not in names or not any(name.startswith(folder) for name in names):
        return Wrong.OTHER_CONTENT
    return Wrong.MACROS if any(name.endswith("vbaProject.bin") for name in names) else None


def _wps(payload: bytes) -> Wrong | None:
    return None if payload.startswith((_CFB, b"PK\x03\x04")) else Wrong.OTHER_CONTENT


def _movie(payload: bytes) -> Wrong | None:
    return None if payload[4:8] == b"ftyp" else Wrong.OTHER_CONTENT


def _text(payload: bytes) -> Wrong | None:
    """Text in UTF-8, UTF-16 with a mark, or GB18030; never with zero bytes in the middle."""
    encodings = ("utf-16",) if payload[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return Wrong.OTHER_CONTENT if "\x00" in payload.decode(encoding) else None
        except UnicodeDecodeError:
            continue
    return Wrong.OTHER_CONTENT


def _captions(payload: bytes) -> Wrong | None:
    return _text(payload) or _starts(b"WEBVTT", b"\xef\xbb\xbfWEBVTT")(payload)


_LOOKS: Mapping[str, Callable[[bytes], Wrong | None]] = {
    "pdf": _starts(b"%PDF-"),
    "doc": _starts(_CFB),
    "xls": _starts(_CFB),
    "ppt": _starts(_CFB),
    "wps": _wps,
    "docx": _office("docx"),
    "xlsx": _office("xlsx"),
    "pptx": _office("pptx"),
    "zip": _zip,
    "mp4": _movie,
    "webm": _starts(b"\x1aE\xdf\xa3"),
    "txt": _text,
    "vtt": _captions,
}
KNOWN = frozenset(_LOOKS)
