"""A full build: CPU per page, from prepared texts to the store on disk.

    python bench/build.py [--size 10000]

A city of fifty sites is released and built (which prepares every text once), then every site is built whole again into an empty store, as after a
change of colours. What is counted: CPU of this process (Python, queries, templates, hashing, writing), files, and articles.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import time
from datetime import UTC, datetime

import _city

GOAL_CPU_MS = 2.0
"""A quarter of what Hugo takes for such a page on the machine of docs/performance.md (1.6 to 3.6 s per 1,000 pages)."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    size = parser.parse_args().size
    with _city.begin() as home:
        from fangtang.outlets.models import Site
        from fangtang.snapshots import effects

        _city.make(size, now=datetime.now(UTC))
        before = _cpu()
        outcome = effects.build_waiting(now=datetime.now(UTC))
        first = _cpu() - before
        for name in ("objects", "manifests", "trees", "sites"):
            shutil.rmtree(home / "snapshots" / name)
        effects.forget_store()
        began, before = time.perf_counter(), _cpu()
        files = sum(effects.build_site(pk, now=datetime.now(UTC)).files for pk in Site.objects.values_list("pk", flat=True))
        wall, spent = time.perf_counter() - began, _cpu() - before
    print(f"· {size} articles on {_city.SITES} sites, {files} files")
    print(f"  {'first build, with preparing':32}{first:>9.2f} s CPU{outcome.files:>9} files")
    print(f"  {'full build':32}{spent:>9.2f} s CPU{wall:>9.2f} s wall{1000 * spent / files:>9.3f} ms CPU a file")
    _city.figure("full build", f"CPU per file, {size} articles", 1000 * spent / files, unit="ms", goal=GOAL_CPU_MS, n=files)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
