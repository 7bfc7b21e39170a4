"""The blocks from which a home page is laid out. They name sections and count; the articles come from releases."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

WIDTHS = [("half", _("Half the width")), ("full", _("Full width"))]


class SectionBlock(blocks.ChooserBlock):
    """A section of the register; its value is the Section, stored by id."""

    @cached_property
    def target_model(self) -> Any:
        return apps.get_model("outlets", "Section")

    @cached_property
    def widget(self) -> forms.Widget:
        from fangtang.outlets.choosers import section_chooser  # the chooser knows the model, which knows these blocks

        return section_chooser.widget_class()


class SectionsBlock(blocks.StructBlock):
    """Sections whose newest articles are shown together, newest first. Without a title the first section's name is shown."""

    title = blocks.CharBlock(label=_("Title"), max_length=30, required=False)
    sections = blocks.ListBlock(SectionBlock(label=_("Section")), label=_("Sections"), min_num=1, max_num=10)
    most = blocks.IntegerBlock(label=_("Most articles"), min_value=1, max_value=20, default=6)
    width = blocks.ChoiceBlock(label=_("Width"), choices=WIDTHS, default="half")


class LinkBlock(blocks.StructBlock):
    """An address that people come for: on this site ("/section/") or absolute."""

    title = blocks.CharBlock(label=_("Title"), max_length=30)
    url = blocks.CharBlock(label=_("Address"), max_length=300)
    line = blocks.CharBlock(label=_("One line of explanation"), max_length=60, required=False)


class QuickLinksBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=30)
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), max_num=24)


class NoticeBarBlock(blocks.StructBlock):
    """One sentence that matters now."""

    text = blocks.CharBlock(label=_("Text"), max_length=120)
    url = blocks.CharBlock(label=_("Address"), max_length=300, required=False)


class HomeBlocks(blocks.StreamBlock):
    """What a home page is made of."""

    notice_bar = NoticeBarBlock(label=_("Notice bar"))
    headline = SectionsBlock(label=_("Headlines"))
    picture_news = SectionsBlock(label=_("Picture news"))
    section_list = SectionsBlock(label=_("Section list"))
    quick_links = QuickLinksBlock(label=_("Quick links"))

    class Meta:
        required: ClassVar = False


def foreign_sections(layout: blocks.StreamValue, *, site_id: int) -> blocks.StreamBlockValidationError | None:
    """What to say, and at which blocks, of sections that belong to another site; None when there are none."""
    wrong = {place: _foreign(block.value["sections"], site_id) for place, block in enumerate(layout) if isinstance(block.block, SectionsBlock)}
    errors = {
        place: blocks.StructBlockValidationError(block_errors={"sections": blocks.ListBlockValidationError(block_errors=found)})
        for place, found in wrong.items()
        if found
    }
    return blocks.StreamBlockValidationError(block_errors=errors) if errors else None


def _foreign(sections: Any, site_id: int) -> dict[int, ValidationError]:
    return {place: _of_another_site(section) for place, section in enumerate(sections) if section and section.site_id != site_id}


def _of_another_site(section: Any) -> ValidationError:
    words = _("“%(section)s” belongs to the site “%(site)s”. Choose a section of this site.")
    return ValidationError(words, code="other_site", params={"section": section.name, "site": section.site.name})
