"""Days, moments and sizes as people read them, in the language of a site.

Written out here and not through Django's formats, so that no locale setting of the machine can change a byte.
"""

from __future__ import annotations

from datetime import date, datetime

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def day(when: date, language: str) -> str:
    """2026年11月21日 in Chinese, 21 November 2026 in any other language."""
    if language.startswith("zh"):
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def moment(when: datetime, language: str) -> str:
    """The day with hour and minute, in the zone the value carries."""
    return f"{day(when, language)} {when.hour:02}:{when.minute:02}"


def guideline_moment(when: datetime) -> str:
    """The form the national site guideline asks for PubDate: 2026-11-21 09:30."""
    return f"{when.year:04}-{when.month:02}-{when.day:02} {when.hour:02}:{when.minute:02}"


def size(size_bytes: int) -> str:
    """A file size as file managers show it: 82 KB, 1.4 MB (binary steps, a decimal from a megabyte on)."""
    if size_bytes < 1023.5 * 1024:  # from there on it would round to 1024 KB
        return f"{max(1, round(size_bytes / 1024))} KB"
    return f"{size_bytes / 1024 / 1024:.1f} MB"
