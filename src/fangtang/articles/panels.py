"""The editor: what is asked on which tab, with help where the question arises."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, MultipleChooserPanel, ObjectList, Panel, TabbedInterface

from fangtang.articles import presenters
from fangtang.articles.forms import ArticleForm
from fangtang.outlets.choosers import section_chooser


class ReadingPanel(Panel):
    """Where the article is on its way to its readers: obstacles before it is submitted, the turns so far with what was said."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "articles/reading_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"progress": presenters.progress(self.instance, by=self.request.user)}

        def is_shown(self) -> bool:
            return self.instance.pk is not None


CONTENT = ObjectList(
    [
        FieldPanel("title", classname="title", help_text=_("As readers see it, at most 500 characters.")),
        FieldPanel("summary", help_text=_("One or two sentences: shown in lists, in search results and when the address is shared.")),
        FieldPanel("lead_image", help_text=_("Shown above the text and in lists. It is described in the image library.")),
        FieldPanel("body", help_text=_("Paste from Word as you like: words and lists stay, fonts and colours go. A table has a block of its own.")),
    ],
    heading=_("Content"),
)

PLACES = ObjectList(
    [
        MultipleChooserPanel(
            "placements",
            chooser_field_name="section",
            label=_("Section"),
            heading=_("Sections"),
            help_text=_("One article can appear in many sections and on many sites. Adding or removing one is an edit: it is read anew."),
            panels=[
                FieldPanel("section", widget=section_chooser.widget_class(linked_fields={"unit": "#id_unit"})),
                FieldPanel("own_title", help_text=_("Only where another title fits this section better.")),
                FieldRowPanel([FieldPanel("is_pinned"), FieldPanel("rank", help_text=_("The lowest number comes first."))]),
                FieldRowPanel([FieldPanel("visible_from"), FieldPanel("visible_until")]),
            ],
        ),
        FieldPanel("short_title", help_text=_("For narrow places: the home page, telephones. Leave it empty when the title is short.")),
        FieldPanel("shown_at", help_text=_("The date that readers see. Empty: the moment it is first signed.")),
    ],
    heading=_("Where it appears"),
)

DETAILS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("unit", help_text=_("Whose article this is: its editors write it, its proofreaders and reviewers read it.")),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("language")]),
                FieldPanel("sensitivity", help_text=_("The more sensitive, the more people read it before it is signed.")),
            ],
            heading=_("Article"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("source", help_text=_("Who published it first, for example 方塘日报.")), FieldPanel("author")]),
                FieldPanel("source_url", help_text=_("Full address, beginning with https://.")),
                FieldPanel("keywords", help_text=_("Separated by 、 or a comma.")),
            ],
            heading=_("Origin"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("document_number", help_text=_("For example 塘政发〔2026〕12号.")), FieldPanel("issuing_body")]),
                FieldRowPanel([FieldPanel("made_on"), FieldPanel("effective_on")]),
            ],
            heading=_("For policy documents"),
        ),
    ],
    heading=_("Details"),
)

READING = ObjectList([ReadingPanel()], heading=_("Review"))

EDITOR = TabbedInterface([CONTENT, PLACES, DETAILS, READING], base_form_class=ArticleForm)
