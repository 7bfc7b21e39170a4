"""Incidents in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

KINDS = {
    "changed": lazy("Files were changed"),
    "missing": lazy("Files were taken away"),
    "unexpected": lazy("Files were added"),
    "untrusted": lazy("The signed record or the trusted keys were replaced"),
    "attributes": lazy("Permissions were changed"),
    "several": lazy("Files were tampered with in several ways"),
    "stuck": lazy("Something foreign cannot be put right"),
    "repeated": lazy("The same places are changed again and again"),
    "watcher_died": lazy("The watching process was ended"),
    "watches_exhausted": lazy("There are more directories than can be watched"),
}
NOTICED = {
    "watch": lazy("by watching"),
    "scan": lazy("by looking through everything"),
    "start": lazy("when the guard started"),
    "guard": lazy("by the guard about itself"),
}
OTHER = lazy("Something about the public sites is not as it was signed")


def kind(name: str) -> str:
    """The guard's word as a sentence; a general one for a word of a newer guard."""
    return str(KINDS.get(name, OTHER))


def noticed(name: str) -> str:
    return str(NOTICED.get(name, name))


def state(count: int, restored: int) -> str:
    """How much is right again."""
    if count == 0:
        return ""
    if restored == count:
        return ngettext("%(count)d place, right again", "%(count)d places, all right again", count) % {"count": count}
    return _("%(restored)d of %(count)d places are right again") % {"count": count, "restored": restored}


def told(facts: Mapping[str, Any]) -> str:
    """A notice's sentence."""
    about = state(facts["count"], facts["restored"])
    return _("Public sites: %(what)s (%(how_much)s)") % {"what": kind(facts["kind"]), "how_much": about} if about else kind(facts["kind"])
