"""What the tags of a page mean here."""

from __future__ import annotations

INLINE = {"a", "b", "strong", "em", "i", "sup", "sub", "br", "span", "font", "u", "img"}
LISTS = {"ul", "ol", "menu", "dir"}
HEADINGS = {"h1": "2", "h2": "2", "h3": "3", "h4": "3", "h5": "3", "h6": "3"}
CELLS = {"td", "th"}
BLOCKS = {"p", "div", "section", "article", "center", "li", "table", "thead", "tbody", "tfoot", "tr", "caption", "blockquote", "pre", "hr", "dl", "dt", "dd"}
BLOCKS |= {"header", "footer", "main", "aside", "nav", "address", "summary", "details", "figure", "figcaption", "hgroup", "form", "fieldset", "legend"}
BLOCKS |= LISTS | CELLS | set(HEADINGS)
DROPPED = {"script", "style", "xml", "head", "title", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea", "button"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "td": {"rowspan", "colspan"}, "th": {"rowspan", "colspan"}}
MARKS = {"b": "b", "strong": "b", "sup": "sup", "sub": "sub"}
