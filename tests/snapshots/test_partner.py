"""The process beside the worker that draws and lays half of the sites: the same bytes, and nothing depends on it."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fangtang.outlets.models import Site
from fangtang.snapshots import effects, register
from fangtang.snapshots.effects import building, partner, sites
from fangtang.snapshots.effects.partner import Partner
from fangtang.snapshots.models import Built
from tests import factories
from tests.snapshots import making
from tests.snapshots.test_whole_builds import assert_as_at_once

NOW = making.NOW
KEYS = ("education", "water", "roads", "culture")
real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def city(office: factories.Office) -> list:
    """A section on each of four sites."""
    return [office.section, *(factories.section(factories.site(key, unit=office.unit), "news") for key in KEYS[1:])]


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Partner]:
    """A partner of these tests, not begun."""
    settings.BUILDERS = 2
    found = Partner()
    monkeypatch.setattr(partner, "SITES_LEAST", 2)
    for module in (building, sites):
        monkeypatch.setattr(module, "PARTNER", found)
    yield found
    found.end()


def begun(helper: Partner) -> Partner:
    helper.begin()
    give_up_at = time.monotonic() + 60
    while not helper._is_there():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
    return helper


def publish(city: list, office: factories.Office, title: str = "四个网站的稿件"):
    article = making.article(*city, by=office.an, title=title)
    making.release(article, by=office.an)
    return article


def noted(helper: Partner, monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What it answered."""
    answers: list[dict] = []
    laid = helper.laid

    def note(staged) -> dict:
        answers.append(laid(staged))
        return answers[-1]

    monkeypatch.setattr(helper, "laid", note)
    return answers


@real
def test_half_of_a_release_is_its_work_and_the_bytes_are_the_same(city, office, helper, monkeypatch):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    answers = noted(begun(helper), monkeypatch)
    for title in ("第一篇", "第二篇"):
        article = publish(city, office, title)
        outcome = effects.build_waiting(now=NOW)
        assert (len(outcome.served), outcome.broken_sites, outcome.built_whole) == (1, {}, [])
    making.withdraw(article, by=office.an)
    effects.build_waiting(now=NOW)
    assert [sorted(register.read()[pk].key for pk in answer) for answer in answers] == [["culture", "water"]] * 3
    assert not Built.objects.exclude(pending=[]).exists()
    assert_as_at_once(*KEYS)
    assert all(effects.store().verify(key) is None for key in KEYS)


@real
def test_it_is_killed_and_the_release_goes_out(city, office, helper, caplog):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    begun(helper)
    os.kill(helper._process.pid, signal.SIGSTOP)
    share = helper.share

    def killed(*asked):
        part = share(*asked)
        os.kill(helper._process.pid, signal.SIGKILL)
        return part

    helper.share = killed
    publish(city, office)
    with caplog.at_level(logging.WARNING):
        outcome = effects.build_waiting(now=NOW)
    assert (len(outcome.served), outcome.broken_sites) == (1, {})
    assert "goes on without its partner" in caplog.text
    assert_as_at_once(*KEYS)
    helper.share = share
    publish(city, office, "又一篇")
    assert len(effects.build_waiting(now=NOW).served) == 1
    assert helper._line is None, "no other is begun at once"


@real
def test_it_says_nothing_for_too_long(city, office, helper, monkeypatch):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    monkeypatch.setattr(partner, "WAIT_SECONDS", 0.2)
    process = begun(helper)._process
    os.kill(process.pid, signal.SIGSTOP)
    publish(city, office)
    assert len(effects.build_waiting(now=NOW).served) == 1
    assert not process.is_alive()
    assert_as_at_once(*KEYS)


@real
def test_what_it_cannot_do_the_builder_does(city, office, helper, monkeypatch):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    tell, answers = begun(helper)._told, noted(helper, monkeypatch)
    monkeypatch.setattr(helper, "_told", lambda what: tell(what and (what[0], {pk: [("nonsense", 0, "")] for pk in what[1]}, *what[2:])))
    for title in ("第一篇", "第二篇"):
        publish(city, office, title)
        assert len(effects.build_waiting(now=NOW).served) == 1
    assert answers == [{}, {}]
    assert_as_at_once(*KEYS)


@real
def test_it_draws_with_the_register_of_the_builder_or_not_at_all(city, office, helper, monkeypatch):
    """What it read for an earlier release, to which nothing came, is no use after a change; and what it reads too late belongs to the next build."""
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    answers = noted(begun(helper), monkeypatch)
    helper.rouse()
    before = register.read()
    Site.objects.filter(key="water").update(description="换了说明")
    effects.build_waiting(now=NOW)
    publish(city, office, "第一篇")
    monkeypatch.setattr(helper, "rouse", lambda: None)
    effects.build_waiting(now=NOW)
    assert [len(answer) for answer in answers] == [2]
    assert_as_at_once(*KEYS)
    with effects.store().staging() as staged:
        assert helper.share({pk: [("home", 0, "")] for pk in before}, before, staged)
        assert helper.laid(staged) == {}


@real
def test_a_long_question_to_one_that_stands_still_is_given_up(city, helper, monkeypatch):
    monkeypatch.setattr(partner, "WAIT_SECONDS", 0.3)
    process, every = begun(helper)._process, register.read()
    os.kill(process.pid, signal.SIGSTOP)
    with effects.store().staging() as staged:
        many = [("article", number, "") for number in range(100_000)]
        assert helper.share(dict.fromkeys(every, many), every, staged) == {}
    assert not process.is_alive()


@real
def test_one_that_cannot_begin_is_given_nothing(city, office, helper, monkeypatch, tmp_path):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    monkeypatch.setattr(partner, "here", lambda: sites.hands.here() | {"snapshots": "/proc/nowhere"})
    helper.begin()
    helper._process.join(60)
    publish(city, office)
    assert len(effects.build_waiting(now=NOW).served) == 1
    assert helper._line is None
    assert_as_at_once(*KEYS)


@real
def test_an_answer_for_which_nobody_waited_is_not_taken_for_the_next(city, office, helper, monkeypatch):
    publish(city, office, "先有的稿件")
    effects.build_waiting(now=NOW)
    answers = noted(begun(helper), monkeypatch)
    every = register.read()
    with effects.store().staging() as staged:
        assert helper.share({pk: [("home", 0, "")] for pk in every}, every, staged), "asked, and the builder went another way"
    publish(city, office)
    effects.build_waiting(now=NOW)
    assert [len(one.files) > 1 for one in answers[0].values()] == [True, True]
    assert_as_at_once(*KEYS)


@real
def test_it_ends_with_the_builder(helper):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            own = begun(Partner())
            os.write(writing, str(own._process.pid).encode())
            time.sleep(60)
        finally:
            os._exit(1)
    os.close(writing)
    other = int(os.read(reading, 32))
    assert Path(f"/proc/{other}").exists()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    give_up_at = time.monotonic() + 20
    while Path(f"/proc/{other}").exists() and "Z" not in Path(f"/proc/{other}/stat").read_text().split()[2]:
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


@pytest.mark.django_db
def test_it_is_not_asked_for_few_sites_nor_begun_where_one_process_is_all(city, helper, settings, monkeypatch):
    every = register.read()
    settings.BUILDERS = 1
    helper.begin()
    assert helper._line is None
    settings.BUILDERS = 2
    monkeypatch.setattr(helper, "_is_there", lambda: True)
    monkeypatch.setattr(helper, "_told", lambda what: None)
    with effects.store().staging() as staged:
        assert len(helper.share({pk: [] for pk in every}, every, staged)) == 2
        assert helper.share({min(every): []}, every, staged) == {}
        monkeypatch.setattr(partner, "SITES_LEAST", 3)
        assert helper.share({pk: [] for pk in every}, every, staged) == {}
