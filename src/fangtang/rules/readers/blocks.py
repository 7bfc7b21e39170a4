"""What elements are to a reader (https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3)."""

from __future__ import annotations

from fangtang.rules.texts import Kind

_PLAIN = (
    "address article aside body center details dialog dir div dl fieldset figure footer form head header hgroup hr html legend main menu nav ol p pre"
    " search section summary table tbody tfoot thead tr ul option optgroup select noscript template textarea button label"
)
BLOCKS = (
    dict.fromkeys(_PLAIN.split(), Kind.PARAGRAPH)
    | dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], Kind.HEADING)
    | dict.fromkeys(["li", "dt", "dd"], Kind.ITEM)
    | dict.fromkeys(["td", "th"], Kind.CELL)
    | {"caption": Kind.CAPTION, "figcaption": Kind.CAPTION, "blockquote": Kind.QUOTATION, "title": Kind.TITLE}
)
"""What begins on a line of its own, and the kind of block that it makes."""
BREAKS = frozenset({"br"})
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
CLOSED_BY = (
    dict.fromkeys(_PLAIN.split(), ("p",))
    | dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6", "blockquote"], ("p",))
    | {"li": ("p", "li"), "dt": ("p", "dt", "dd"), "dd": ("p", "dt", "dd"), "option": ("option",), "optgroup": ("option",)}
    | {"tr": ("td", "th", "tr"), "td": ("td", "th"), "th": ("td", "th"), "tbody": ("tr", "thead"), "tfoot": ("tr", "tbody")}
)
"""Elements that a start tag closes, where they are open."""
SPOKEN = {
    "img": ((Kind.ALTERNATIVE, "alt"), (Kind.LABEL, "title")),
    "area": ((Kind.ALTERNATIVE, "alt"),),
    "input": ((Kind.LABEL, "value"), (Kind.LABEL, "placeholder"), (Kind.LABEL, "aria-label")),
    "*": ((Kind.LABEL, "title"), (Kind.LABEL, "aria-label")),
}
"""Attributes that are read out or shown on demand."""
