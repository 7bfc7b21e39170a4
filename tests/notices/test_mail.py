"""Notices go out by a real SMTP server, whatever it answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from wagtail.users.models import UserProfile

from fangtang.notices import actions, effects, letters, registry
from fangtang.notices.models import Notice
from fangtang.people.models import User
from tests import factories
from tests.factories import NOW
from tests.notices.post_office import PostOffice, opened

pytestmark = pytest.mark.django_db

FACTS = {"title": "海边的新学校", "kind": "review", "level": 2, "turn": 1, "number": 1}


@pytest.fixture
def post_office(settings) -> Iterator[PostOffice]:
    office = PostOffice()
    server = opened(office)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 1
    yield office
    server.stop()


def told(*people: User) -> list[Notice]:
    actions.tell(people, code="review.due", facts=FACTS, url="/desk/review/step/1/", now=NOW)
    return list(Notice.objects.order_by("pk"))


def test_a_mail_says_what_waits_and_leads_there(post_office: PostOffice, settings) -> None:
    settings.DESK_URL = "https://desk.example"
    (notice,) = told(factories.user("bo"))

    assert effects.send_waiting(now=NOW) == 1
    assert effects.send_waiting(now=NOW + timedelta(days=1)) == 0

    (mail,) = post_office.accepted
    plain, html = mail.iter_parts()
    assert mail["To"] == "bo@fangtang.example"
    assert mail["Subject"].strip() == letters.sentence(notice)
    assert "海边的新学校" in mail["Subject"]
    assert "https://desk.example/desk/review/step/1/" in plain.get_content()
    assert 'href="https://desk.example/desk/review/step/1/"' in html.get_content()
    assert mail["Message-ID"] == f"<notice.{notice.pk}@desk.example>"
    notice.refresh_from_db()
    assert (notice.mail, notice.mail_attempts) == (Notice.Mail.SENT, 1)


def test_a_title_with_markup_and_line_breaks_stays_text(post_office: PostOffice) -> None:
    actions.tell([factories.user("bo")], code="review.due", facts=FACTS | {"title": "<b>x</b>\r\nBcc: all@example.org"}, url="/desk/", now=NOW)

    assert effects.send_waiting(now=NOW) == 1

    (mail,) = post_office.accepted
    assert mail["Bcc"] is None
    assert "<b>x</b>" not in list(mail.iter_parts())[1].get_content()


def test_each_reader_gets_their_language(post_office: PostOffice) -> None:
    bo, chen = factories.user("bo"), factories.user("chen")
    UserProfile.objects.create(user=bo, preferred_language="zh-hans")

    assert letters.language_of(bo) == "zh-hans"
    assert letters.language_of(chen) == "en"


@pytest.mark.parametrize(("answer", "is_delivered"), [("451 later", 0), ("hang", 0), ("drop", 1)])
def test_what_may_help_later_is_tried_later(post_office: PostOffice, answer: str, is_delivered: int) -> None:
    """A connection lost after DATA leaves it open whether the server kept the mail: it is sent again, with the same Message-ID."""
    (notice,) = told(factories.user("bo"))
    post_office.answers = [answer]

    assert effects.send_waiting(now=NOW) == 0
    notice.refresh_from_db()
    assert (notice.mail, notice.mail_due_at) == (Notice.Mail.WAITING, NOW + effects.PAUSES[0])
    assert notice.mail_error
    assert effects.send_waiting(now=NOW + timedelta(seconds=59)) == 0
    assert effects.send_waiting(now=NOW + timedelta(seconds=60)) == 1

    assert len(post_office.accepted) == 1 + is_delivered
    assert len({mail["Message-ID"] for mail in post_office.accepted}) == 1


def test_what_is_refused_for_good_is_given_up_with_the_reason(post_office: PostOffice) -> None:
    (notice,) = told(factories.user("bo"))
    post_office.answers = ["550 no such person"]

    assert effects.send_waiting(now=NOW) == 0

    notice.refresh_from_db()
    assert (notice.mail, notice.mail_error) == (Notice.Mail.FAILED, "550 no such person")


def test_after_the_last_pause_it_is_given_up(post_office: PostOffice) -> None:
    (notice,) = told(factories.user("bo"))
    post_office.answers = ["451 later"] * 20

    for day in range(10):
        effects.send_waiting(now=NOW + timedelta(days=2 * day))

    notice.refresh_from_db()
    assert (notice.mail, notice.mail_attempts) == (Notice.Mail.FAILED, len(effects.PAUSES) + 1)


def test_one_that_fails_does_not_stop_the_others(post_office: PostOffice) -> None:
    told(*(factories.user() for _ in range(3)))
    post_office.answers = ["550 no", "451 later"]

    assert effects.send_waiting(now=NOW) == 1
    assert len(post_office.accepted) == 1


def test_no_server_at_all_means_later(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    (notice,) = told(factories.user("bo"))

    assert effects.send_waiting(now=NOW) == 0
    notice.refresh_from_db()
    assert notice.mail == Notice.Mail.WAITING


def test_people_without_an_address_and_those_who_left_get_none(post_office: PostOffice) -> None:
    notices = told(factories.user("bo", email=""), factories.user("gone", is_active=False))

    assert effects.send_waiting(now=NOW) == 0
    assert {notice.mail for notice in notices} == {Notice.Mail.NONE}


def test_somebody_named_twice_is_told_once() -> None:
    bo = factories.user("bo")
    assert len(told(bo, bo)) == 1


def test_a_notice_of_an_act_that_did_not_happen_is_not_sent(post_office: PostOffice) -> None:
    bo = factories.user("bo")
    with transaction.atomic():
        told(bo)
        transaction.set_rollback(True)

    assert effects.send_waiting(now=NOW) == 0
    assert post_office.accepted == []


def test_a_row_that_somebody_else_claimed_is_left_alone(post_office: PostOffice) -> None:
    (notice,) = told(factories.user("bo"))
    Notice.objects.filter(pk=notice.pk).update(mail_due_at=NOW + effects.LEASE)

    assert effects._send(notice.pk, now=NOW) is False


def test_a_code_without_a_sentence_is_refused() -> None:
    with pytest.raises(KeyError):
        actions.tell([factories.user("bo")], code="no.such", facts={}, url="", now=NOW)


def test_every_code_has_a_sentence() -> None:
    facts = FACTS | {"comment": "why", "reason": "why", "release": 1, "error": "snapshots.builder_died", "data": {}, "unit": "市教育局"}

    assert registry.sentences.names() == (
        "release.failed",
        "release.signed",
        "release.withdrawn",
        "review.due",
        "review.nobody",
        "review.ready",
        "review.returned",
        "snapshots.incident",
    )
    assert "(3 places, all right again)" in registry.sentences.get("snapshots.incident")({"kind": "changed", "count": 3, "restored": 3})
    assert all("海边的新学校" in say(facts) for code, say in zip(registry.sentences.names(), registry.sentences, strict=True) if code != "snapshots.incident")
