"""The lists of the desk: time of whole pages at 100,000 articles, as an editor's browser asks for them.

    python bench/lists.py [--size 100000]

A city of fifty sites (`_many.py` says what is in it). Asked by somebody who is editor, reviewer and chief editor of one of fifty units and by
somebody who is all that in every one. Works on SQLite and, with DATABASE_URL naming an empty database, on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _city
import _many

GOAL_MS = 300
ROUNDS = 9
ARTICLES = {
    "first page": {},
    "page 1,000": {"p": "1000"},
    "search of two characters": {"q": "公交"},
    "search of two words": {"q": "图书 99"},
    "search without a match": {"q": "航天"},
    "search of one character": {"q": "河"},
    "draft": {"status": "draft"},
    "in review": {"status": "in_review"},
    "returned": {"status": "returned"},
    "ready to sign": {"status": "ready"},
    "nothing new": {"status": "settled"},
    "standing": {"status": "standing"},
    "withdrawn": {"status": "withdrawn"},
    "taken over": {"status": "legacy"},
    "in the bin": {"status": "bin"},
    "one kind": {"kind": "policy"},
    "one section": {"section": "1"},
    "one person": {"person": "WRITER"},
    "by title": {"ordering": "title"},
    "by title, backwards": {"ordering": "-title"},
    "search in review": {"q": "学校", "status": "in_review"},
    "search among drafts": {"q": "公交", "status": "draft"},
    "search among drafts, by title": {"q": "公交", "status": "draft", "ordering": "title"},
}
WORK = ("waiting", "ready", "returned", "mine", "released", "barred")
OTHERS = {
    "the desk": ("/desk/", {}),
    **{f"work: {name}": (f"/desk/work/{name}/", {}) for name in WORK},
    **{f"work: {name}, page 1,000": (f"/desk/work/{name}/", {"p": "1000"}) for name in ("released", "mine")},
    "sections to choose": ("/desk/register/choose-section/", {}),
    "sections to choose, searched": ("/desk/register/choose-section/results/", {"q": "公开 7"}),
    "images": ("/desk/images/", {}),
    "images, page 300": ("/desk/images/", {"p": "300"}),
    "images to choose": ("/desk/images/chooser/", {}),
}
ASKED = {**{f"articles: {name}": ("/desk/articles/results/", query) for name, query in ARTICLES.items()}, **OTHERS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    size = parser.parse_args().size
    # The database works for one question in one process, so that its processor time is seen whole.
    os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0 -c jit=off"
    with _city.begin():
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        now = datetime.now(UTC)
        _city.make(0, now=now)
        _many.write(size, now=now)
        measure(size)


def measure(size: int, *, only: str = "") -> None:
    """A line for each list and each of the two readers."""
    from django.conf import settings
    from django.test import Client

    from fangtang.people.models import User

    settings.ALLOWED_HOSTS = ["*"]
    writer = str(User.objects.get(username="writer00").pk)
    for username, sees in ((_many.READER_OF_ONE, "one of fifty units"), (_many.READER_OF_ALL, "all units")):
        client = Client()
        client.force_login(User.objects.get(username=username))
        print(f"· {size} articles, seen: {sees}\n  {'':34}{'wall':>9}{'CPU web':>9}{'CPU db':>9}")
        for name, (address, query) in ASKED.items():
            if only not in name:
                continue
            wall, web, database = _timed(client, address, {key: value.replace("WRITER", writer) for key, value in query.items()})
            print(f"  {name:34}{wall:>9.0f}{web:>9.0f}{database:>9.0f} ms")
            beside = {"wall ms": round(wall, 1), "CPU web ms": round(web, 1), "CPU database ms": round(database, 1)}
            _city.figure("Lists stay quick", f"{name}, {sees}, {size} rows", web + database, unit="ms CPU", goal=GOAL_MS, n=ROUNDS, beside=beside)


def _timed(client: Any, address: str, query: dict[str, str]) -> tuple[float, float, float]:
    """Median milliseconds of one page: wall, CPU of this process, CPU of the database's. A busy machine shows in the first, not in the others."""
    taken: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS + 1):
        wall, web, database = time.perf_counter(), time.process_time(), _database_seconds()
        answer = client.get(address, query)
        taken.append((time.perf_counter() - wall, time.process_time() - web, _database_seconds() - database))
        assert answer.status_code == 200, (address, answer.status_code)
    walls, webs, databases = zip(*taken[1:], strict=True)
    return 1000 * statistics.median(walls), 1000 * statistics.median(webs), 1000 * statistics.median(databases)


def _database_seconds() -> float:
    """Processor time so far of the PostgreSQL process on this machine that answers us; 0 on SQLite, which works within ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    return int(Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]) / 1e9


if __name__ == "__main__":
    main()
