"""What people ask about plans, turns and steps. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.log_actions import registry as registry_of_logs

from fangtang.kernel.errors import Obstacle
from fangtang.outlets.models import Section
from fangtang.people import queries as people
from fangtang.people.models import Post, Reach, Unit, User
from fangtang.people.queries import Duty
from fangtang.people.roles import REVIEWERS, Role
from fangtang.reviews import plans, registry, states
from fangtang.reviews.models import ReviewPlan, Sensitivity, Step, StepKind, Turn
from fangtang.reviews.policies import Reading

LIVE = (states.OPEN, states.PASSED)
TAKEN = (states.APPROVED, states.SENT_BACK)


def plan_for(sections: Iterable[Section], *, sensitivity: str) -> plans.Plan:
    """The strictest merge of the plans of these sections; the default plan of the sensitivity where nobody laid down one.

    For one section: its own plan, then those of the sections above it, its site's, the body's; in each place the plan of this sensitivity
    before the one for any.
    """
    wanted = tuple(sections)
    laid_down = {(plan.section_id, plan.site_id, plan.sensitivity): tuple(plan.steps) for plan in ReviewPlan.objects.all()}
    above = _ids_by_path(wanted)
    default = laid_down.get((None, None, sensitivity)) or laid_down.get((None, None, "")) or plans.DEFAULT[Sensitivity(sensitivity)]

    def of(section: Section) -> plans.Plan:
        places = [(above[path], None) for path in reversed(_lineage(section)) if path in above]
        for place in [*places, (None, section.site_id)]:
            for grade in (sensitivity, ""):
                if steps := laid_down.get((*place, grade)):
                    return steps
        return default

    return plans.strictest([of(section) for section in wanted] or [default])


def _lineage(section: Section) -> list[str]:
    """Tree paths from the root down to the section itself."""
    return [section.path[:length] for length in range(section.steplen, len(section.path) + 1, section.steplen)]


def _ids_by_path(sections: Sequence[Section]) -> dict[str, int]:
    paths = {path for section in sections for path in _lineage(section)}
    return dict(Section.objects.filter(path__in=paths).values_list("path", "pk"))


def turns_of(subject: models.Model) -> QuerySet[Turn]:
    """Every turn of a subject, the newest first."""
    return Turn.objects.filter(content_type=content_type(subject), object_id=subject.pk).order_by("-number")


def open_turn_of(subject: models.Model) -> Turn | None:
    """The turn being read, or passed and waiting for the signature; None when there is none."""
    return turns_of(subject).filter(status__in=LIVE).first()


def content_type(subject: models.Model) -> ContentType:
    return ContentType.objects.get_for_model(subject, for_concrete_model=False)


def due_step(turn: Turn) -> Step | None:
    """The step whose turn it is; None when the turn waits for nobody."""
    return turn.steps.filter(status=states.DUE).first()


def present_sha256(turn: Turn) -> str:
    """The content hash of the subject as it is now. Raises KeyError when the subject's room registered none."""
    subject = turn.subject
    return registry.current_sha256.get(subject._meta.label_lower)(subject) if subject else ""


def writers_between(subject: models.Model, *, until_revision: int) -> set[int]:
    """Ids of everybody who wrote in what is read: whoever saved a revision after the last released one, up to `until_revision`.

    Where it stands nowhere (withdrawn, or never released), all of it counts as unread; the writers of an older one that was brought back wrote too.
    """
    stands = registry.stands.get(subject._meta.label_lower)(subject)
    released = [] if not stands else list(turns_of(subject).filter(status=states.RELEASED).order_by("revision_id").values_list("revision_id", flat=True))
    wrote = Q(pk__in=[])
    spans = [(max([pk for pk in released if pk < until_revision], default=0), until_revision)]
    for brought_back in _brought_back(subject, since=spans[0][0], until=until_revision):
        spans.append((max([pk for pk in released if pk < brought_back], default=0), brought_back))
    for after, until in spans:
        wrote |= Q(pk__gt=after, pk__lte=until)
    return set(subject.revisions.filter(wrote).exclude(user=None).values_list("user_id", flat=True))  # type: ignore[attr-defined]


def _brought_back(subject: models.Model, *, since: int, until: int) -> list[int]:
    """Ids of older revisions that were made the newest again by one of these revisions (after `since`, up to `until`), and by those again."""
    log = registry_of_logs.get_logs_for_instance(subject).filter(action="wagtail.revert").values_list("revision_id", "data")
    reverts = {revision_id: int(about["revision"]["id"]) for revision_id, about in log if revision_id}
    found: list[int] = []
    wanted = [source for revision_id, source in reverts.items() if since < revision_id <= until]
    while wanted:
        source = wanted.pop()
        if source not in found:
            found.append(source)
            wanted.extend([reverts[source]] if source in reverts else [])
    return found


def reading_of(step: Step) -> Reading:
    """What the rules look at, read afresh."""
    return Reading(
        turn_status=step.turn.status,
        step_status=step.status,
        writers=frozenset(step.turn.writers.values_list("pk", flat=True)),
        takers=frozenset(taker_ids(step.turn)),
    )


def taker_ids(turn: Turn) -> set[int]:
    """Ids of everybody who took a step of this turn."""
    return {pk for pk in turn.steps.values_list("by_id", flat=True) if pk is not None}


def post_for(person: User, *, role: str, unit: Unit, day: date) -> Post | None:
    """The post by which this person acts in a role for a unit on a day: an own one before one they stand in for; None when there is none."""
    fitting = [duty.post_id for duty in people.duties(person, day=day) if duty.role == role and duty.covers(unit.path)]
    posts = sorted(Post.objects.filter(pk__in=fitting), key=lambda post: (post.user_id != person.pk, post.pk))
    return posts[0] if posts else None


def eligible(step: Step, *, day: date) -> QuerySet[User]:
    """Who may take the step on a day: holders of its role (stand-ins included) who neither wrote nor took a step of this turn."""
    return holders_apart(step.turn, role=step.role, day=day)


def obstacles_to_reading(turn: Turn, *, day: date) -> tuple[Obstacle, ...]:
    """That nobody may take the step that is due, cleared by who can give somebody the post; () when somebody may, or no step is due."""
    step = due_step(turn)
    if step is None or eligible(step, day=day).exists():
        return ()
    operators = people.holders(Role.OPERATOR, unit=turn.unit, day=day).values_list("pk", flat=True)
    return (Obstacle("reviews.nobody_for_step", {"kind": step.kind, "level": step.level}, tuple(operators)),)


def holders_apart(turn: Turn, *, role: str, day: date) -> QuerySet[User]:
    """Who may act in a role on a turn and did not write it or take a step of it."""
    involved = set(turn.writers.values_list("pk", flat=True)) | taker_ids(turn)
    return people.holders(role, unit=turn.unit, day=day).exclude(pk__in=involved)


def due_for(person: User, *, day: date) -> QuerySet[Step]:
    """Steps that are due in a role and unit of this person on a day, the oldest turn first, also those they may not take themselves."""
    duties, fitting = people.duties(person, day=day), Q(pk__in=[])
    for role in (Role.PROOFREADER, *REVIEWERS):
        if theirs := [duty for duty in duties if duty.role == role]:
            fitting |= _steps_of(role) & Q(turn__unit__in=_units(theirs))
    due = Step.objects.filter(fitting, status=states.DUE, turn__status=states.OPEN)
    return due.select_related("turn", "turn__unit", "turn__opened_by").order_by("turn_id")


def waiting_for(person: User, *, day: date) -> QuerySet[Step]:
    """Steps that this person may take on a day: due, in their role and unit, neither written by them nor already read by them in this turn."""
    return due_for(person, day=day).exclude(_involved(person))


def barred_for(person: User, *, day: date) -> QuerySet[Step]:
    """Steps due in this person's role and unit that somebody else must take, since they wrote or already took a step."""
    return due_for(person, day=day).filter(_involved(person))


def _involved(person: User) -> Q:
    """Asked from the person's side: they wrote and read little beside all that is due."""
    wrote = Turn.writers.through.objects.filter(user_id=person.pk).values("turn_id")
    took = Step.objects.filter(by_id=person.pk).values("turn_id")
    return Q(turn_id__in=wrote) | Q(turn_id__in=took)


def _steps_of(role: Role) -> Q:
    return Q(kind=StepKind.PROOFREAD) if role == Role.PROOFREADER else Q(kind=StepKind.REVIEW, level=REVIEWERS.index(role) + 1)


def _units(duties: Iterable[Duty]) -> list[int]:
    """Ids of the units within reach: asked beforehand, since they are few and a database plans well with them."""
    found = Q(pk__in=[])
    for duty in duties:
        found |= Q(path__startswith=duty.unit_path) if duty.reach == Reach.BELOW else Q(pk=duty.unit_id)
    return list(Unit.objects.filter(found).values_list("pk", flat=True))


def mine(person: User) -> QuerySet[Turn]:
    """Turns that this person opened or wrote in."""
    wrote = Turn.writers.through.objects.filter(user_id=person.pk).values("turn_id")
    return Turn.objects.filter(Q(opened_by=person) | Q(pk__in=wrote)).select_related("unit", "opened_by")


def mine_in_review(person: User) -> QuerySet[Turn]:
    """Of those, the ones being read or waiting for the signature, the newest first."""
    return mine(person).filter(status__in=LIVE).order_by("-pk")


def returned_to(person: User) -> QuerySet[Turn]:
    """Of those, the ones returned with nothing newer opened since, the newest first."""
    newer = Turn.objects.filter(content_type_id=OuterRef("content_type_id"), object_id=OuterRef("object_id"), number__gt=OuterRef("number"))
    return mine(person).filter(~Exists(newer), status=states.RETURNED).order_by("-closed_at", "-pk")


def ready_for(person: User, *, day: date) -> QuerySet[Turn]:
    """Passed turns that wait for the signature in a unit where this person is chief editor, and neither wrote nor read; the oldest first."""
    units = _units(duty for duty in people.duties(person, day=day) if duty.role == Role.CHIEF_EDITOR)
    wrote = Turn.writers.through.objects.filter(user_id=person.pk).values("turn_id")
    took = Step.objects.filter(by_id=person.pk).values("turn_id")
    passed = Turn.objects.filter(unit__in=units, status=states.PASSED).exclude(Q(pk__in=wrote) | Q(pk__in=took))
    return passed.select_related("unit", "opened_by").order_by("pk")


def facts_of(turn: Turn) -> dict[str, Any]:
    """What notices say about a turn."""
    return {"turn": turn.pk, "title": turn.title, "number": turn.number}


def plans_managed_by(person: User, *, day: date) -> QuerySet[ReviewPlan]:
    """The plans that this person may change: those of the sites they manage; for an operator the body's too."""
    units = people.units_of(person, roles={Role.SITE_MANAGER, Role.OPERATOR}, day=day)
    theirs = Q(site__unit__in=units) | Q(section__site__unit__in=units)
    if any(duty.role == Role.OPERATOR for duty in people.duties(person, day=day)):
        theirs |= Q(site=None, section=None)
    return ReviewPlan.objects.filter(theirs).select_related("site", "section__site").order_by("site_id", "section_id", "sensitivity", "pk")
