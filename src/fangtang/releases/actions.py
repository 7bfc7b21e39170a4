"""What chief editors decide: sign, withdraw; and taking over what was public before.

One decision is one transaction: the turn is marked released, the decision is written, `Standing` and `Address` follow it, the event is
recorded; the builder is nudged after commit.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from fangtang.articles.models import Article
from fangtang.audit import actions as audit
from fangtang.kernel.errors import Invalid, NotAllowed, NotPossible, Obstacle, Stale
from fangtang.kernel.text import clean
from fangtang.people import queries as people
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.releases import legacy, queries, registry, standings, states, telling
from fangtang.releases.models import Release, ReleaseKind
from fangtang.reviews import actions as reviews
from fangtang.reviews.models import Turn

adopt_legacy = legacy.adopt


@transaction.atomic
def sign(article: Article, *, seen_sha256: str, by: User, now: datetime) -> Release:
    """Release exactly what passed its turn.

    Raises NotAllowed for anybody who is no chief editor of the unit, NotPossible "releases.cannot_sign" with every obstacle, Stale when
    `seen_sha256` is not the hash that passed. Of two signers at once one wins.
    """
    _lock(article)
    case = queries.case_of(article, verb="sign", by=by, now=now)
    _refuse(queries.in_the_way(case, verb="sign"), code="releases.cannot_sign")
    turn = _passed(case.turn)
    if seen_sha256 != turn.content_sha256:
        raise Stale("releases.text_changed", seen=seen_sha256, current=turn.content_sha256)
    reviews.mark_released(turn, by=by, now=now)
    turn.refresh_from_db(fields=["status", "closed_at"])
    release = Release.objects.create(
        article=case.article, kind=ReleaseKind.SIGN, revision=turn.revision, content_sha256=turn.content_sha256, turn=turn, by=by, at=now
    )
    standings.put_up(release, content=case.content)
    _decided(release, by=by, now=now)
    telling.decided(release, code="release.signed", now=now)
    return release


@transaction.atomic
def withdraw(article: Article, *, reason: str, public_notice: str = "", by: User, now: datetime) -> Release:
    """Take the article down everywhere. With a public notice its addresses stay and show the notice.

    Raises Invalid "releases.reason_missing", NotAllowed, NotPossible "releases.cannot_withdraw".
    """
    _lock(article)
    _refuse(queries.obstacles(article, verb="withdraw", by=by, now=now), code="releases.cannot_withdraw")
    if not clean(reason).strip():
        raise Invalid("releases.reason_missing")
    last = queries.last_signed_of(article)
    if last is None:
        raise NotPossible("releases.stands_nowhere")
    release = Release.objects.create(
        article=last.article,
        kind=ReleaseKind.WITHDRAW,
        revision=last.revision,
        content_sha256=last.content_sha256,
        by=by,
        at=now,
        reason=clean(reason).strip(),
        public_notice=public_notice.strip(),
    )
    standings.take_down(release)
    _decided(release, by=by, now=now)
    telling.decided(release, code="release.withdrawn", now=now)
    return release


@transaction.atomic
def retry(release: Release, *, by: User, now: datetime) -> None:
    """Let a failed release be built again. Raises NotAllowed for anybody who is neither chief editor of the unit nor operator, NotPossible otherwise."""
    unit = release.article.unit
    if not people.units_of(by, roles={Role.CHIEF_EDITOR, Role.OPERATOR}, day=people.today(now)).filter(pk=unit.pk).exists():
        raise NotAllowed("releases.retry")
    again = Release.objects.filter(pk=release.pk, status__in=states.RELEASE.sources("retry"))
    if not again.update(status=states.DECIDED, claimed_at=None, attempts=0, error_code="", error_data={}):
        raise NotPossible("releases.not_failed", status=release.status)
    audit.record("releases.retry", by=by, now=now, subject=release.article, unit_id=unit.pk, release=release.pk)
    _nudge(release)


def _lock(article: Article) -> None:
    """Decisions about one article follow each other."""
    Article.objects.select_for_update(of=("self",)).get(pk=article.pk)


def _refuse(obstacles: tuple[Obstacle, ...], *, code: str) -> None:
    if any(obstacle.code == "releases.not_chief_editor" for obstacle in obstacles):
        raise NotAllowed("releases.not_chief_editor")
    if obstacles:
        raise NotPossible(code, obstacles=obstacles)


def _passed(turn: Turn | None) -> Turn:
    if turn is None:
        raise NotPossible("releases.not_submitted")
    return turn


def _decided(release: Release, *, by: User, now: datetime) -> None:
    facts = {"release": release.pk, "sha256": release.content_sha256, "standings": release.standings.count()}
    audit.record(f"releases.{release.kind}", by=by, now=now, subject=release.article, unit_id=release.article.unit_id, **facts)
    _nudge(release)


def _nudge(release: Release) -> None:
    for listen in registry.decided:
        transaction.on_commit(partial(listen, release.pk))
