"""Why a release waits or failed, in words for editors and operators; what notices say about incidents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from fangtang.notices import registry as notices
from fangtang.releases import registry
from fangtang.snapshots import presenters

SENTENCES: Mapping[str, Promise] = {
    "snapshots.site_broken": lazy("The pages of “%(name)s” could not be drawn (%(reason)s). The other sites have theirs."),
    "snapshots.article_broken": lazy("Where the article stands could not be worked out (%(reason)s)."),
    "snapshots.not_prepared": lazy("The text could not be made into a page (%(reason)s)."),
    "snapshots.builder_died": lazy("The process that builds the sites was ended each time it came to this article."),
    "snapshots.not_what_was_signed": lazy("The text is no longer the one that was signed."),
    "snapshots.media_broken": lazy("A picture or file cannot be read (%(media)s: %(reason)s)."),
    "snapshots.media_gone": lazy("A picture or file is gone (%(media)s)."),
    "snapshots.media_changed": lazy("A picture or file is not the one that was signed: its bytes have changed (%(media)s)."),
    "snapshots.blob_missing": lazy("A file of the site is gone from the disk (%(sha256).12s)."),
    "snapshots.blob_changed": lazy("A file of the site was changed on the disk (%(sha256).12s)."),
    "snapshots.store_full": lazy("The disk of the public sites has no room (%(reason)s). What stands stays; it goes on by itself once there is room."),
    "snapshots.store_unwritable": lazy("The disk of the public sites cannot be written (%(reason)s). What stands stays; it goes on by itself afterwards."),
    "snapshots.key_unreadable": lazy("The key that signs the public sites cannot be read (%(reason)s). What stands stays."),
    "snapshots.trust_lost": lazy("The list of trusted keys is gone, and the root key is not there to write a new one. What stands stays."),
    "snapshots.trust_differs": lazy("The list of trusted keys is not the one that is kept beside the keys. What stands stays."),
    "snapshots.papers_damaged": lazy(
        "A list or a record of the public sites is damaged or not ours (%(file)s: %(reason)s). Nothing rests on it until it is put right."
    ),
    "snapshots.key_not_trusted": lazy("The key that signs the public sites is not among the trusted ones. What stands stays."),
}


def _register(code: str, sentence: Promise) -> None:
    @registry.failures.register(code)
    def said(data: Mapping[str, Any]) -> str:
        return str(sentence) % data


for _code, _sentence in SENTENCES.items():
    _register(_code, _sentence)


@notices.sentences.register("snapshots.incident")
def _incident(facts: Mapping[str, Any]) -> str:
    return presenters.told(facts)
