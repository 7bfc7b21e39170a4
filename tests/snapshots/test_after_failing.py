"""What follows from a release that failed: people are told, and what stood before it still closes in time."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.images import ImageFile
from PIL import Image

from fangtang.articles.models import Article
from fangtang.media.models import Picture
from fangtang.notices.models import Notice
from fangtang.people.roles import Role
from fangtang.releases import actions
from fangtang.releases.models import Release
from fangtang.releases.states import BUILDING, FAILED
from fangtang.snapshots import effects
from fangtang.snapshots.effects import building
from fangtang.snapshots.models import Due, Shown
from tests import factories
from tests.reviews import rounds
from tests.snapshots import making

pytestmark = pytest.mark.django_db
NOW = making.NOW


def picture() -> Picture:
    drawn = BytesIO()
    Image.new("RGB", (1200, 675), "teal").save(drawn, "PNG")
    return Picture.objects.create(title="半亩方塘", description="一方水塘", file=ImageFile(BytesIO(drawn.getvalue()), name="pond.png"))


def told() -> list[int]:
    return sorted(Notice.objects.filter(code="release.failed").values_list("to_id", flat=True))


def test_the_signer_and_the_operators_are_told(office):
    operator = factories.person("operator", Role.OPERATOR, office.unit)
    shown = picture()
    article, turn = rounds.passed(office, lead_image=shown)
    actions.sign(article, seen_sha256=turn.content_sha256, by=office.fang, now=NOW)
    Path(shown.file.path).unlink()

    assert effects.build_waiting(now=NOW).failed == [article.releases.get().pk]
    effects.build_waiting(now=NOW)

    assert told() == sorted([office.fang.pk, operator.pk])


def test_they_are_told_when_its_builders_died(office):
    _article, release = rounds.released(office)
    Release.objects.update(status=BUILDING, attempts=effects.MOST_ATTEMPTS)

    effects.build_waiting(now=NOW)

    release.refresh_from_db()
    assert (release.status, told()) == (FAILED, [office.fang.pk])


def test_what_stood_before_a_failure_closes_in_time(office, monkeypatch):
    """A closing that is due while the newest version failed is carried out, once, and holds up nobody."""
    article = making.article(office.section, by=office.an, title="限时公告", shown_at=NOW)
    making.place(article, office.section, visible_until=NOW + timedelta(hours=1))
    making.release(article, by=office.an)
    effects.build_waiting(now=NOW)
    path = Shown.objects.get().path
    shown = picture()
    article = Article.objects.get(pk=article.pk)
    article.lead_image = shown
    article.save()
    making.release(article, by=office.an)
    Path(shown.file.path).unlink()
    effects.build_waiting(now=NOW)
    assert effects.store().read("education", path) is not None
    rounds_left, build = iter(range(3)), building._build
    monkeypatch.setattr(building, "_build", lambda *given: (next(rounds_left), build(*given)))

    effects.build_waiting(now=NOW + timedelta(hours=2))

    assert effects.store().read("education", path) is None
    assert "限时公告" not in effects.store().read("education", "news/index.html").decode()
    assert not Due.objects.exists()
