"""Nothing goes out without its review: every door that could lead past it, tried over HTTP, by command and in the shell.

The rules themselves are attacked in tests/reviews/test_attacks.py; here are the doors.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision, WorkflowMixin

from fangtang.articles import actions
from fangtang.articles.models import Article
from fangtang.people.checks import patterns
from fangtang.people.models import User
from fangtang.people.roles import Role
from fangtang.releases.models import Address, Release, Standing
from fangtang.reviews import states
from fangtang.reviews.models import Step, Turn
from tests import factories
from tests.factories import NOW, Office
from tests.reviews import oracle, rounds

pytestmark = pytest.mark.django_db

PAST_REVIEW = ("publish", "unpublish", "workflow", "schedule", "bulk", "moderation", "approve")


@pytest.fixture(autouse=True)
def _desk(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def office() -> Office:
    return factories.office()


def client(person: User) -> Client:
    made = Client()
    made.force_login(person, backend="fangtang.people.sign_in.PostBackend")
    return made


def nothing_is_out() -> bool:
    return not (Release.objects.exists() or Standing.objects.exists() or Address.objects.exists())


def posted(turn: Turn, **fields: str) -> dict[str, str]:
    return {"seen_sha256": turn.content_sha256, "comment": "", "verdict": "approve", "is_confirmed": "on"} | fields


def test_an_article_knows_neither_publishing_nor_wagtails_workflow() -> None:
    assert not issubclass(Article, DraftStateMixin | WorkflowMixin)


def test_wagtails_doors_past_the_review_lead_nowhere(office: Office) -> None:
    """Every address of the desk whose name speaks of publishing, workflow or bulk actions, asked with the article's own numbers."""
    article, _turn = rounds.submitted(office)
    root = factories.user("root", is_superuser=True, is_staff=True)
    factories.post(root, Role.EDITOR, office.unit)
    doors = [door for door in patterns() if any(word in door.door for word in PAST_REVIEW) and not door.door.startswith("desk:")]
    assert len(doors) > 10

    for door in doors:
        address = "/" + filled(door.route, article)
        for person in (office.an, office.fang, root):
            for ask in (client(person).get, client(person).post):
                status = ask(address).status_code
                assert status in (302, 400, 403, 404, 405), (door.door, address, status)
                assert nothing_is_out(), door.door
    assert Turn.objects.get().status == states.OPEN


def filled(route: str, article: Article) -> str:
    """A route with its parameters filled with numbers and names that exist."""
    words = {"app_label": "articles", "model_name": "article", "action": "publish", "action_name": "publish"}
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: words.get(found[1], str(article.pk)), route)
    return re.sub(r"\(\?P<\w+>[^)]*\)", str(article.pk), route).replace("^", "").replace("$", "").replace("\\", "")


def test_crafted_posts_do_not_help(office: Office) -> None:
    """The wrong person, the wrong step, the wrong order, the wrong hash, fields that no form has."""
    article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    first, second = turn.steps.all()
    chen, ding = office.reviewers[:2]
    tries = [
        (office.an, reverse("desk:step", args=[first.pk]), {}),
        (office.mo, reverse("desk:step", args=[first.pk]), {}),
        (office.fang, reverse("desk:step", args=[first.pk]), {}),
        (ding, reverse("desk:step", args=[first.pk]), {}),
        (ding, reverse("desk:step", args=[second.pk]), {}),
        (chen, reverse("desk:step", args=[second.pk]), {}),
        (chen, reverse("desk:step", args=[first.pk]), {"seen_sha256": "0" * 64}),
        (chen, reverse("desk:step", args=[first.pk]), {"seen_sha256": ""}),
        (chen, reverse("desk:step", args=[first.pk]), {"verdict": "pass", "status": "approved", "by": str(ding.pk)}),
        (office.fang, reverse("desk:sign", args=[article.pk]), {}),
        (office.an, reverse("desk:sign", args=[article.pk]), {}),
        (office.fang, reverse("desk:sign", args=[article.pk]), {"force": "1", "status": "passed"}),
    ]

    answers = [client(person).post(address, posted(turn, **fields)).status_code for person, address, fields in tries]

    assert set(answers) <= {404, 409, 422}
    assert nothing_is_out()
    assert not Step.objects.exclude(by=None).exists()


def test_a_superuser_without_a_post_finds_no_page(office: Office) -> None:
    article, turn = rounds.passed(office)
    root = client(factories.user("root", is_superuser=True, is_staff=True))
    addresses = [
        reverse("desk:step", args=[turn.steps.get(position=1).pk]),
        reverse("desk:turn", args=[turn.pk]),
        reverse("desk:sign", args=[article.pk]),
        reverse("desk:withdraw", args=[article.pk]),
        reverse("desk:return", args=[turn.pk]),
        reverse("desk:plans"),
        reverse("desk:plan_add"),
    ]

    assert {root.post(address, posted(turn)).status_code for address in addresses} == {404}
    assert nothing_is_out()


def test_a_superuser_with_a_post_obeys_like_everybody(office: Office) -> None:
    root = factories.user("root", is_superuser=True, is_staff=True)
    for role in (Role.EDITOR, Role.REVIEWER_1, Role.CHIEF_EDITOR):
        factories.post(root, role, office.unit)
    rounds.plan("review:1")
    article = factories.article(by=root, unit=office.unit, sections=(office.section,))
    turn = actions.submit(article, by=root, now=NOW)

    assert client(root).post(reverse("desk:step", args=[rounds.due(turn).pk]), posted(turn)).status_code == 409
    rounds.read_through(turn, office)
    assert client(root).post(reverse("desk:sign", args=[article.pk]), posted(turn)).status_code == 409
    assert nothing_is_out()


def test_a_scheduled_revision_is_never_published(office: Office) -> None:
    """Somebody writes a go-live time into the revision; `publish_scheduled` runs, as cron would."""
    article, _turn = rounds.submitted(office)
    Revision.objects.filter(pk=article.latest_revision_id).update(approved_go_live_at=timezone.now() - timedelta(hours=1))

    try:
        with transaction.atomic():
            call_command("publish_scheduled", verbosity=0)
    except AttributeError:
        pass
    assert nothing_is_out()
    assert Turn.objects.get().status == states.OPEN


def test_a_revision_saved_with_a_schedule_has_none(office: Office) -> None:
    article = factories.article(by=office.an, unit=office.unit)

    revision = article.save_revision(user=office.an, approved_go_live_at=timezone.now())

    assert revision.approved_go_live_at is None


def test_the_shell_cannot_write_a_release_without_a_turn(office: Office) -> None:
    article, _turn = rounds.submitted(office)
    fields = {"article": article, "kind": "sign", "revision": article.latest_revision, "content_sha256": "0" * 64, "at": NOW, "by": office.fang}

    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(**fields)


@pytest.mark.parametrize(
    "forged",
    [
        {"status": states.APPROVED},
        {"status": states.APPROVED, "at": NOW},
        {"status": "fine"},
        {"kind": "proofread", "status": states.APPROVED, "at": NOW, "content_sha256": "0" * 64, "signature": ""},
        {"level": 5},
    ],
    ids=str,
)
def test_the_database_refuses_verdicts_of_nobody(office: Office, forged: dict[str, Any]) -> None:
    _article, turn = rounds.submitted(office, steps=("review:1",))

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(turn=turn).update(**forged)


def test_what_went_out_in_these_tests_was_read(office: Office) -> None:
    rounds.released(office, steps=rounds.FULL)
    assert oracle.breaches() == []
