"""The gate's own obstacles, registered with `gate`. Each is asked afresh at every decision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from fangtang.articles import content as contents
from fangtang.articles import queries as articles
from fangtang.kernel.errors import Obstacle
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Post, Reach
from fangtang.people.roles import Role
from fangtang.releases import gate, queries
from fangtang.releases.gate import Case
from fangtang.reviews import plans, policies
from fangtang.reviews import queries as reviews
from fangtang.reviews import states as review_states
from fangtang.reviews.models import Step


def _ids(role: str, case: Case) -> tuple[int, ...]:
    return tuple(people.holders(role, unit=case.unit, day=case.day).values_list("pk", flat=True))


@gate.sign.register("10.post")
@gate.withdraw.register("10.post")
def no_post(case: Case) -> Iterator[Obstacle]:
    """Only a chief editor of the article's unit, today, in person or standing in."""
    if reviews.post_for(case.by, role=Role.CHIEF_EDITOR, unit=case.unit, day=case.day) is None:
        yield Obstacle("releases.not_chief_editor", clearers=_ids(Role.CHIEF_EDITOR, case))


@gate.sign.register("20.bin")
def in_bin(case: Case) -> Iterator[Obstacle]:
    if case.article.trashed_at is not None:
        yield Obstacle("releases.in_bin", clearers=_ids(Role.EDITOR, case))


@gate.sign.register("30.turn")
def no_passed_turn(case: Case) -> Iterator[Obstacle]:
    """Not submitted, or still being read: who can take the step that is due is named; where nobody can, the operators are."""
    if case.turn is None:
        yield Obstacle("releases.not_submitted", clearers=_ids(Role.EDITOR, case))
        return
    for step in case.steps:
        if step.status in (review_states.DUE, review_states.AHEAD):
            able = tuple(reviews.eligible(step, day=case.day).values_list("pk", flat=True))
            code = "releases.step_waits" if able else "releases.nobody_for_step"
            yield Obstacle(code, {"kind": step.kind, "level": step.level}, able or _operators(case))
        elif step.status != review_states.APPROVED:
            yield Obstacle("releases.step_not_approved", {"kind": step.kind, "level": step.level}, _ids(Role.EDITOR, case))


@gate.sign.register("40.plan")
def plan_misses_step(case: Case) -> Iterator[Obstacle]:
    """Every step of the plan as it stands now was approved in this turn, in the turn's order; a plan made stricter meanwhile counts."""
    if case.turn is None:
        return
    approved = [step for step in case.steps if step.status == review_states.APPROVED]
    wanted = reviews.plan_for(_sections(case), sensitivity=case.content.sensitivity)
    for name in plans.missing(wanted, [step.name for step in case.steps]):
        kind, level = plans.split(name)
        yield Obstacle("releases.plan_misses_step", {"kind": kind, "level": level}, _ids(Role.EDITOR, case))
    moments = [step.at for step in approved if step.at is not None]
    if moments != sorted(moments):
        yield Obstacle("releases.steps_out_of_order", clearers=_ids(Role.EDITOR, case))


@gate.sign.register("50.hash")
def text_differs(case: Case) -> Iterator[Obstacle]:
    """What was read, step by step, is what would go out, and nothing newer stands on the desk."""
    if case.turn is None:
        return
    approved = case.turn.content_sha256
    present = {contents.content_sha256(case.turn.revision), reviews.present_sha256(case.turn)}
    seen = {step.content_sha256 for step in case.steps if step.by_id is not None}
    if present != {approved} or seen - {approved}:
        yield Obstacle("releases.text_differs", {"approved": approved}, _ids(Role.EDITOR, case))


@gate.sign.register("60.apart")
def not_apart(case: Case) -> Iterator[Obstacle]:
    """Nobody judged what they wrote, nobody took two steps, and the signer did neither write nor read. Computed from the revisions, not believed."""
    if case.turn is None:
        return
    writers = _writers(case)
    takers = [step.by_id for step in case.steps if step.by_id is not None]
    reading = policies.Reading(case.turn.status, "", frozenset(writers), frozenset(takers))
    for obstacle in policies.apart(reading, person_id=case.by.pk):
        able = reviews.holders_apart(case.turn, role=Role.CHIEF_EDITOR, day=case.day).exclude(pk__in=writers)
        yield Obstacle(obstacle.code.replace("reviews.", "releases.signer_"), clearers=tuple(able.values_list("pk", flat=True)) or _operators(case))
    for step in case.steps:
        if step.by_id in writers:
            yield _broken("releases.reader_wrote_it", step, case)
        if step.by_id is not None and takers.count(step.by_id) > 1:
            yield _broken("releases.reader_took_two_steps", step, case)


@gate.sign.register("65.verdicts")
def verdict_unfounded(case: Case) -> Iterator[Obstacle]:
    """Each verdict was given by somebody holding a post for that step on that day, and each proofread is signed with that person's name."""
    for step in case.steps:
        if step.by is None or step.at is None or case.turn is None:
            continue
        day = people.today(step.at)
        fitting = reviews.post_for(step.by, role=step.role, unit=case.turn.unit, day=day)
        if fitting is None and not _held_then(step, case):
            yield _broken("releases.reader_had_no_post", step, case)
        if step.kind == plans.PROOFREAD and not step.signature.strip():
            yield _broken("releases.proofread_unsigned", step, case)


@gate.sign.register("70.sections")
def section_in_the_way(case: Case) -> Iterator[Obstacle]:
    """Each section still stands, is open, and takes the unit's articles."""
    wanted = [placement["section"] for placement in case.revision.content["placements"]] if case.revision else []
    if not wanted:
        yield Obstacle("releases.no_section", clearers=_ids(Role.EDITOR, case))
    standing = {section.pk: section for section in Section.objects.filter(pk__in=wanted).select_related("site__unit")}
    taking = set(Section.objects.filter(articles.takes(case.unit.pk), pk__in=wanted).values_list("pk", flat=True))
    for pk in wanted:
        section = standing.get(pk)
        if section is None:
            yield Obstacle("releases.section_deleted", {"section": pk}, _ids(Role.EDITOR, case))
        elif section.closed_at is not None:
            yield Obstacle("releases.section_closed", _place(section), _managers(section, case))
        elif pk not in taking:
            yield Obstacle("releases.section_refuses", _place(section), _managers(section, case))


@gate.sign.register("80.media")
def media_missing_or_changed(case: Case) -> Iterator[Obstacle]:
    """Every picture and file is there, byte for byte as its stored digest says."""
    if case.revision is None:
        return
    used = contents.media_of(case.revision.content)
    for kind, model, ids in (("picture", get_image_model(), used.pictures), ("file", get_document_model(), used.files)):
        rows = model.objects.in_bulk(ids)
        for pk in ids:
            code = _fault(rows.get(pk))
            if code:
                title = str(rows[pk].title) if pk in rows else str(pk)
                yield Obstacle(code, {"kind": kind, "title": title}, _ids(Role.EDITOR, case))


@gate.withdraw.register("20.standing")
def stands_nowhere(case: Case) -> Iterator[Obstacle]:
    if not queries.is_standing(case.article):
        yield Obstacle("releases.stands_nowhere")


def _writers(case: Case) -> set[int]:
    """Whoever created the article, saved a revision of what was read, or is named a writer of the turn."""
    assert case.turn is not None
    named = set(case.turn.writers.values_list("pk", flat=True))
    return named | reviews.writers_between(case.article, until_revision=case.turn.revision_id) | {case.article.created_by_id}


def _broken(code: str, step: Step, case: Case) -> Obstacle:
    """A breach of the rules in the record itself: only a new turn helps, which editors open."""
    return Obstacle(code, {"person": str(step.by), "kind": step.kind, "level": step.level}, _ids(Role.EDITOR, case))


def _held_then(step: Step, case: Case) -> bool:
    """The recorded post fits the step and was in force on the day of the verdict (its holder may have left since)."""
    post = step.post
    if post is None or step.at is None or step.by_id is None or post.role != step.role or case.turn is None:
        return False
    day = people.today(step.at)
    in_force = post.starts_on <= day and (post.ends_on is None or post.ends_on >= day)
    theirs = post.user_id == step.by_id or post.stand_ins.filter(user_id=step.by_id, starts_on__lte=day, ends_on__gte=day).exists()
    reaches = post.unit_id == case.turn.unit_id or (post.reach == Reach.BELOW and case.turn.unit.path.startswith(post.unit.path))
    return in_force and theirs and reaches


def _sections(case: Case) -> list[Section]:
    return list(Section.objects.filter(pk__in=[placement.section_id for placement in case.content.placements.all()]))


def _place(section: Section) -> dict[str, Any]:
    return {"section": section.name, "site": section.site.name}


def _managers(section: Section, case: Case) -> tuple[int, ...]:
    managers = people.holders(Role.SITE_MANAGER, unit=section.site.unit, day=case.day)
    return (*_ids(Role.EDITOR, case), *managers.values_list("pk", flat=True))


def _operators(case: Case) -> tuple[int, ...]:
    """Who can give somebody a post."""
    posts = Post.objects.filter(people.in_force(case.day), role=Role.OPERATOR, user__is_active=True)
    return tuple(sorted(set(posts.values_list("user_id", flat=True))))


def _fault(row: Any) -> str:
    """Code of what is wrong with a picture or file; "" for nothing."""
    if row is None:
        return "releases.media_missing"
    try:
        with row.file.open("rb") as opened:
            return "" if hashlib.file_digest(opened, "sha256").hexdigest() == row.sha256 else "releases.media_changed"
    except FileNotFoundError:
        return "releases.media_missing"
