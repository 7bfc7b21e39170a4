"""A unit with its shelf, and somebody at work there."""

from __future__ import annotations

import pytest
from django.test import Client

from fangtang.media.actions import shelf_for
from fangtang.people.models import Unit
from fangtang.people.roles import Role
from tests import factories


@pytest.fixture
def unit() -> Unit:
    made = factories.unit("education")
    shelf_for(made)
    return made


@pytest.fixture
def an(unit: Unit) -> Client:
    client = Client()
    client.force_login(factories.person("an", Role.EDITOR, unit))
    return client
