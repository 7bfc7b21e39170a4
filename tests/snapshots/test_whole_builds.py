"""Full builds: in several processes as in one, going on where a killed one was, and letting withdrawals pass."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from fangtang.articles.models import Article
from fangtang.outlets.models import Site
from fangtang.releases.models import Release
from fangtang.releases.states import DECIDED, SERVED
from fangtang.snapshots import effects
from fangtang.snapshots.effects import claims, hands, journal, sites
from tests import factories
from tests.snapshots import making
from tests.snapshots.test_dying import BUILDER
from tests.snapshots.test_incremental import built_at_once, difference

NOW = making.NOW


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "PART", 3)


def released(office: factories.Office, count: int) -> list[Article]:
    articles = [making.article(office.section, by=office.an, title=f"稿件{number}") for number in range(count)]
    for article in articles:
        making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    return articles


def repaint(office: factories.Office) -> None:
    """The site's face changes, and nobody has built it whole yet."""
    Site.objects.filter(pk=office.site.pk).update(description="换了说明")


def assert_as_at_once(*keys: str, now=NOW) -> None:
    at_once = built_at_once(now)
    for key in keys:
        assert difference(effects.store(), at_once, key) == []
        assert effects.store().root(key) == at_once.root(key)


@pytest.mark.django_db
def test_a_withdrawal_passes_a_full_build(office, small_parts):
    """Decided when the first part is drawn, it stands on the old snapshot before the second part; and it stays when the new one comes."""
    articles = released(office, 8)
    water = factories.site("water", unit=office.unit)
    notices = factories.section(water, "notices")
    both = making.article(office.section, notices, by=office.an, title="两个网站的稿件")
    making.release(both, by=office.an)
    effects.build_waiting(now=NOW)
    path = f"news/202611/{both.pk}.html"
    repaint(office)
    seen: list[tuple[bool, bool, bool]] = []
    stood = effects.store().root("education")

    def progress(key: str, done: int, total: int) -> None:
        store = effects.store()
        if not seen:
            making.withdraw(both, by=office.an)
        seen.append((store.root(key) == stood, store.read(key, path) is None, store.read("water", f"notices/202611/{both.pk}.html") is None))

    outcome = effects.build_waiting(now=NOW, progress=progress)

    assert outcome.built_whole == ["education"]
    assert len(seen) > 3
    assert seen[0] == (True, False, False)
    assert set(seen[1:]) == {(False, True, True)}, "gone everywhere, though the full build goes on"
    assert effects.store().read("education", path) is None
    assert Release.objects.exclude(status=SERVED).count() == 0
    assert_as_at_once("education", "water")
    assert articles


@pytest.mark.django_db
def test_without_drawing_again_the_withdrawn_would_come_back(office, small_parts, monkeypatch):
    """The guard of the test above: what changed meanwhile must be drawn again."""
    (article, *_) = released(office, 8)
    repaint(office)
    monkeypatch.setattr(journal.Journal, "draw_again", lambda journal, targets: None)
    told: list[int] = []

    def progress(key: str, done: int, total: int) -> None:
        if done == total - 1 or (total - done < 4 and not told):
            told.append(done)
            making.withdraw(article, by=office.an)

    effects.build_waiting(now=NOW, progress=progress)
    assert told
    at_once = built_at_once(NOW)
    assert difference(effects.store(), at_once, "education") != []


@pytest.mark.django_db
def test_a_new_article_waits_for_the_full_build(office, small_parts):
    released(office, 4)
    repaint(office)
    made: list[Release] = []

    def progress(key: str, done: int, total: int) -> None:
        if not made:
            made.append(making.release(making.article(office.section, by=office.an, title="新稿件"), by=office.an))
        elif done < total:
            assert Release.objects.get(pk=made[0].pk).status == DECIDED

    effects.build_waiting(now=NOW, progress=progress)
    assert Release.objects.get(pk=made[0].pk).status == SERVED
    assert_as_at_once("education")


@pytest.mark.django_db
def test_withdrawals_come_first_and_large_batches_are_cut(office, monkeypatch):
    monkeypatch.setattr(claims, "PLACES_AT_ONCE", 3)
    made = [making.release(making.article(office.section, by=office.an), by=office.an) for _ in range(7)]
    last = Article.objects.get(pk=made[6].article_id)
    gone = making.withdraw(last, by=office.an)
    batches = []
    while batch := claims.claim(NOW):
        batches.append([release.pk for release in batch])
        Release.objects.filter(pk__in=batches[-1]).update(status=SERVED)
    pks = [release.pk for release in made]
    assert batches == [[pks[6], gone.pk], pks[:3], pks[3:6]]


@pytest.mark.django_db
def test_a_hundred_releases_become_few_builds(office):
    for number in range(100):
        making.release(making.article(office.section, by=office.an, title=f"稿件{number}"), by=office.an)
    outcome = effects.build_waiting(now=NOW)
    assert len(outcome.served) == 100
    assert len(effects.store().log("education")) <= 3
    effects.build_waiting(now=NOW)
    for number in range(100):
        making.release(making.article(office.section, by=office.an, title=f"又一篇{number}"), by=office.an)
    before = len(effects.store().log("education"))
    effects.build_waiting(now=NOW)
    assert len(effects.store().log("education")) == before + 1
    assert len(effects.store().log("education")[-1].releases) == 100, "the record names what it contains"


def start(settings, *, fault: str = "", builders: int = 1) -> subprocess.Popen[str]:
    asked = {
        "database": str(connection.settings_dict["NAME"]),
        "snapshots": str(settings.SNAPSHOT_ROOT),
        "uploads": str(settings.MEDIA_ROOT),
        "keys": str(settings.KEYS),
        "now": NOW.isoformat(),
    }
    sizes = f"from fangtang.snapshots.effects import hands, sites\nsites.PART, hands.ALONE_BELOW, settings.BUILDERS = 3, 0, {builders}\n"
    script = BUILDER.replace("outcome = effects", sizes + "outcome = effects").replace(
        '"whole": outcome.built_whole', '"whole": outcome.built_whole, "files": outcome.files'
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "FANGTANG_FAULT": fault}
    command = [sys.executable, "-c", script, json.dumps(asked)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("builders", [1, 2])
def test_a_killed_full_build_goes_on_where_it_was(office, settings, builders):
    articles = released(office, 12)
    repaint(office)
    stood = effects.store().root("education")
    killed = start(settings, fault="snapshots.part_drawn:3", builders=builders)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert effects.store().root("education") == stood
    left = journal.Journal.open("education", _face(office))
    assert len(left.done) == 9
    making.withdraw(articles[0], by=office.an)
    first = Article.objects.get(pk=articles[1].pk)
    first.title = "又改了"
    making.release(first, by=office.an)
    drawn: list[int] = []
    outcome = effects.build_waiting(now=NOW + timedelta(minutes=1), progress=lambda key, done, total: drawn.append(done))
    assert outcome.built_whole == ["education"]
    assert drawn[0] > 9, "what was drawn is not drawn again"
    assert not list((Path(settings.SNAPSHOT_ROOT) / "builds").glob("*")), "nothing is left to go on with"
    assert_as_at_once("education", now=NOW + timedelta(minutes=1))


def _face(office: factories.Office) -> str:
    from fangtang.snapshots import register

    return register.read()[office.site.pk].face_sha256


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_several_processes_draw_what_one_draws(office, settings):
    released(office, 12)
    repaint(office)
    process = start(settings, builders=2)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert json.loads(output.splitlines()[-1])["whole"] == ["education"]
    assert_as_at_once("education")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_processes_beside_a_killed_builder_end_with_it(office, settings):
    released(office, 12)
    repaint(office)
    killed = start(settings, fault="snapshots.part_drawn:2", builders=2)
    children: set[int] = set()
    give_up_at = time.monotonic() + 60
    while killed.poll() is None and time.monotonic() < give_up_at:
        children |= {int(pid) for task in Path(f"/proc/{killed.pid}/task").glob("*") for pid in _read(task / "children").split()}
        time.sleep(0.01)
    assert killed.wait(timeout=60) == -signal.SIGKILL
    assert children
    while any(_is_alive(pid) for pid in children) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    assert not [pid for pid in children if _is_alive(pid)]


def _read(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:
        return ""


def _is_alive(pid: int) -> bool:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()[:1] not in ([], ["Z"])


@pytest.mark.django_db
def test_a_journal_of_another_face_or_an_old_one_is_not_believed(office, tmp_path, settings):
    settings.SNAPSHOT_ROOT = tmp_path
    first = journal.Journal.open("education", "a" * 64)
    first.note([("home", 0, "")], [("index.html", None)])
    with first.place.open("ab") as file:
        file.write(b'{"done": [["ho')
    assert len(journal.Journal.open("education", "a" * 64).done) == 1, "a torn line is cut"
    assert len(journal.Journal.open("education", "a" * 64).done) == 1
    assert journal.Journal.open("education", "b" * 64).done == set()
    second = journal.Journal.open("education", "b" * 64)
    second.note([("home", 0, "")], [])
    old = time.time() - journal.KEPT_SECONDS - 60
    os.utime(second.place, (old, old))
    assert journal.Journal.open("education", "b" * 64).done == set()
    journal.forget()
    assert list(tmp_path.glob("builds/*")) == []


@pytest.mark.django_db
def test_a_broken_page_ends_the_full_build_of_its_site_alone(office, small_parts, monkeypatch):
    """What was drawn by then is kept for the next try."""
    released(office, 6)
    repaint(office)
    real = hands.draw_part

    def failing(site_id, part, **how):
        if ("home", 0, "") in part:
            raise ValueError("broken")
        return real(site_id, part, **how)

    monkeypatch.setattr(hands, "draw_part", failing)
    outcome = effects.build_waiting(now=NOW)
    assert list(outcome.broken_sites) == [office.site.pk]
    monkeypatch.setattr(hands, "draw_part", real)
    assert effects.build_waiting(now=NOW).built_whole == ["education"]
    assert_as_at_once("education")
