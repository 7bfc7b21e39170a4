"""Texts of Wagtail that our people see every day and that Wagtail's Chinese leaves in English or names otherwise than we do.

Nothing imports this module: naming the texts here brings them into our catalogues, which Django asks before Wagtail's. A text that
Wagtail has translated well does not belong here.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

# Django's Chinese writes "7 月" for seven months, which reads as July.
SPANS = (
    ngettext_lazy("%(num)d year", "%(num)d years", "num"),
    ngettext_lazy("%(num)d month", "%(num)d months", "num"),
    ngettext_lazy("%(num)d week", "%(num)d weeks", "num"),
    ngettext_lazy("%(num)d day", "%(num)d days", "num"),
    ngettext_lazy("%(num)d hour", "%(num)d hours", "num"),
    ngettext_lazy("%(num)d minute", "%(num)d minutes", "num"),
    _(", "),
    _("%(time_period)s ago"),
)

SIGN_IN = (_("Username"), _("username"), _("Enter password"))

LISTS = (
    _("Actions"),
    _("Add %(model_name)s"),
    _("Sort by '%(label)s' in ascending order."),
    _("Sort by '%(label)s' in descending order."),
    _("The filter options you have selected are not valid."),
    _("Next"),
    _("Previous"),
    _("Grid layout"),
    _("List layout"),
    _("Oldest"),
    _("Usage count: (low to high)"),
    _("Usage count: (high to low)"),
)

EDITOR = (
    _("Saved"),
    _("Insert a block"),
    _("Insert or edit a link"),
    _("Toggle minimap"),
    _("Toggle checks"),
    _("Show keyboard shortcuts"),
    _("Compare"),
    _("New: %(model_name)s"),
    _("Locking: "),
    _("Locked by you"),
    _("Locked by another user"),
    _("Only you can make changes while the %(model_name)s is locked"),
    _("Anyone can edit this %(model_name)s"),
    _("Anyone can edit this %(model_name)s – lock it to prevent others from editing"),
    _("To be created by %(user)s"),
    _("%(time_period)s ago by %(user_display_name)s"),
    _("Saving will overwrite a newer version."),
    _("There are validation errors, click save to highlight them."),
    _("Correct the validation errors to resume preview (saving will highlight errors)"),
    _("Preview cannot display due to validation errors. <br /> Click save to highlight the relevant fields."),
)

CHECKS = (
    _("Checks"),
    _("Show issue"),
    _("Content metrics"),
    _("Words"),
    _("Reading time"),
    _("Readability"),
    _("We extract the main content from the page preview, remove all formatting, and calculate the number of words."),
    _("Button text is empty"),
    _("Use meaningful text for screen reader users"),
    _("Empty heading found"),
    _("Table header text is empty"),
    _("Empty frame title found"),
    _("Use a meaningful title for screen reader users"),
    _("Incorrect heading hierarchy"),
    _("Avoid skipping levels"),
    _("Input button text is empty"),
    _("Link text is empty"),
    _("Misusing paragraphs as headings"),
    _("Use proper heading tags"),
    _("Image alt text has inappropriate pattern"),
    _("Use meaningful text"),
    _("Meta description is empty"),
    _("Add a concise description for search engines"),
)

LIBRARIES = (
    _("You haven't uploaded any images."),
    _("Maximum filesize: %(max_upload_size)s."),
    _("Upload successful. However, your new image seems to be a duplicate of this existing image. You may delete it if it wasn't required."),
)

ACCOUNT = (_("admin theme"), _("contrast"), _("More contrast"), _("density"), _("Enable custom keyboard shortcuts specific to Wagtail."))
