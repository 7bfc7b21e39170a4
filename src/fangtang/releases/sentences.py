"""What notices say about releases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from fangtang.notices import registry
from fangtang.releases import presenters


@registry.sentences.register("release.signed")
def _signed(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” was signed and is going out.") % facts


@registry.sentences.register("release.withdrawn")
def _withdrawn(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” was withdrawn: %(reason)s") % facts


@registry.sentences.register("release.failed")
def _failed(facts: Mapping[str, Any]) -> str:
    return _("“%(title)s” was signed, but could not be put on the sites: %(reason)s") % {
        "title": facts["title"],
        "reason": presenters.failure(facts["error"], facts["data"]),
    }
