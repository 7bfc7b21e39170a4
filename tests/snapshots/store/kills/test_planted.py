"""The measure is worth something: publishers that do not switch by one rename are found out by the same readers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.snapshots.store.kills.conftest import City
from tests.snapshots.store.kills.strace import environment

PUBLISHES = 8
pytestmark = pytest.mark.slow


def found_with(city: City, variant: str) -> City:
    with city.readers():
        for _ in range(PUBLISHES):
            subprocess.run(city.publisher(variant), env=environment(), cwd=Path(__file__).parents[4], check=True)
            city.generation += 1
    return city


@pytest.mark.parametrize("variant", ["in_place", "file_by_file"])
def test_a_publisher_that_writes_where_it_serves_shows_mixtures(city: City, variant: str) -> None:
    found_with(city, variant)

    assert city.found["mixed"] > 0
    if variant == "in_place":
        assert any("is no file of generation" in told for told in city.told), "over HTTP too"


def test_a_publisher_that_takes_the_link_away_first_leaves_readers_with_nothing(city: City) -> None:
    found_with(city, "unlink_and_symlink")

    assert city.found["missing"] > 0
    assert any("answers 404" in told for told in city.told), "over HTTP too"
    assert any("leads nowhere" in told for told in city.told)


def test_a_record_that_nobody_signed_is_found(unserved: City) -> None:
    record = unserved.store_folder / "sites/portal/record.json"
    with unserved.readers():
        record.write_bytes(record.read_bytes().replace(b'"signature":"', b'"signature":"00'))
        unserved.let_them_read()

    assert unserved.found["mixed"] > 0
    assert any("record of portal" in told for told in unserved.told)
