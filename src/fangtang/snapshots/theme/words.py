"""Every fixed word of the theme, in the language of a site.

Message ids are English; the catalogues of the package hold the other languages. A language is resolved once and kept,
because a release draws hundreds of pages of the same few sites.
"""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

WORDS = {
    # The frame
    "skip_to_content": _("Skip to content"),
    "menu": _("Menu"),
    "main_navigation": _("Main navigation"),
    "breadcrumb": _("You are here"),
    "home": _("Home"),
    "to_home": _("Go to the home page"),
    "large_type": _("Large type"),
    "preview": _("Preview: this page is not public."),
    # The foot of the page
    "about_this_site": _("About this site"),
    "sponsor": _("Sponsor"),
    "operator": pgettext_lazy("foot of a site", "Operator"),
    "identification_code": _("Site identification code"),
    "address": pgettext_lazy("foot of a site", "Address"),
    "postcode": _("Postcode"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "site_map": _("Site map"),
    # Articles
    "published": pgettext_lazy("date of an article", "Published"),
    "updated": pgettext_lazy("date of an article", "Updated"),
    "source": _("Source"),
    "author": _("Author"),
    "editor": _("Editor in charge"),
    "document_details": _("Document details"),
    "document_number": _("Document number"),
    "issuing_body": _("Issued by"),
    "made_on": _("Date of the document"),
    "effective_on": _("Takes effect on"),
    "published_on": _("Date of publication"),
    "keywords": _("Keywords"),
    "attachments": _("Attachments"),
    "correction": _("Correction"),
    "copy_of": _("First published on %(site)s."),
    "read_original": _("Read it there"),
    "page_address": _("Address of this page:"),
    "photo_credit": _("Photo: %(credit)s"),
    # Withdrawn, not found, moved
    "withdrawn": _("This page has been taken down"),
    "withdrawn_title": _("What stood here"),
    "withdrawn_on": _("Taken down on"),
    "withdrawn_notice": pgettext_lazy("page taken down", "Why"),
    "not_found": _("There is no page at this address"),
    "not_found_why": _("The address may have been mistyped, or the page may have moved or been taken down."),
    "not_found_try": _("What you can do"),
    "not_found_site_map": _("Look through the site map"),
    "not_found_report": _("Tell us about the broken link:"),
    "not_found_sections": _("Sections of this site"),
    "moved": _("This page has moved"),
    "moved_to": _("Its new address is:"),
    # Lists
    "pinned": _("Pinned"),
    "video": _("Video"),
    "subsections": _("In this section"),
    "total": _("Articles in all: %(total)s"),
    "total_questions": _("Questions in all: %(total)s"),
    "total_documents": _("Documents in all: %(total)s"),
    "pages": _("Pages of this list"),
    "page_number": _("Page %(number)s"),
    "newer": _("Newer"),
    "older": _("Older"),
    "answer": _("Answer"),
    "empty_section": _("Nothing has been published in this section yet."),
    "empty_section_try": _("You can go to the home page or choose another section above."),
    "empty_list": _("Nothing has been published here yet."),
    # Home
    "headlines": _("Top stories"),
    "notice": pgettext_lazy("home page of a site", "Notice"),
    "more": _("More"),
    "more_of": _("More: %(section)s"),
    "empty_home": _("This site has just opened. Its first articles will appear here."),
    "sections": _("Sections"),
    "empty_site_map": _("This site has no sections yet."),
}


@lru_cache(maxsize=16)
def spoken(language: str) -> SimpleNamespace:
    """All words in `language` (a Django code such as "zh-hans"), as attributes."""
    with override(language):
        return SimpleNamespace(**{name: str(word) for name, word in WORDS.items()})
