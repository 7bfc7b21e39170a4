"""The forms with which pictures and files come in: Wagtail's, with our own look at what was sent and sentences that say what to do."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File as DjangoFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.models import Collection

from fangtang.kernel import text
from fangtang.media import pictures, sniffing
from fangtang.people.models import User

PICTURE_SENTENCES = {
    pictures.Wrong.NO_PICTURE: _(
        "This file is not a picture in one of the formats {formats}, whatever its name says. Save it as one of them and choose it again."
    ),
    pictures.Wrong.BROKEN: _("This picture is damaged or was cut off on its way. Open it on your computer, save it anew and choose it again."),
    pictures.Wrong.TOO_MANY_PIXELS: _("This picture has more than {millions} million pixels. Make it smaller and choose it again."),
}
FILE_SENTENCES = {
    sniffing.Wrong.UNKNOWN: _("Files of this kind cannot be uploaded. Possible are: {formats}."),
    sniffing.Wrong.OTHER_CONTENT: _("What is in this file is not what its name says. Save it again in the program that made it and choose it again."),
    sniffing.Wrong.MACROS: _("This document contains macros. Save it without macros and choose it again."),
    sniffing.Wrong.BROKEN: _("This file is damaged or was cut off on its way. Save it anew and choose it again."),
}
TOO_LARGE = _("This file has {size}; at most {most} are possible. Make it smaller, or ask the operator. Everything else that you entered is still here.")


class PictureField(WagtailImageField):
    """A picture that is one, whole, and small enough to be opened."""

    def to_python(self, data: Any) -> Any:
        _refuse_large(data)
        if data:
            _refuse_wrong_picture(data)
        return super().to_python(data)


class DocumentField(WagtailDocumentField):
    """A file that is what its extension says."""

    def to_python(self, data: Any) -> Any:
        _refuse_large(data)
        if data:
            extension = PurePosixPath(data.name).suffix.removeprefix(".").lower()
            found = sniffing.wrong(_whole(data), extension=extension) if extension in settings.WAGTAILDOCS_EXTENSIONS else sniffing.Wrong.UNKNOWN
            if found:
                raise ValidationError(_filled(FILE_SENTENCES[found], formats=", ".join(settings.WAGTAILDOCS_EXTENSIONS)), code=found.value)
        return super().to_python(data)


class FixedBytesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What both forms share: a clean title, the person's own shelf first, and no other bytes for a row that exists."""

    field_class: type[forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("file", None)
            return
        if "collection" in self.fields and isinstance(user, User) and user.unit_id:
            self.fields["collection"].initial = Collection.objects.filter(shelf__unit=user.unit_id).first()
        if "file" in self.fields:
            given = self.fields["file"]
            self.fields["file"] = self.field_class(label=given.label, widget=given.widget, required=given.required)

    def clean_title(self) -> str:
        return text.one_line(self.cleaned_data["title"])


class PictureForm(FixedBytesForm, BaseImageForm):
    """For `WAGTAILIMAGES_IMAGE_FORM_BASE`."""

    field_class = PictureField

    class Meta(BaseImageForm.Meta):
        """Wagtail's widgets."""


class FileForm(FixedBytesForm, BaseDocumentForm):
    """For `WAGTAILDOCS_DOCUMENT_FORM_BASE`."""

    field_class = DocumentField

    class Meta(BaseDocumentForm.Meta):
        """Wagtail's widgets."""


def _refuse_large(data: Any) -> None:
    if data and data.size > settings.UPLOAD_MOST_BYTES:
        sentence = _filled(TOO_LARGE, size=filesizeformat(data.size), most=filesizeformat(settings.UPLOAD_MOST_BYTES))
        raise ValidationError(sentence, code="too_large")


def _refuse_wrong_picture(data: Any) -> None:
    found = pictures.kept(_whole(data), most_pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    if isinstance(found, pictures.Wrong):
        formats, millions = ", ".join(sorted(pictures.FORMATS)), settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
        raise ValidationError(_filled(PICTURE_SENTENCES[found], formats=formats, millions=millions), code=found.value)


def _whole(data: DjangoFile[bytes]) -> bytes:
    data.seek(0)
    payload = data.read()
    data.seek(0)
    return payload


def _filled(sentence: Any, **values: object) -> Any:
    return format_lazy(sentence, **values)
