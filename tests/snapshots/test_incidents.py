"""What the guard tells is written down once, logged, told to whoever watches the sites, and looked at by somebody."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from fangtang.audit.models import Event
from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.notices.letters import sentence
from fangtang.notices.models import Notice
from fangtang.people.models import Unit, User
from fangtang.people.roles import Role
from fangtang.snapshots import actions, effects, noticing, queries
from fangtang.snapshots.models import Built, Incident
from tests import factories
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW
TODAY = date(2026, 11, 21)


@pytest.fixture
def guard(settings, tmp_path) -> Path:
    settings.GUARD = tmp_path / "guard"
    (settings.GUARD / "incidents").mkdir(parents=True)
    (settings.GUARD / "rebuild").mkdir()
    return settings.GUARD


def place(path: str = "index.html", **facts: Any) -> dict[str, Any]:
    found = [{"below": "", "mode": "644", "size": 7, "seen": "f" * 64, "evidence": "quarantine/1", "leads_to": None}]
    return {"place": f"trees/ab/{path}", "site": "education", "path": path, "sites": 1, "reason": "changed", "restored": True, "found": found} | facts


def told(number: str = "20261121T080000Z-1-0", **facts: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "id": number,
        "at": datetime(2026, 11, 21, 8, tzinfo=UTC).isoformat(),
        "kind": "changed",
        "noticed": "watch",
        "count": 1,
        "restored": 1,
        "sites": ["education"],
        "places": [place()],
        "about": {},
    } | facts


def leave(guard: Path, content: Any, name: str = "1.json") -> Path:
    file = guard / "incidents" / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def watcher(name: str, role: str, unit: Unit) -> User:
    return factories.person(name, role, unit)


def test_an_incident_is_written_once_logged_and_told(office, guard):
    officer, operator = watcher("sun", Role.SECURITY_OFFICER, office.unit), watcher("ops", Role.OPERATOR, office.unit)
    elsewhere = watcher("far", Role.SECURITY_OFFICER, factories.office("water").unit)
    file = leave(guard, told())
    assert effects.take_up_incidents(now=NOW) == 1
    assert not file.exists()
    incident = Incident.objects.get()
    assert (incident.kind, incident.count, incident.restored, [site.key for site in incident.sites.all()]) == ("changed", 1, 1, ["education"])
    assert Event.objects.filter(verb="snapshots.notice_incident", subject=f"snapshots.incident:{incident.pk}").count() == 1
    notices = {notice.to: notice for notice in Notice.objects.filter(code="snapshots.incident")}
    assert {officer, operator} <= set(notices)
    assert elsewhere not in notices
    assert sentence(notices[officer]) == "Public sites: Files were changed (1 place, right again)"
    assert notices[officer].url == reverse("desk:incident", args=[incident.pk])
    leave(guard, told())
    assert effects.take_up_incidents(now=NOW) == 0, "as after a death between the row and the file"
    assert Incident.objects.count() == 1
    assert Notice.objects.filter(code="snapshots.incident", to=officer).count() == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 1', json.dumps(told() | {"at": "yesterday"}), json.dumps(told() | {"places": [1]})])
def test_what_is_no_incident_is_set_aside_and_the_next_goes_on(office, guard, content):
    broken = leave(guard, content, "1.json")
    leave(guard, told(), "2.json")
    assert effects.take_up_incidents(now=NOW) == 1
    assert broken.with_suffix(".bad").exists()
    assert effects.take_up_incidents(now=NOW) == 0


def test_what_concerns_the_whole_store_is_for_the_top(office, guard):
    top = Unit.get_root_nodes().first()
    at_top = watcher("top", Role.SECURITY_OFFICER, top)
    leave(guard, told(kind="watcher_died", noticed="guard", count=0, restored=0, sites=[], places=[], about={"signal": 9}))
    effects.take_up_incidents(now=NOW)
    assert list(queries.incidents_for(at_top, day=TODAY)) == [Incident.objects.get()]
    assert Notice.objects.filter(code="snapshots.incident", to=at_top).exists()


def test_a_site_that_the_guard_cannot_put_right_is_built_again(office, guard):
    making.release(making.article(office.section, by=office.an), by=office.an)
    effects.build_waiting(now=NOW)
    index = Path(effects.store().layout.folder / "sites/education/current/index.html").resolve()
    good = index.read_bytes()
    for place in (index, Path(effects.store().layout.object(_digest(good)))):
        place.unlink()
    (guard / "rebuild/education").touch()
    (guard / "rebuild/nobody").touch()
    assert effects.build_again(now=NOW) == 1
    assert list((guard / "rebuild").iterdir()) == []
    assert index.read_bytes() == good
    assert effects.store().verify("education") is None


def _digest(content: bytes) -> str:
    from fangtang.kernel.hashing import sha256

    return sha256(content)


def test_somebody_looks_at_it_once_and_says_what_it_was(office, guard):
    officer = watcher("sun", Role.SECURITY_OFFICER, office.unit)
    incident = noticing.take_up(told(), now=NOW)
    with pytest.raises(Invalid):
        actions.look_at(incident, note=" \u200b", by=officer, now=NOW)
    assert list(queries.unseen_for(officer, day=TODAY)) == [incident]
    actions.look_at(incident, note="误操作，已核实。", by=officer, now=NOW)
    with pytest.raises(NotPossible):
        actions.look_at(incident, note="再看一次", by=officer, now=NOW + timedelta(hours=1))
    incident.refresh_from_db()
    assert (incident.seen_by, incident.seen_at, incident.note) == (officer, NOW, "误操作，已核实。")
    assert list(queries.unseen_for(officer, day=TODAY)) == []
    assert Event.objects.filter(verb="snapshots.look_at_incident", by=officer).count() == 1


def test_the_desk_shows_it_where_it_cannot_be_missed(office, guard, client):
    officer = watcher("sun", Role.SECURITY_OFFICER, office.unit)
    client.force_login(officer)
    assert "Nothing foreign was ever found" in client.get(reverse("desk:incidents")).content.decode()
    hostile = "<script>alert(1)</script>"
    incident = noticing.take_up(told(count=130, restored=129, places=[place(hostile), place("b.html", restored=False, error="EPERM")]), now=NOW)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("desk:incident", args=[incident.pk]) in home
    shown = client.get(reverse("desk:incident", args=[incident.pk])).content.decode()
    assert "129 of 130 places are right again" in shown
    assert hostile not in shown
    assert "and 128 more places" in shown
    empty = client.post(reverse("desk:incident", args=[incident.pk]), {"note": "\u200b"})
    assert empty.status_code == 422
    done = client.post(reverse("desk:incident", args=[incident.pk]), {"note": "攻击者地址已封禁。"}, follow=True)
    assert done.redirect_chain == [(reverse("desk:incidents"), 302)]
    assert "攻击者地址已封禁" in client.get(reverse("desk:incident", args=[incident.pk])).content.decode()
    assert reverse("desk:incident", args=[incident.pk]) not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_desk_shows_what_stands(office, client):
    client.force_login(watcher("ops", Role.OPERATOR, office.unit))
    assert "It was never built." in client.get(reverse("desk:snapshots")).content.decode()
    effects.build_waiting(now=datetime.now(UTC))
    assert "As it was signed" in client.get(reverse("desk:snapshots")).content.decode()
    current = Path(effects.store().layout.folder) / "sites/education/current"
    current.unlink()
    current.symlink_to("../../trees/00/" + "0" * 64)
    assert "What is served is not what was signed." in client.get(reverse("desk:snapshots")).content.decode()
    effects.store().renew("education", at=datetime.now(UTC))
    Built.objects.filter(site=office.site).update(is_stale=True)
    assert "Changes wait to be built." in client.get(reverse("desk:snapshots")).content.decode()
