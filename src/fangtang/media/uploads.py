"""Receiving files: not more than an editor may upload is ever kept, however much is sent."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class MostBytes(FileUploadHandler):
    """First of the upload handlers: passes a file on until it is too large, then lets the rest go by unkept.

    The form is read to its end, so that nothing else that was typed is lost; the field then sees a file of its true size without content
    and can say what is wrong (`forms`).
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received_bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received_bytes += len(raw_data)
        return raw_data if self.received_bytes <= settings.UPLOAD_MOST_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The stand-in for a file that was too large; None leaves a small one to the next handler."""
        if file_size <= settings.UPLOAD_MOST_BYTES:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, size=file_size, charset=self.charset)
