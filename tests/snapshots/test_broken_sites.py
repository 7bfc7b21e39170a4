"""One site or article is broken in a way that nobody foresaw: it waits, with the reason; everything else goes out."""

from __future__ import annotations

import hashlib
import logging
import struct
import zlib
from pathlib import Path

import pytest

from fangtang.media.models import Picture
from fangtang.notices.models import Notice
from fangtang.outlets.models import Site
from fangtang.people.roles import Role
from fangtang.releases import presenters
from fangtang.releases.models import Address, Release
from fangtang.releases.states import DECIDED, FAILED, SERVED
from fangtang.snapshots import blobs, effects, register, sources
from fangtang.snapshots.effects import building
from fangtang.snapshots.models import Built, Due, Prepared, Shown, Used
from tests import factories
from tests.snapshots import making
from tests.snapshots.test_after_failing import picture
from tests.snapshots.test_incremental import built_at_once, difference
from tests.snapshots.test_waiting_together import released_broken

pytestmark = pytest.mark.django_db
NOW = making.NOW


@pytest.fixture
def water(office):
    """A second site with one section."""
    site = factories.site("water", unit=office.unit)
    factories.section(site, "notices")
    effects.build_waiting(now=NOW)
    return site


def section(site: Site):
    return site.sections.get(slug="notices")


def state(release: Release) -> tuple[str, str]:
    release.refresh_from_db()
    return release.status, release.error_code


def page(key: str, path: str) -> str:
    return (effects.store().read(key, path) or b"").decode()


def stands_as_released() -> None:
    """What was built step by step equals what the releases alone give."""
    at_once = built_at_once(NOW)
    keys = [site.key for site in register.read().values()]
    assert {key: difference(effects.store(), at_once, key) for key in keys} == {key: [] for key in keys}


def test_a_site_that_cannot_be_drawn_waits_alone(office, water, caplog):
    """Its row holds no colour; the theme cannot draw a stylesheet from that."""
    both = making.release(making.article(office.section, section(water), by=office.an, title="两处都有"), by=office.an)
    here = making.release(making.article(office.section, by=office.an, title="只在一处"), by=office.an)
    stood, colour = effects.store().root("water"), water.colour
    Site.objects.filter(pk=water.pk).update(colour="teal")

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, outcome.failed, list(outcome.waiting), list(outcome.broken_sites)) == ([here.pk], [], [both.pk], [water.pk])
    assert (state(both), state(here)) == ((DECIDED, "snapshots.site_broken"), (SERVED, ""))
    assert (both.error_data["site"], both.error_data["name"]) == (water.pk, water.name)
    assert "not a colour" in presenters.failure(both.error_code, both.error_data)
    assert "两处都有" in page("education", "news/index.html"), "where it can be drawn it stands"
    assert effects.store().root("water") == stood
    assert any(record.exc_info and record.levelno == logging.ERROR and "water" in record.message for record in caplog.records)

    Site.objects.filter(pk=water.pk).update(colour=colour)
    assert effects.build_waiting(now=NOW).served == [both.pk]
    assert state(both) == (SERVED, "")
    assert "两处都有" in page("water", "notices/index.html")
    stands_as_released()


def test_after_the_last_attempt_it_fails_and_people_are_told(office, water):
    operator = factories.person("operator", Role.OPERATOR, office.unit)
    release = making.release(making.article(office.section, section(water), by=office.an), by=office.an)
    Site.objects.filter(pk=water.pk).update(colour="teal")
    seen = [(effects.build_waiting(now=NOW).failed, state(release)[0]) for _ in range(effects.MOST_ATTEMPTS + 1)]
    assert seen == [([], DECIDED), ([], DECIDED), ([release.pk], FAILED), ([], FAILED)]
    assert sorted(Notice.objects.filter(code="release.failed").values_list("to_id", flat=True)) == sorted([office.an.pk, operator.pk])

    effects.retry([])
    assert (effects.build_waiting(now=NOW).served, state(release)[0]) == ([], DECIDED)


def test_what_failed_because_of_a_site_is_served_once_the_site_is_drawn(office, water):
    """Nobody need ask for it: it stands there by then, and the release says so."""
    release = making.release(making.article(office.section, section(water), by=office.an), by=office.an)
    other = released_broken(making.article(office.section, by=office.an), by=office.an)
    Site.objects.filter(pk=water.pk).update(colour="teal")
    for _ in range(effects.MOST_ATTEMPTS):
        effects.build_waiting(now=NOW)
    assert state(release) == (FAILED, "snapshots.site_broken")

    Site.objects.filter(pk=water.pk).update(colour="#0b5cad")
    assert effects.build_waiting(now=NOW).served == [release.pk]
    assert (state(release), state(other)[0]) == ((SERVED, ""), FAILED)
    assert effects.build_waiting(now=NOW).served == []


def test_a_damaged_text_holds_up_its_own_site_only(office, water):
    """What lists show of an older article is gone from the database; its site is not drawn with a hole in it."""
    damaged = making.release(making.article(section(water), by=office.an, title="旧稿"), by=office.an)
    effects.build_waiting(now=NOW)
    entry = Prepared.objects.get(pk=damaged.content_sha256).entry
    Prepared.objects.filter(pk=damaged.content_sha256).update(entry={})
    sources.forget_facts()
    there = making.release(making.article(section(water), by=office.an, title="新稿"), by=office.an)
    here = making.release(making.article(office.section, by=office.an), by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, state(there), state(damaged)) == ([here.pk], (DECIDED, "snapshots.site_broken"), (SERVED, ""))
    assert "新稿" not in page("water", "notices/index.html")
    assert Built.objects.get(site=water).pending

    Prepared.objects.filter(pk=damaged.content_sha256).update(entry=entry)
    assert effects.build_waiting(now=NOW).served == [there.pk]
    stands_as_released()


def test_a_site_that_the_store_refuses_waits_alone(office, water):
    """The page of an article lies, as its row says, below a file."""
    broken = making.release(making.article(section(water), by=office.an), by=office.an)
    Address.objects.filter(site=water).update(path="index.html/1.html")
    here = making.release(making.article(office.section, by=office.an), by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, state(broken)) == ([here.pk], (DECIDED, "snapshots.site_broken"))
    assert "path_is_both" in broken.error_data["reason"]


def test_a_site_whose_files_are_lost_waits_alone(office, water):
    """It has to be built whole, and neither the picture beside the store nor the one that was uploaded is there."""
    shown = picture()
    making.release(making.article(section(water), by=office.an, lead_image=shown), by=office.an)
    effects.build_waiting(now=NOW)
    stood = effects.store().root("water")
    for sha256 in Used.objects.filter(site=water).values_list("sha256", flat=True):
        blobs._place(sha256).unlink()
    Path(shown.file.path).unlink()
    Site.objects.filter(pk=water.pk).update(colour="#336699")
    here = making.release(making.article(office.section, by=office.an), by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, list(outcome.broken_sites), effects.store().root("water")) == ([here.pk], [water.pk], stood)


def test_an_article_that_cannot_be_settled_waits_alone(office):
    """Signed again as it was; what was prepared of it is damaged."""
    article = making.article(office.section, by=office.an, title="同一篇")
    first = making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    path, entry = Shown.objects.get().path, Prepared.objects.get().entry
    Prepared.objects.update(entry={})
    again = making.release(article, by=office.an)
    other = making.release(making.article(office.section, by=office.an), by=office.an)
    Due.objects.create(article=article, at=NOW)
    assert again.content_sha256 == first.content_sha256

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, state(again)) == ([other.pk], (DECIDED, "snapshots.article_broken"))
    assert "同一篇" in page("education", path)

    Prepared.objects.filter(pk=first.content_sha256).update(entry=entry)
    assert effects.build_waiting(now=NOW).served == [again.pk]


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 30,000 by 30,000."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)) + chunk(b"IEND", b"")


def test_a_text_that_cannot_be_prepared_for_no_known_reason_fails_alone(office):
    shown = picture()
    Path(shown.file.path).write_bytes(bomb())
    Picture.objects.filter(pk=shown.pk).update(sha256=hashlib.sha256(bomb()).hexdigest())
    broken = making.release(making.article(office.section, by=office.an, lead_image=shown), by=office.an)
    here = making.release(making.article(office.section, by=office.an), by=office.an)

    outcome = effects.build_waiting(now=NOW)

    assert (outcome.served, outcome.failed) == ([here.pk], [broken.pk])
    assert state(broken) == (FAILED, "snapshots.not_prepared")


def test_two_versions_that_were_tried_before_go_out_together(office, monkeypatch):
    """Left by a killed builder: the older does not wait for the newer for ever."""
    article = making.article(office.section, by=office.an)
    both = [making.release(article, by=office.an) for _ in range(2)]
    Release.objects.update(attempts=1)
    rounds_left, build = iter(range(4)), building._build
    monkeypatch.setattr(building, "_build", lambda *given: (next(rounds_left), build(*given)))

    assert effects.build_waiting(now=NOW).served == [release.pk for release in both]
