"""A site's emblem is a picture that its manager may choose."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image

from fangtang.media.actions import shelf_for
from fangtang.media.models import Picture
from fangtang.people.models import Unit
from fangtang.people.roles import Role
from tests import factories
from tests.articles.forms import signed_in

pytestmark = pytest.mark.django_db


def picture(unit: Unit, title: str) -> Picture:
    drawn = BytesIO()
    Image.new("RGB", (400, 400), "teal").save(drawn, "PNG")
    return Picture.objects.create(title=title, description="徽", collection=shelf_for(unit), file=ImageFile(BytesIO(drawn.getvalue()), name="a.png"))


def test_pictures_of_other_units_are_no_emblem_and_stay_unnamed() -> None:
    office = factories.office()
    ours, theirs = picture(office.unit, "我们的"), picture(office.mo.posts.get().unit, "绝密的名字")
    manager = signed_in(factories.person("manager", Role.SITE_MANAGER, office.unit))
    address = reverse("sites_register:edit", args=[office.site.pk])
    form = manager.get(address).context["form"]
    data = {name: form.initial.get(name) or "" for name in form.fields}
    emblems = []

    for sent in (str(ours.pk), str(theirs.pk), "x", "0"):
        answer = manager.post(address, data | {"emblem": sent})
        office.site.refresh_from_db()
        emblems.append((answer.status_code, office.site.emblem_id))
        assert "绝密的名字" not in answer.content.decode()

    assert emblems == [(302, ours.pk), (200, ours.pk), (200, ours.pk), (200, ours.pk)]
