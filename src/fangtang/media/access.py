"""Who may reach the addresses of pictures and files, Wagtail's own included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from fangtang.kernel.sent import decimal_id
from fangtang.media import queries
from fangtang.media.models import File
from fangtang.media.permissions import MAKERS, READERS
from fangtang.people.access import NOBODY, UnitPaths, declare, roles


def picture(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the picture that the address names."""
    return queries.units_of_picture(captured["image_id"])


def chosen_picture(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the picture that a chooser names."""
    return queries.units_of_picture(captured["pk"])


def file(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the file that the address names ("document_id", "doc_id", or by place)."""
    return queries.units_of_file(_file_id(captured))


def chosen_file(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the file that a chooser names."""
    return queries.units_of_file(captured["pk"])


def shown_file(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the file, and those that show it: who reads a text sees all of it."""
    return file(request, captured) + queries.units_showing(File, decimal_id(_file_id(captured)))


def _file_id(captured: Mapping[str, Any]) -> Any:
    return captured.get("document_id", captured.get("doc_id", captured.get("0")))


def upload(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of what is stored under the name in the address, and those that show it."""
    return queries.units_of_upload(captured["name"]) + queries.units_showing_upload(captured["name"])


READING = ("GET", "HEAD")

declare(roles(*READERS).of(upload).by(*READING), "fangtang_uploads")
declare(roles(*READERS).of(shown_file).by(*READING), "wagtaildocs_serve")

# Lists, uploads and choosers show what the permission policy gives (permissions.ShelfPolicy).
declare(roles(*MAKERS), *(f"wagtailimages:{name}" for name in ("index", "index_results", "add", "add_multiple")))
declare(roles(*MAKERS), *(f"wagtaildocs:{name}" for name in ("index", "index_results", "add", "add_multiple")))
declare(roles(*READERS), *(f"wagtailimages_chooser:{name}" for name in ("choose", "choose_results", "chosen_multiple")))
declare(roles(*READERS), *(f"wagtaildocs_chooser:{name}" for name in ("choose", "choose_results", "chosen_multiple")))
declare(roles(*MAKERS), "wagtailimages_chooser:create", "wagtaildocs_chooser:create")

# One picture, one file.
declare(roles(*MAKERS).of(picture), "wagtailimages:edit", "wagtailimages:delete", "wagtailimages:image_usage")
declare(roles(*MAKERS).of(picture).by("POST"), "wagtailimages:edit_multiple", "wagtailimages:delete_multiple")
declare(roles(*READERS).of(chosen_picture), "wagtailimages_chooser:chosen")
declare(roles(*READERS).of(picture), "wagtailimages_chooser:select_format")
declare(roles(*MAKERS).of(file), "wagtaildocs:edit", "wagtaildocs:delete", "wagtaildocs:document_usage")
declare(roles(*MAKERS).of(file).by("POST"), "wagtaildocs:edit_multiple", "wagtaildocs:delete_multiple")
declare(roles(*READERS).of(chosen_file), "wagtaildocs_chooser:chosen")

# Signed addresses of renditions for pages outside, which we have none of.
declare(NOBODY, "wagtailimages:url_generator", "wagtailimages:url_generator_output", "wagtailimages:preview")
# Collections behind a password.
declare(NOBODY, "wagtaildocs_authenticate_with_password")
# The second step of an upload whose other fields were wrong, which would keep the file as it came.
declare(
    NOBODY,
    "wagtailimages:create_multiple_from_uploaded_image",
    "wagtailimages:delete_upload_multiple",
    "wagtaildocs:create_multiple_from_uploaded_document",
    "wagtaildocs:delete_upload_multiple",
)
