"""What comes in from the editor's form, made plain and looked at before an action decides."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from fangtang.articles import borrowing, queries
from fangtang.kernel.text import clean, one_line
from fangtang.outlets.queries import open_sections
from fangtang.people import queries as people
from fangtang.people.forms import near

ONE_LINE = ("title", "short_title", "source", "author", "document_number", "issuing_body")
# Half of a character beyond the basic plane, as JSON writes it: what remains when somebody cuts a pasted text through the middle of an emoji. And null.
_BROKEN = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}|\0|\\u0000")
_BETWEEN_KEYWORDS = re.compile(r"[、，,;；\s]+")


class ArticleForm(WagtailAdminModelForm):
    """The whole article. A field that is too long keeps what was typed: the browser is not told to cut it off."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_strangers = False
        if self.is_bound:
            self._look_at_what_was_sent()
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        if "unit" in self.fields:
            self._offer_units(self.fields["unit"])

    def _look_at_what_was_sent(self) -> None:
        """Before any widget does: halves of characters become the sign for a broken one, numbers of others' pictures and files go."""
        self.data = self.data.copy()
        for key, sent in self.data.items():
            if key.startswith("body-") and _BROKEN.search(str(sent)):
                self.data[key] = _BROKEN.sub(lambda found: "\ufffd" if found[0] == "\0" else r"\ufffd", str(sent))
        revision = self.instance.latest_revision
        self.data, self.has_strangers = borrowing.without_strangers(self.data, before=revision.content if revision else {}, by=self.for_user)

    def _offer_units(self, field: Any) -> None:
        """Only units for which this person is editor; the only one is chosen already."""
        units = queries.units_to_write_for(self.for_user, day=people.today()).order_by("path")
        field.queryset = units
        field.empty_label = None if units.count() == 1 else _("Choose the unit that writes this")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ONE_LINE:
            if name in cleaned:
                cleaned[name] = one_line(cleaned[name])
        if "summary" in cleaned:
            cleaned["summary"] = clean(cleaned["summary"]).strip()
        if "keywords" in cleaned:
            cleaned["keywords"] = "、".join(dict.fromkeys(filter(None, _BETWEEN_KEYWORDS.split(clean(cleaned["keywords"])))))
        _refuse_far(self, "shown_at")
        self._look_at_media(cleaned)
        return cleaned

    def _look_at_media(self, cleaned: dict[str, Any]) -> None:
        picture = cleaned.get("lead_image")
        if picture and not picture.description.strip():
            self.add_error("lead_image", _("This image has no description. Open it in the image library, describe it in one sentence, and come back."))
        body = cleaned.get("body")
        saved = {"lead_image": picture.pk if picture else None, "body": list(body.get_prep_value()) if body else []}
        revision = self.instance.latest_revision
        if self.has_strangers or borrowing.strangers(saved, before=revision.content if revision else {}, by=self.for_user):
            raise ValidationError(_("An image or file of this article is not in your library (any more). Choose another one in its place."))

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self._places_are_open()

    def _places_are_open(self) -> bool:
        """Whether each newly chosen section takes articles of this unit, and none is chosen twice. A section closed since stays until it is removed."""
        rows = [row for row in self.formsets["placements"].forms if row.cleaned_data.get("section") and not row.cleaned_data.get("DELETE")]
        unit = self.cleaned_data.get("unit")
        open_to_us = set(open_sections(accepting=unit).values_list("pk", flat=True)) if unit else set()
        seen: set[int] = set()
        for row in rows:
            section = row.cleaned_data["section"]
            if section.pk in seen:
                row.add_error("section", _("“%(section)s” is chosen twice. Remove one of the two.") % {"section": section})
            elif section.pk not in open_to_us and "section" in row.changed_data:
                row.add_error("section", _("“%(section)s” is closed, or takes no articles of this unit. Choose another section.") % {"section": section})
            for name in ("visible_from", "visible_until"):
                _refuse_far(row, name)
            seen.add(section.pk)
        return not any(row.errors for row in rows)


def _refuse_far(form: Any, name: str) -> None:
    try:
        near(form.cleaned_data.get(name) or timezone.now())
    except ValidationError as far:
        form.add_error(name, far)
