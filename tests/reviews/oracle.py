"""What must hold of every signed release, recomputed from the rows alone, without a line of the code under test."""

from __future__ import annotations

from collections.abc import Iterator

from wagtail.models import Revision

from fangtang.articles import content
from fangtang.releases.models import Release


def breaches() -> list[str]:
    """Every way in which a signed release breaks the rules; [] when none does."""
    return [f"release {release.pk}: {what}" for release in Release.objects.filter(kind="sign") for what in _breaches(release)]


def _breaches(release: Release) -> Iterator[str]:
    assert release.turn is not None
    steps = list(release.turn.steps.order_by("position"))
    readers = [step.by_id for step in steps]
    writers = _writers(release)
    if not steps:
        yield "nobody read it"
    if any(step.status != "approved" for step in steps):
        yield "a step was not approved"
    if len(set(readers) | {release.by_id}) != len(readers) + 1:
        yield "somebody took two steps, the signature included"
    if writers & {*readers, release.by_id}:
        yield "somebody judged what they wrote"
    if {step.content_sha256 for step in steps} != {release.content_sha256}:
        yield "another text was read"
    if content.content_sha256(release.revision) != release.content_sha256:
        yield "another text went out"


def _writers(release: Release) -> set[int | None]:
    """The creator, and whoever saved a revision between the last signed one and this one."""
    before = Release.objects.filter(article=release.article, kind="sign", pk__lt=release.pk).order_by("pk").last()
    since = before.revision_id if before else 0
    revisions = Revision.objects.for_instance(release.article).filter(pk__gt=since, pk__lte=release.revision_id)
    return {release.article.created_by_id, *revisions.values_list("user_id", flat=True)} - {None}
