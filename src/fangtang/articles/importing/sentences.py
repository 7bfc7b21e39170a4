"""What people read about an import: one sentence for every code of this package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RESULTS: Mapping[str, Promise] = {
    "created": _("New"),
    "updated": _("Changed"),
    "unchanged": _("Unchanged"),
    "edited_here": _("Left alone"),
    "skipped": _("Skipped by the mapping"),
    "rejected": _("Rejected"),
}

SENTENCES: Mapping[str, Promise] = {
    "importing.bad_characters": _("Bytes in %(columns)s fit no character of the file's encoding."),
    "importing.bad_csv": _("The row is no valid CSV: %(reason)s."),
    "importing.bad_json": _("The line is no valid JSON: %(reason)s."),
    "importing.not_an_object": _("The line is JSON but no object with columns."),
    "importing.column_count": _("The row has %(found)s columns where the heading has %(wanted)s."),
    "importing.column_missing": _("The row has no column %(columns)s."),
    "importing.row_too_long": _("The row is longer than %(most_bytes)s bytes."),
    "importing.file_cut_short": _("The compressed file breaks off here: %(reason)s."),
    "importing.id_missing": _("The row has no id: %(columns)s is empty."),
    "importing.id_too_long": _("The id has %(length)s characters; at most %(most)s are possible. Set hash = true."),
    "importing.id_repeated": _("The id stood in line %(first_line)s before."),
    "importing.title_missing": _("The row has no title."),
    "importing.title_too_long": _("The title has %(length)s characters; at most %(most)s are possible."),
    "importing.body_empty": _("The body has no text."),
    "importing.markup_too_deep": _("The HTML of the body is nested too deeply."),
    "importing.date_missing": _("The row has no date."),
    "importing.date_unreadable": _("The date “%(value)s” fits none of the formats %(formats)s."),
    "importing.date_too_early": _("The date %(value)s lies before %(earliest)s. If it stands for no date, name it in date.empty of the mapping."),
    "importing.date_in_future": _("The date %(value)s lies in the future."),
    "importing.unit_unknown": _("The mapping has no unit for “%(value)s”."),
    "importing.unit_missing": _("There is no unit with the key %(unit)s."),
    "importing.no_post_in_unit": _("Whoever imports holds no post as editor, site manager or operator for the unit %(unit)s."),
    "importing.section_unmapped": _("The mapping has no section for “%(value)s”."),
    "importing.section_missing": _("There is no section %(section)s."),
    "importing.section_closed": _("The section %(section)s is closed."),
    "importing.section_refuses_unit": _("The section %(section)s takes no articles of the unit %(unit)s."),
    "importing.kind_unknown": _("“%(value)s” is no kind of article."),
    "importing.value_too_long": _("%(field)s has %(length)s characters; at most %(most)s are possible."),
    "importing.url_unreadable": _("“%(value)s” is no web address."),
    "importing.addresses_left_out": _("The article went in without these links and attachments, which lead nowhere: %(addresses)s."),
    "importing.refused_by_database": _("The article could not be stored: %(reason)s."),
    "importing.edited_here": _("The row has changed, but the article was edited here since. It stays as it is."),
    "importing.in_bin": _("The row has changed, but the article lies in the bin here. It stays as it is."),
    "importing.locked": _("The row has changed, but somebody has locked the article here. It stays as it is."),
    "importing.format_unknown": _("The name of %(file)s ends in none of %(allowed)s, with or without .xz or .gz."),
    "importing.encoding_unknown": _("%(file)s is in an encoding that cannot be read; use one of %(allowed)s."),
    "importing.line_ends_unknown": _("%(file)s ends its lines with CR alone. Save it anew with LF or CRLF."),
    "importing.file_damaged": _("%(file)s cannot be unpacked: %(reason)s."),
    "importing.no_columns": _("%(file)s has no heading line with the names of its columns."),
    "importing.column_repeated": _("%(file)s names these columns twice: %(columns)s."),
    "importing.columns_unmapped": _("%(file)s has no column %(columns)s, which the mapping names."),
    "importing.mapping_unreadable": _("The mapping %(file)s cannot be read: %(reason)s."),
    "importing.mapping_wrong": _("The mapping %(file)s has mistakes."),
}

PROBLEMS: Mapping[str, Promise] = {
    "unknown_key": _("%(key)s is no key here. Possible: %(allowed)s."),
    "missing_key": _("%(key)s is missing. %(allowed)s"),
    "wrong_type": _("%(key)s must be %(allowed)s."),
    "empty_text": _("%(key)s must not be empty."),
    "unknown_value": _("%(key)s is not allowed as it is. Possible: %(allowed)s."),
}


def sentence(code: str, data: Mapping[str, Any]) -> str:
    """The sentence for a code, in the language in force. Raises KeyError for a code that is not ours."""
    return str(SENTENCES[code]) % _shown(data)


def problem(key: str, *, code: str, allowed: tuple[str, ...]) -> str:
    """The sentence for one mistake in a mapping."""
    return (str(PROBLEMS[code]) % {"key": key, "allowed": ", ".join(map(str, allowed))}).strip()


def _shown(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value) for name, value in data.items()}
