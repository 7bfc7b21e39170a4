"""Sheets and documents of office programs, with the clock taken out of them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from fangtang.demo.attachments.contents import Content

MADE = datetime(2024, 1, 1)  # noqa: DTZ001  # the format has no zone
STAMP = (2024, 1, 1, 0, 0, 0)

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def sheet(content: Content) -> bytes:
    """A workbook of one sheet: a title, a header and rows."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = content.title[:31]
    page.append([content.title])
    page["A1"].font = Font(bold=True, size=14)
    for row in content.rows:
        page.append(list(row))
    for cell in page[2]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True)
    page.column_dimensions["A"].width = 30
    book.properties.created = MADE
    written = io.BytesIO()
    book.save(written)
    return _without_clock(written.getvalue())


def document(content: Content) -> bytes:
    """A text document: a title and a table of two columns, or lines of text."""
    is_form = all(len(row) > 1 for row in content.rows)
    body = _form(content) if is_form else "".join(_paragraph(line) for line in content.lines)
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w="{WORD}"><w:body>{_heading(content.title)}{body}</w:body></w:document>'
    return _packed({"[Content_Types].xml": CONTENT_TYPES.encode(), "_rels/.rels": RELATIONS.encode(), "word/document.xml": xml.encode()})


def _heading(text: str) -> str:
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="36"/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>'


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _form(content: Content) -> str:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="888888"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    rows = "".join(f"<w:tr>{''.join(_cell(text, width) for text, width in zip(row, (3000, 6000), strict=False))}</w:tr>" for row in content.rows)
    grid = '<w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="6000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr>{grid}{rows}</w:tbl>{_paragraph('')}"


def _cell(text: str, width: int) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(text)}</w:tc>'


def _without_clock(packed: bytes) -> bytes:
    """The same package with fixed times; openpyxl writes the moment of saving into both the archive and the properties."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    stamp = f"{MADE.isoformat()}Z".encode()
    parts["docProps/core.xml"] = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, parts["docProps/core.xml"])
    return _packed(parts)


def _packed(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), part, zipfile.ZIP_DEFLATED)
    return written.getvalue()
