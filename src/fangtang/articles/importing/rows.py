"""One row of a file → one draft of an article, or the reason why not.

Texts are cleaned on the way: NFC, no control characters, full-width punctuation as it is. A draft names units and sections by their keys;
whether they exist is asked by `load`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fangtang.articles.importing import dates, markup
from fangtang.articles.importing.drafts import ArticleDraft, Rejected, Skipped
from fangtang.articles.importing.mapping import Choice, Date, ImportMapping, Parts, Plain, Skip, zone
from fangtang.articles.importing.markup import Page
from fangtang.articles.importing.readers import BadRow, Row
from fangtang.kernel import hashing, text

__all__ = ["LONGEST", "SOURCE_ID_MOST", "TITLE_MOST", "ArticleDraft", "Drafter", "Rejected", "Skipped"]

TITLE_MOST = 500
SOURCE_ID_MOST = 200
# The lengths of the columns in `articles.models`; a test compares them.
LONGEST: Mapping[str, int] = {"summary": 1000, "source": 100, "author": 100, "document_number": 100, "issuing_body": 200, "keywords": 300, "url": 500}


class _Refusal(Exception):
    """Ends the reading of one row; never leaves this module."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Drafter:
    """Makes drafts of one file's rows; remembers the source ids it has seen. `now` decides what lies in the future."""

    def __init__(self, mapping: ImportMapping, *, now: datetime) -> None:
        self.mapping = mapping
        self._now = now
        self._zone = zone(mapping)
        self._first_lines: dict[str, int] = {}
        self._unseen = set(mapping.named_columns())

    @property
    def unseen_columns(self) -> tuple[str, ...]:
        """Columns that the mapping names and that no row had so far, in order."""
        return tuple(sorted(self._unseen))

    def draft(self, row: Row | BadRow) -> ArticleDraft | Rejected | Skipped:
        """The draft of this row, or why there is none."""
        if isinstance(row, BadRow):
            return Rejected(row.line, "", row.code, row.data)
        self._unseen.difference_update(row.values)
        source_id = ""
        try:
            source_id = self._source_id(row)
            if any(_is_skipped(row, rule=rule) for rule in self.mapping.skip):
                return Skipped(row.line, source_id)
            self._refuse_repeated(row.line, source_id=source_id)
            return self._drafted(row, source_id=source_id)
        except _Refusal as refusal:
            return Rejected(row.line, source_id, refusal.code, refusal.data)
        except RecursionError:  # nothing here calls itself for what a row holds; should a library do, the row ends and not the import
            return Rejected(row.line, source_id, "importing.markup_too_deep")

    def _source_id(self, row: Row) -> str:
        rule = self.mapping.id
        missing = [column for column in rule.columns if column not in row.values]
        if missing:
            raise _Refusal("importing.column_missing", columns=missing)
        values = [text.one_line(row.values[column]) for column in rule.columns]
        if not any(values):
            raise _Refusal("importing.id_missing", columns=list(rule.columns))
        if rule.hash or len(values) > 1:
            return hashing.digest(values)
        if len(values[0]) > SOURCE_ID_MOST:
            raise _Refusal("importing.id_too_long", most=SOURCE_ID_MOST, length=len(values[0]))
        return values[0]

    def _refuse_repeated(self, line: int, *, source_id: str) -> None:
        first = self._first_lines.setdefault(source_id, line)
        if first != line:
            raise _Refusal("importing.id_repeated", first_line=first)

    def _drafted(self, row: Row, *, source_id: str) -> ArticleDraft:
        mapping = self.mapping
        plain = {name: _plain(row, rule=getattr(mapping, name), name=name) for name in ("summary", "source", "author", "document_number", "issuing_body")}
        url = _url(row, rule=mapping.url)
        attached = markup.links(_parts(row, rule=mapping.attachments), source=url)
        page = _page(row, mapping=mapping, source=url)
        return ArticleDraft(
            line=row.line,
            source_id=source_id,
            title=_title(row, column=mapping.title.column),
            blocks=page.blocks + attached.blocks,
            unit_key=_chosen(row, rule=mapping.unit, code="importing.unit_unknown"),
            sections=_sections(row, mapping=mapping),
            shown_at=self._shown_at(row, rule=mapping.date) if mapping.date else None,
            kind=_chosen(row, rule=mapping.kind, code="importing.kind_unknown"),
            language=mapping.language,
            keywords=_within(_keywords(row, rule=mapping.keywords), name="keywords"),
            url=url,
            left_out=(*page.left_out, *attached.left_out),
            **plain,
        )

    def _shown_at(self, row: Row, *, rule: Date) -> datetime | None:
        value = _optional(row, column=rule.column)
        if not value or value in rule.empty:
            if rule.missing == "reject":
                raise _Refusal("importing.date_missing", column=rule.column)
            return None
        moment = dates.moment(value, formats=rule.formats)
        if moment is None:
            raise _Refusal("importing.date_unreadable", value=value[:60], formats=list(rule.formats))
        if moment.year < dates.EARLIEST_YEAR:
            raise _Refusal("importing.date_too_early", value=value[:60], earliest=dates.EARLIEST_YEAR)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        if moment > self._now:
            raise _Refusal("importing.date_in_future", value=value[:60])
        return moment


def _value(row: Row, *, column: str) -> str:
    """What no article can be without."""
    if column not in row.values:
        raise _Refusal("importing.column_missing", columns=[column])
    return row.values[column]


def _optional(row: Row, *, column: str) -> str:
    """One line; "" where a JSON row has no such key."""
    return text.one_line(row.values.get(column, ""))


def _is_skipped(row: Row, *, rule: Skip) -> bool:
    value = _optional(row, column=rule.column)
    return bool(re.search(rule.matches, value)) if rule.matches else value in rule.equals


def _title(row: Row, *, column: str) -> str:
    title = text.one_line(_value(row, column=column))
    if not title:
        raise _Refusal("importing.title_missing")
    if len(title) > TITLE_MOST:
        raise _Refusal("importing.title_too_long", most=TITLE_MOST, length=len(title))
    return title


def _page(row: Row, *, mapping: ImportMapping, source: str) -> Page:
    rule = mapping.body
    body = text.clean(_value(row, column=rule.column))
    for sign in rule.breaks:
        body = body.replace(sign, "\n")
    page = _of_html(body, source=source) if rule.format == "html" else Page(markup.from_plain(_without_endings(body, endings=rule.endings)))
    if not markup.plain_text(page.blocks):
        raise _Refusal("importing.body_empty")
    return page


def _of_html(body: str, *, source: str) -> Page:
    try:
        return markup.page_of(body, source=source)
    except markup.TooDeep as error:
        raise _Refusal("importing.markup_too_deep") from error


def _without_endings(body: str, *, endings: tuple[str, ...]) -> str:
    body = body.rstrip()
    for ending in endings:
        body = body.removesuffix(ending).rstrip()
    return body


def _looked_up(row: Row, *, columns: tuple[str, ...]) -> str:
    return "/".join(_optional(row, column=column) for column in columns)


def _chosen(row: Row, *, rule: Choice, code: str) -> str:
    value = _looked_up(row, columns=rule.columns)
    chosen = rule.table.get(value) or rule.default
    if not chosen:
        raise _Refusal(code, value=value[:100])
    return chosen


def _sections(row: Row, *, mapping: ImportMapping) -> tuple[str, ...]:
    rule = mapping.section
    value = _looked_up(row, columns=rule.columns)
    if rule.columns and value not in rule.table and not rule.default:
        raise _Refusal("importing.section_unmapped", value=value[:100])
    return tuple(dict.fromkeys(section.strip("/") for section in rule.table.get(value, rule.default)))


def _plain(row: Row, *, rule: Plain, name: str) -> str:
    found = _optional(row, column=rule.column) if rule.column else ""
    return _within(found or rule.constant, name=name)


def _within(value: str, *, name: str) -> str:
    if len(value) > LONGEST[name]:
        raise _Refusal("importing.value_too_long", field=name, most=LONGEST[name], length=len(value))
    return value


def _parts(row: Row, *, rule: Parts) -> tuple[str, ...]:
    if not rule.column:
        return ()
    value = text.clean(row.values.get(rule.column, ""))
    parts = re.split("|".join(map(re.escape, ("\n", *rule.separators))), value)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _keywords(row: Row, *, rule: Parts) -> str:
    return "、".join(_parts(row, rule=rule))


def _url(row: Row, *, rule: Plain) -> str:
    url = _plain(row, rule=rule, name="url")
    if url and not markup.is_web_address(url):
        raise _Refusal("importing.url_unreadable", value=url[:200])
    return url
