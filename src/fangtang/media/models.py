"""Pictures and files (Wagtail's images and documents). Each lies in a Wagtail collection; each unit has one: its shelf.

The bytes of a picture or file never change once it is stored: a signature covers them by their SHA-256. Something better is uploaded anew.
"""

from __future__ import annotations

import hashlib
import uuid
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.base import File as DjangoFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Collection

from fangtang.kernel import text
from fangtang.kernel.errors import Invalid
from fangtang.media import pictures
from fangtang.people.models import Unit


class Shelf(models.Model):
    """The collection of a unit."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="shelf")
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="shelf")

    class Meta:
        verbose_name = _("shelf")
        verbose_name_plural = _("shelves")

    def __str__(self) -> str:
        return str(self.unit)


class Picture(AbstractImage):
    """A picture. `description` (Wagtail's) is the default alternative text, `credit` who made it; `sha256` is that of the stored bytes."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    credit = models.CharField(_("credit"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes: ClassVar = [models.Index(fields=["file"], name="picture_file")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the picture without its side-notes. Raises Invalid "media.no_picture", "media.bytes_fixed"."""
        if not self.file._committed:  # type: ignore[attr-defined]  # a FieldFile again as soon as it is assigned
            _refuse_other_bytes(self)
            self.file.seek(0)
            self._settle(self.file.read())
        super().save(*args, **kwargs)

    def _settle(self, payload: bytes) -> None:
        kept = pictures.kept(payload, most_pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
        if isinstance(kept, pictures.Wrong):
            raise Invalid("media.no_picture", reason=kept.value)
        self.file = ContentFile(kept.payload, name=f"{uuid.uuid4().hex}.{kept.extension}")
        self.sha256 = hashlib.sha256(kept.payload).hexdigest()
        self.file_size = len(kept.payload)
        self.file_hash = hashlib.sha1(kept.payload, usedforsecurity=False).hexdigest()

    def get_upload_to(self, filename: str) -> str:
        """Under a name that tells nothing, in one of 256 folders."""
        return f"pictures/{filename[:2]}/{filename}"


class Rendition(AbstractRendition):
    """An image in one size and format."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
        indexes: ClassVar = [models.Index(fields=["file"], name="rendition_file")]


class File(AbstractDocument):
    """A file to download, or a video with its captions. `sha256` is that of the stored bytes."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    sha256 = models.CharField(max_length=64, editable=False)

    admin_form_fields = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes: ClassVar = [models.Index(fields=["file"], name="file_file")]

    @property
    def filename(self) -> str:
        """The name under which people save it: its title with the extension of what is stored."""
        return f"{text.shortened(self.title, most=80).replace('/', '_')}{PurePosixPath(self.file.name).suffix}"

    @property
    def file_extension(self) -> str:
        return PurePosixPath(self.file.name).suffix.removeprefix(".")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the file under a plain ASCII name. Raises Invalid "media.bytes_fixed"."""
        if not self.file._committed:
            _refuse_other_bytes(self)
            self._settle(self.file.file)
        super().save(*args, **kwargs)

    def _settle(self, opened: DjangoFile[bytes]) -> None:
        digest, digest_of_wagtail = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
        for chunk in opened.chunks():
            digest.update(chunk)
            digest_of_wagtail.update(chunk)
        self.sha256, self.file_hash, self.file_size = digest.hexdigest(), digest_of_wagtail.hexdigest(), opened.size
        name = uuid.uuid4().hex
        self.file.name = f"{name[:2]}/{name}{PurePosixPath(self.file.name).suffix.lower()}"
        opened.seek(0)


def _refuse_other_bytes(row: Picture | File) -> None:
    if row.pk and type(row)._default_manager.filter(pk=row.pk).exists():
        raise Invalid("media.bytes_fixed", pk=row.pk)
