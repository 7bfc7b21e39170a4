"""The thin line: submitted, read, signed, standing, withdrawn."""

from __future__ import annotations

import pytest

from fangtang.audit.models import Event
from fangtang.releases import actions as releases
from fangtang.releases.models import Address, Standing
from fangtang.reviews import states
from tests import factories
from tests.factories import NOW
from tests.reviews import rounds

pytestmark = pytest.mark.django_db


def test_a_text_goes_from_submission_to_standing_and_down_again() -> None:
    office = factories.office()

    article, release = rounds.released(office, steps=rounds.FULL)

    standing = Standing.objects.get(article=article)
    address = Address.objects.get(article=article)
    assert (standing.number, standing.site, standing.title) == (1, office.site, article.title)
    assert (address.path, address.is_current, address.is_canonical) == (f"news/202611/{article.pk}.html", True, True)
    assert release.turn is not None
    assert release.turn.status == states.RELEASED
    assert release.turn.steps.filter(status=states.APPROVED, content_sha256=release.content_sha256).count() == 6

    releases.withdraw(article, reason="wrong date", by=office.fang, now=NOW)

    assert not Standing.objects.exists()
    assert not Address.objects.filter(is_current=True).exists()
    assert list(Event.objects.filter(verb__startswith="releases.").values_list("verb", flat=True)) == ["releases.sign", "releases.withdraw"]
