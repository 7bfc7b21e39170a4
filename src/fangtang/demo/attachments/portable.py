"""A PDF of one page, written by hand: text that can be searched, in a font every reader brings along (Adobe-GB1)."""

from __future__ import annotations

from textwrap import wrap

from fangtang.demo.attachments.contents import Content

LINE_WIDTH, LEADING = 36, 26  # characters, points
PAGE = (595, 842)  # A4 in points
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 7 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


def document(content: Content) -> bytes:
    """The page as a file."""
    stream = _page(content)
    title = ("\ufeff" + content.title).encode("utf-16-be").hex().encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-Hans) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>" % PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        *FONT,
        b"<< /Title <%s> >>" % title,
    )
    return _file(objects)


def _page(content: Content) -> bytes:
    lines = [part for line in content.lines for part in wrap(line, LINE_WIDTH)]
    head = b"BT /F1 20 Tf 72 760 Td <%s> Tj ET\n0.16 0.43 0.42 RG 1.5 w 72 744 m 523 744 l S" % _hex(content.title)
    body = b"\n".join(b"BT /F1 12 Tf 72 %d Td <%s> Tj ET" % (712 - LEADING * number, _hex(line)) for number, line in enumerate(lines))
    return head + b"\n" + body


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().encode()


def _file(objects: tuple[bytes, ...]) -> bytes:
    written, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 8 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)
