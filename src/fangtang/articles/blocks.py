"""The blocks of an article's body."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from fangtang.articles.tables import SheetBlock

RICH_TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link", "superscript", "subscript"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=200)
    level = blocks.ChoiceBlock(label=_("Level"), choices=[("2", _("Heading")), ("3", _("Subheading"))], default="2")

    class Meta:
        icon = "title"
        label_format = "{text}"


class ImageBlock(blocks.StructBlock):
    """An image; without an alternative text it is declared decorative on purpose."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=300,
        required=False,
        help_text=_("What somebody who cannot see the image should learn from it, in one sentence."),
    )
    is_decorative = blocks.BooleanBlock(label=_("Decorative: says nothing the text does not say"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)
    credit = blocks.CharBlock(label=_("Credit"), max_length=100, required=False, help_text=_("Who took or drew it."))

    class Meta:
        icon = "image"
        label_format = "{caption}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not cleaned["alt"].strip() and not cleaned["is_decorative"]:
            sentence = _("Describe the image in one sentence, or tick “Decorative” when it says nothing the text does not say.")
            raise StructBlockValidationError(block_errors={"alt": ValidationError(sentence)})
        return cleaned


class VideoBlock(blocks.StructBlock):
    video = DocumentChooserBlock(label=_("Video file"), help_text=_("MP4 or WebM."))
    captions = DocumentChooserBlock(label=_("Captions (WebVTT)"), required=False)
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    transcript = blocks.TextBlock(label=_("Transcript"), required=False, help_text=_("What is said and shown, for people who cannot hear or see it."))

    class Meta:
        icon = "media"
        label_format = "{title}"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        wrong = {}
        if not str(cleaned["video"].filename).lower().endswith((".mp4", ".webm")):
            wrong["video"] = ValidationError(_("Choose a video: an MP4 or WebM file."))
        if cleaned["captions"] and not str(cleaned["captions"].filename).lower().endswith(".vtt"):
            wrong["captions"] = ValidationError(_("Choose a caption file that ends in .vtt."))
        if wrong:
            raise StructBlockValidationError(block_errors=wrong)
        return cleaned


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quotation"))
    cite = blocks.CharBlock(label=_("Said by"), max_length=200, required=False)

    class Meta:
        icon = "openquote"
        label_format = "{text}"


class AttachmentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Title"), max_length=200, required=False, help_text=_("Shown instead of the file's own title."))

    class Meta:
        icon = "doc-full"
        label_format = "{title}"


class BodyBlocks(blocks.StreamBlock):
    """What an article's body is made of."""

    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES, icon="pilcrow")
    heading = HeadingBlock(label=_("Heading"))
    image = ImageBlock(label=_("Image"))
    video = VideoBlock(label=_("Video"))
    table = SheetBlock(label=_("Table"))
    quotation = QuotationBlock(label=_("Quotation"))
    attachment = AttachmentBlock(label=_("Attachment"))
