"""What tests of the builder start from."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests import factories


@pytest.fixture
def office(db) -> factories.Office:
    """One unit with a site and a person for every post."""
    cache.clear()  # Wagtail remembers renditions by the picture's id, which starts anew with each test
    return factories.office()
