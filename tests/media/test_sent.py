"""What the choosers answer to whatever somebody sends as ids."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fangtang.media.actions import shelf_for
from fangtang.media.models import File
from fangtang.people.models import Unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("chooser", ["wagtailimages_chooser", "wagtaildocs_chooser"])
@pytest.mark.parametrize("sent", ["x", "", "²", "-1", "9" * 25, "9" * 5000])
def test_what_is_no_id_is_not_looked_for(chooser: str, sent: str, an: Client) -> None:
    answer = an.get(reverse(f"{chooser}:chosen_multiple"), {"id": sent, "multiple": "1"})

    assert answer.status_code == 200
    assert answer.json()["result"] == []


def test_many_files_are_chosen_at_once(unit: Unit, an: Client) -> None:
    files = [File.objects.create(title=title, collection=shelf_for(unit)) for title in ("一", "二")]

    answer = an.get(reverse("wagtaildocs_chooser:chosen_multiple"), {"id": [*(file.pk for file in files), "x"], "multiple": "1"})

    assert {one["title"] for one in answer.json()["result"]} == {"一", "二"}
