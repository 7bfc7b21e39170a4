"""The desk's pages through HTTP: who sees what, and what one click does."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fangtang.people.models import Post, User
from fangtang.people.roles import Role
from fangtang.releases.models import Release, Standing
from fangtang.reviews import states
from fangtang.reviews.models import ReviewPlan
from tests import factories
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk_host(settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="fangtang.people.sign_in.PostBackend")
    return client


def verdict(step, **fields: str) -> dict[str, str]:
    rows = {"marks-TOTAL_FORMS": "1", "marks-INITIAL_FORMS": "0"} if step.kind == "proofread" else {}
    return rows | {"seen_sha256": step.turn.content_sha256, "comment": "", "verdict": "approve"} | fields


def test_a_text_goes_all_the_way_by_http() -> None:
    office = factories.office()
    article, turn = rounds.submitted(office, steps=rounds.FULL)

    while turn.steps.filter(status=states.DUE).exists():
        step = rounds.due(turn)
        who = rounds.reader(step, office)
        page = signed_in(who).get(reverse("desk:step", args=[step.pk]))
        assert page.status_code == 200
        answer = signed_in(who).post(reverse("desk:step", args=[step.pk]), verdict(step, signature=str(who)))
        assert answer.status_code == 302, answer.content.decode()

    fang = signed_in(office.fang)
    assert "Nothing stands in the way" in fang.get(reverse("desk:sign", args=[article.pk])).content.decode()
    answer = fang.post(reverse("desk:sign", args=[article.pk]), {"seen_sha256": turn.content_sha256, "is_confirmed": "on"})
    release = Release.objects.get()
    assert answer.headers["Location"] == reverse("desk:release", args=[release.pk])
    assert fang.get(answer.headers["Location"]).status_code == 200
    again = fang.post(reverse("desk:sign", args=[article.pk]), {"seen_sha256": turn.content_sha256, "is_confirmed": "on"})
    assert again.headers["Location"] == answer.headers["Location"]

    assert fang.get(reverse("desk:withdraw", args=[article.pk])).status_code == 200
    assert fang.post(reverse("desk:withdraw", args=[article.pk]), {"reason": ""}).status_code == 422
    assert fang.post(reverse("desk:withdraw", args=[article.pk]), {"reason": "wrong"}).status_code == 302
    assert not Standing.objects.exists()


@pytest.mark.parametrize("name", ["waiting", "ready", "returned", "mine", "released", "barred"])
def test_every_worklist_opens_for_everybody(name: str) -> None:
    office = factories.office()
    rounds.submitted(office)

    for person in (office.an, office.proofreaders[0], office.reviewers[0], office.fang, office.mo):
        assert signed_in(person).get(reverse("desk:work", args=[name])).status_code == 200


def test_home_shows_what_waits_and_nothing_of_another_unit() -> None:
    office = factories.office()
    _article, _turn = rounds.submitted(office, title="海边的新学校")

    assert "海边的新学校" in signed_in(office.proofreaders[0]).get("/desk/").content.decode()
    assert "海边的新学校" not in signed_in(office.mo).get("/desk/").content.decode()


def test_the_page_of_a_turn_that_nobody_may_read_says_who_can_help() -> None:
    office = factories.office()
    factories.person("wei", Role.OPERATOR, office.unit)
    Post.objects.filter(role=Role.PROOFREADER).delete()
    _article, turn = rounds.submitted(office)

    page = signed_in(office.an).get(reverse("desk:turn", args=[turn.pk])).content.decode()

    assert "nobody holds a post for it" in page
    assert "Can be cleared by: Wei" in page


def test_who_got_a_text_back_is_led_to_the_editor() -> None:
    office = factories.office()
    article, turn = rounds.submitted(office)
    edit = reverse("articles:edit", args=[article.pk])
    address = reverse("desk:turn", args=[turn.pk])
    assert edit not in signed_in(office.an).get(address).content.decode()

    step = rounds.due(turn)
    reader = rounds.reader(step, office)
    signed_in(reader).post(reverse("desk:step", args=[step.pk]), verdict(step, verdict="return", comment="the title"))

    assert edit in signed_in(office.an).get(address).content.decode()
    assert edit not in signed_in(reader).get(address).content.decode()


def test_pages_of_another_unit_do_not_exist() -> None:
    office, other = factories.office(), factories.office("water")
    article, turn = rounds.submitted(office)
    step = rounds.due(turn)
    addresses = [
        reverse("desk:step", args=[step.pk]),
        reverse("desk:turn", args=[turn.pk]),
        reverse("desk:text", args=[turn.pk]),
        reverse("desk:sign", args=[article.pk]),
        reverse("desk:withdraw", args=[article.pk]),
    ]

    for person in (other.proofreaders[0], other.reviewers[0], other.fang, other.an):
        assert [signed_in(person).get(address).status_code for address in addresses] == [404] * len(addresses)


def test_a_comment_is_kept_when_the_text_changed_meanwhile() -> None:
    office = factories.office()
    article, turn = rounds.submitted(office, steps=("review:1",))
    step = rounds.due(turn)
    article.title = "一个新的标题"
    article.save_revision(user=office.an)

    answer = signed_in(office.reviewers[0]).post(reverse("desk:step", args=[step.pk]), verdict(step, comment="写得很好，第二段再短一些。"))

    assert answer.status_code == 409
    assert "写得很好，第二段再短一些。" in answer.content.decode()


def test_a_double_click_is_one_verdict() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office, steps=("review:1", "review:2"))
    step = rounds.due(turn)
    chen = signed_in(office.reviewers[0])

    first, second = (chen.post(reverse("desk:step", args=[step.pk]), verdict(step)) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert turn.steps.filter(status=states.APPROVED).count() == 1


def test_a_wrong_signature_keeps_marks_and_comment() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)
    step = rounds.due(turn)
    fields = verdict(step, signature="somebody else", comment="两处") | {"marks-0-quote": "的地得", "marks-0-suggestion": "地"}

    answer = signed_in(office.proofreaders[0]).post(reverse("desk:step", args=[step.pk]), fields)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "的地得" in text
    assert "两处" in text
    assert "The signature is not your full name" in text


def test_more_marks_without_script_loses_nothing() -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office)
    step = rounds.due(turn)
    fields = verdict(step) | {"marks-0-quote": "的地得", "more": "1", "signature": "Bo"}
    del fields["verdict"]

    answer = signed_in(office.proofreaders[0]).post(reverse("desk:step", args=[step.pk]), fields)

    assert answer.status_code == 200
    assert 'name="marks-3-quote"' in answer.content.decode()
    assert "的地得" in answer.content.decode()


def test_who_may_not_take_a_step_reads_why_and_who_can() -> None:
    office = factories.office()
    factories.post(office.an, Role.REVIEWER_1, office.unit)
    _article, turn = rounds.submitted(office, steps=("review:1",))

    text = signed_in(office.an).get(reverse("desk:step", args=[rounds.due(turn).pk])).content.decode()

    assert "You wrote in this text" in text
    assert str(office.reviewers[0]) in text


def test_site_managers_keep_the_plans_of_their_sites_only() -> None:
    office, other = factories.office(), factories.office("water")
    manager = factories.person("manager", Role.SITE_MANAGER, office.unit)
    client = signed_in(manager)
    fields = {"name": "二审", "step_1": "proofread:1", "step_2": "review:1", "step_3": "review:2", "site": str(office.site.pk)}

    assert client.get(reverse("desk:plan_add")).status_code == 200
    assert client.post(reverse("desk:plan_add"), fields | {"step_1": "review:2"}).status_code == 422
    assert client.post(reverse("desk:plan_add"), fields | {"site": str(other.site.pk)}).status_code == 422
    assert client.post(reverse("desk:plan_add"), fields | {"site": ""}).status_code == 422
    assert client.post(reverse("desk:plan_add"), fields).status_code == 302
    plan = ReviewPlan.objects.get()
    assert plan.steps == ["proofread:1", "review:1", "review:2"]
    assert client.post(reverse("desk:plan_add"), fields).status_code == 422
    assert client.get(reverse("desk:plan", args=[plan.pk])).status_code == 200
    assert client.post(reverse("desk:plan", args=[plan.pk]), {"name": "一审", "step_1": "review:1"}).status_code == 302
    theirs = rounds.plan("review:1", site=other.site)
    assert client.get(reverse("desk:plan", args=[theirs.pk])).status_code == 404
    body = rounds.plan("review:1")
    assert client.get(reverse("desk:plan", args=[body.pk])).status_code == 404
    assert client.get(reverse("desk:plans")).status_code == 200
    assert client.get(reverse("desk:plan_delete", args=[plan.pk])).status_code == 200
    assert client.post(reverse("desk:plan_delete", args=[plan.pk])).status_code == 302
    assert not ReviewPlan.objects.filter(pk=plan.pk).exists()


@pytest.mark.parametrize("address", ["/desk/", "/desk/work/waiting/", "/desk/work/released/"])
def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(address: str, django_assert_max_num_queries) -> None:
    office = factories.office()
    client = signed_in(office.proofreaders[0])

    def asked() -> int:
        with django_assert_max_num_queries(60) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    rounds.submitted(office)
    rounds.released(office)
    client.get(address)
    few = asked()
    for _ in range(4):
        rounds.submitted(office)
        rounds.released(office)

    assert asked() == few


@pytest.mark.parametrize("sent", ["9" * 5000, "9" * 25, "x", "²"])
def test_a_number_of_any_length_is_no_crash(sent: str) -> None:
    office = factories.office()
    _article, turn = rounds.submitted(office, steps=rounds.FULL)
    bo, step = signed_in(office.proofreaders[0]), rounds.due(turn)

    assert bo.get(reverse("desk:text", args=[turn.pk]), {"site": sent}).status_code == 200
    rows = {"marks-TOTAL_FORMS": sent, "marks-INITIAL_FORMS": "0", "seen_sha256": "x"}
    assert bo.post(reverse("desk:step", args=[step.pk]), rows | {"more": "1"}).status_code == 200
    assert bo.post(reverse("desk:step", args=[step.pk]), rows | {"verdict": "approve"}).status_code == 422
