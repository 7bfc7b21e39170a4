"""Reads the hand-written articles in `manuscripts/`.

Each begins with `== id`, then `key: value` lines, an empty line and the text (see `markup`). `day: 05-10` is the day of
the year on which it came out: the last such working day before today, or one year earlier with `ago: 1`. `{year}`,
`{year-1}` and `{year+1}` in it count from that year; every other date is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from fangtang.demo import city
from fangtang.demo.texts import markup
from fangtang.demo.texts.blocks import ArticleText, Kind, Sensitivity

YEAR = re.compile(r"\{year([+-]\d)?\}")
KINDS: dict[str, Kind] = {
    "news": "news",
    "town-news": "news",
    "notices": "notice",
    "consultation": "notice",
    "policy": "policy",
    "interpretation": "interpretation",
    "qa": "qa",
    "topic": "topic",
    "people": "profile",
    "gallery": "gallery",
}


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One hand-written article before it has a date."""

    key: str
    head: dict[str, str]
    lines: tuple[str, ...]

    def dated(self, today: date) -> ArticleText:
        """The article as it came out, at the latest on `today`."""
        head, published = self.head, _published(self.head, today)
        unit = city.by_key()[head["unit"]]
        sensitivity: Sensitivity = "important" if head.get("important") else "ordinary"
        effective = head.get("effective", "")
        return ArticleText(
            source_id=self.key,
            site_key=unit.key,
            unit_key=unit.key,
            role=head["role"],
            kind=KINDS[head["role"]],
            title=_filled(head["title"], published.year),
            short_title=_filled(head.get("short", ""), published.year),
            summary=_filled(head["summary"], published.year),
            source=head.get("source", unit.short_name),
            author=head.get("author", ""),
            published_on=published,
            keywords=tuple(head["keywords"].split("、")),
            blocks=markup.blocks([_filled(line, published.year) for line in self.lines], month=published.month),
            document_number=_filled(head.get("number", ""), published.year),
            issuing_body=head.get("body", unit.name if head.get("number") else ""),
            made_on=_made_on(head, published),
            effective_on=_day(effective, published.year) if effective else None,
            sensitivity=sensitivity,
            also_on=tuple(key for key in head.get("also", "").split() if key != unit.key),
        )


@cache
def manuscripts() -> tuple[Manuscript, ...]:
    """Every hand-written article, in the order of file names and within each file as written."""
    folder = resources.files(__package__) / "manuscripts"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name)
    return tuple(manuscript for file in files for manuscript in _parsed(file.read_text("utf-8")))


def _parsed(text: str) -> Iterator[Manuscript]:
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n\n")
        key, *pairs = head.splitlines()
        yield Manuscript(key.strip(), dict(_pair(line) for line in pairs), tuple(body.splitlines()))


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(": ")
    return key, value.strip()


def _published(head: dict[str, str], today: date) -> date:
    day = _working(_day(head["day"], today.year))
    while day > today:
        day = _working(_day(head["day"], day.year - 1))
    return _working(_day(head["day"], day.year - int(head.get("ago", "0"))))


def _made_on(head: dict[str, str], published: date) -> date | None:
    """A document is made some days before it is put on the site."""
    return _day(head["made"], published.year) if "made" in head else None


def _day(month_and_day: str, year: int) -> date:
    month, day = map(int, month_and_day.split("-"))
    return date(year, month, day)


def _working(day: date) -> date:
    """`day`, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _filled(text: str, year: int) -> str:
    return YEAR.sub(lambda found: str(year + int(found[1] or 0)), text)
