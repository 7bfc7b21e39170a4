"""Tampering undone: every kind of attack, thirty times, on a store of 50,000 files that the real guard watches; and what the guard costs at rest.

    python bench/guard.py [--files N] [--rounds N] [--idle SECONDS]

Measured from the end of the attack until readers meet the right bytes, and until the incident lies where the desk takes it up. Of ten thousand changes the
moment is taken from change times, for looking at them all takes longer (`attacks.Sweep`); beside it stand how long it took from the first change on, and
until the store itself was right. "Alive" and "dead" say whether the watcher lived; its own starting anew is part of the time.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from fangtang.snapshots.store import TreesStore, trust
from fangtang.snapshots.store.keys import PrivateKey
from tests.snapshots.guard.attacks import KINDS, ManyRight, Page, Scene

SITES = 5
FOLDER_FILES = 100
PROMISE = "Tampering undone"
DEAD = "watcher killed"
MANY = "10,000 changes"
GIVE_UP_SECONDS = 20.0
SHIELD_SECONDS = 60.0
Beside = dict[str, list[float | None]]
CALM_SECONDS, CALM_SHARE = 300.0, 0.03
"""It has calmed down when it takes no more than this share of a processor for five seconds; waited for so long."""
SENTENCE = "各单位按照职责分工，倒排工期，逐项落实，并将进展情况于每月底前在门户网站公布，接受社会监督。"


def make(folder: Path, files: int) -> tuple[Scene, trust.Trust]:
    """A store at its second release, with the sites' folders as they were after the first kept aside."""
    root, release = PrivateKey.generate(), PrivateKey.generate()
    now = datetime.now(UTC)
    document = trust.issue(version=1, created=now, expires=now + timedelta(days=365), roots=[root.public], releases=[release.public], signers=[root])
    store = TreesStore(folder / "store", signers=[release], barrier=lambda descriptor: None)
    trust.keep(store.layout.trust, document)
    pages = [(f"site{number % SITES}", path(number // SITES)) for number in range(files)]
    body = SENTENCE * 10
    for key in (f"site{number}" for number in range(SITES)):
        store.commit(key, {at: f"<h1>{key} {at}</h1>{body}".encode() for site, at in pages if site == key}, at=now)
    shutil.copytree(folder / "store/sites", folder / "before", symlinks=True)
    store.commit_all({f"site{number}": {"news/0/1.html": b"<h1>News</h1>" * 20} for number in range(SITES)}, at=now)
    (folder / "aside").mkdir()
    return Scene(folder / "store", folder / "aside", folder / "before", pages), trust.first(document)


def path(number: int) -> str:
    return f"news/{number // FOLDER_FILES // 12}/{number // FOLDER_FILES % 12}/{number}.html"


class Guard:
    """The program."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "guard"
        began = time.monotonic()
        command = [sys.executable, "-m", "fangtang.snapshots.guard", "--store", folder / "store", "--home", self.home]
        self._log = folder / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(command, stdout=log)
        self._lives = 0
        self.started = self.line()
        self.start_seconds = time.monotonic() - began

    def line(self) -> str:
        """What a watcher says when it has looked at everything; waits for the next one."""
        while len(lives := [line for line in self._log.read_text().splitlines() if line.startswith("Watching")]) <= self._lives:
            time.sleep(0.02)
        self._lives += 1
        return lives[-1]

    @property
    def watcher(self) -> int:
        number = self._process.pid
        return int(Path(f"/proc/{number}/task/{number}/children").read_text().split()[0])

    def cpu_seconds(self) -> float:
        """Of parent and watcher together."""
        ticks = 0
        for number in (self._process.pid, self.watcher):
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.watcher}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def is_shielding(self, scene: Scene) -> bool:
        return any(Path(scene.layout.site(key), "current").readlink().is_absolute() for key in scene.layout.site_keys())

    def shield_lacking(self) -> int:
        return int(json.loads((self.home / "heartbeat").read_bytes())["shield_lacking"])

    def incidents(self) -> Iterator[tuple[Path, dict[str, object]]]:
        for file in sorted((self.home / "incidents").glob("*.json")):
            yield file, json.loads(file.read_bytes())

    def take_up(self) -> list[dict[str, object]]:
        found = list(self.incidents())
        for file, _ in found:
            file.unlink()
        return [incident for _, incident in found]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)


@contextmanager
def workplace() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="fangtang-guard-"))
    folder.chmod(0o755)  # readers pass through it
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seconds_until(is_so: object, began: float) -> float | None:
    assert callable(is_so)
    while not is_so():
        if time.perf_counter() - began > GIVE_UP_SECONDS:
            return None
        time.sleep(0.0005)
    return time.perf_counter() - began


def attack(kind: str, scene: Scene, guard: Guard, beside: Beside) -> tuple[float | None, float | None]:
    """Seconds until right, and until told. `beside` gets what else is to be known of very many."""
    guard.take_up()
    scene.watcher = guard.watcher
    is_right = KINDS[kind](scene)
    began = time.perf_counter()
    right = seconds_until(is_right, began)
    if isinstance(is_right, ManyRight):
        right = None if right is None else is_right.since_ns() / 1e9
        beside.setdefault("  from its beginning", []).append(None if right is None else is_right.for_readers.since_ns(is_right.began_ns) / 1e9)
        beside.setdefault("  the store itself", []).append(seconds_until(is_right.in_store, began) and is_right.in_store.since_ns(is_right.ended_ns) / 1e9)
    told = seconds_until(lambda: any(incident["places"] for _, incident in guard.incidents()), began)
    if kind == DEAD:
        guard.line()
    time.sleep(0.15 if kind != MANY else 2.0)
    seconds_until(lambda: not guard.is_shielding(scene), time.perf_counter())
    scene.round += 1
    return right, told


def print_row(kind: str, rights: list[float | None], tolds: list[float | None]) -> None:
    found = sorted(right for right in rights if right is not None)
    told = sorted(one for one in tolds if one is not None)
    columns = [figure for some in (found, told) for figure in ([median(some), some[int(len(some) * 0.95)], some[-1]] if some else [0.0] * 3)]
    figures = " ".join(f"{value * 1000:9.1f}" for value in (*columns[:4], columns[5]))
    print(f"{kind:20} {len(found):3}/{len(rights):<3} {len(told):3}/{len(tolds):<3} {figures}", flush=True)


def say(figure: str, value: float, unit: str, goal: float, *, n: int, at_least: bool = False, **beside: object) -> None:
    met = value >= goal if at_least else value <= goal
    line = {"promise": PROMISE, "figure": figure, "value": round(value, 4), "unit": unit, "goal": goal, "met": met, "n": n, "beside": beside}
    print(json.dumps(line, ensure_ascii=False))


def main() -> None:
    parser = argparse.ArgumentParser(description="Tampering undone")
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--idle", type=float, default=120.0, help="seconds at rest over which processor time is counted")
    parser.add_argument("--only", help="one kind of attack")
    arguments = parser.parse_args()
    with workplace() as folder:
        scene, trusted = make(folder, arguments.files)
        for site_key, at in random.Random(3).sample(scene.pages, arguments.rounds // 2):
            scene.handles.append((site_key, at, os.open(Page(scene, site_key, at).file, os.O_WRONLY)))
        guard = Guard(folder)
        try:
            run(arguments, scene, guard)
            check(scene, trusted)
        finally:
            guard.stop()


def run(arguments: argparse.Namespace, scene: Scene, guard: Guard) -> None:
    print(f"{guard.started}\nFirst start, with the spare copies: {guard.start_seconds:.1f} s; load {os.getloadavg()[0]:.1f}")
    began = time.perf_counter()
    while guard.shield_lacking() and time.perf_counter() - began < SHIELD_SECONDS:
        time.sleep(1)
    print(f"Directories that do not lie ready for the shield after {time.perf_counter() - began:.0f} s: {guard.shield_lacking()}")
    assert not guard.take_up(), "an alarm before any attack"
    gc.freeze()
    print(f"\n{'milliseconds':20} {'right':>7} {'told':>7} {'median':>9} {'95 %':>9} {'worst':>9} {'told':>9} {'worst':>9}")
    results: dict[str, list[tuple[float | None, float | None]]] = {}
    beside: Beside = {}
    for kind in [arguments.only] if arguments.only else KINDS:
        if kind == MANY and len(scene.pages) < 10_000:
            continue
        results[kind] = [attack(kind, scene, guard, beside) for _ in range(arguments.rounds)]
        print_row(kind, [right for right, _ in results[kind]], [told for _, told in results[kind]])
    for name, found in beside.items():
        print_row(name, found, [])
    figures(results, beside)
    if arguments.idle:
        rest(arguments, guard)


def figures(results: dict[str, list[tuple[float | None, float | None]]], beside: Beside) -> None:
    every = [one for rounds in results.values() for one in rounds]
    alive = sorted(right if right is not None else GIVE_UP_SECONDS for kind, rounds in results.items() if kind != DEAD for right, _ in rounds)
    print()
    say("restored and told", sum(None not in one for one in every) / len(every), "share", 1.0, n=len(every), at_least=True)
    if alive:
        say("restored within 200 ms, watcher alive", sum(one <= 0.2 for one in alive) / len(alive), "share", 0.95, n=len(alive), at_least=True)
        say("95 % restored, watcher alive", alive[int(len(alive) * 0.95)], "s", 0.2, n=len(alive))
        many = {f"{MANY}:{name[1:]}, worst": max(one if one is not None else GIVE_UP_SECONDS for one in found) for name, found in beside.items()}
        say("worst, watcher alive", alive[-1], "s", 1.0, n=len(alive), **many)
    if DEAD in results:
        dead = [right if right is not None else GIVE_UP_SECONDS for right, _ in results[DEAD]]
        say("worst, watcher killed", max(dead), "s", 10.0, n=len(dead), median=round(median(dead), 3))


def rest(arguments: argparse.Namespace, guard: Guard) -> None:
    print(f"cleared up {_calmed(guard):.0f} s after the last attack")
    guard.take_up()
    before, began = guard.cpu_seconds(), time.monotonic()
    time.sleep(arguments.idle)
    share = (guard.cpu_seconds() - before) / (time.monotonic() - began)
    heartbeat = json.loads((guard.home / "heartbeat").read_bytes())
    say("processor at rest", share * 100, "%", 1.0, n=1, files=arguments.files, pass_seconds=heartbeat["pass_seconds"], memory_mb=round(guard.memory_mb()))
    assert not guard.take_up(), "an alarm at rest"


def _calmed(guard: Guard) -> float:
    """Wait until nothing is left of the attacks: evidence to hash, thousands of foreign files to free. Seconds."""
    began = time.monotonic()
    while time.monotonic() - began < CALM_SECONDS:
        before = guard.cpu_seconds()
        time.sleep(5)
        if guard.cpu_seconds() - before < CALM_SHARE * 5:
            break
    return time.monotonic() - began


def check(scene: Scene, trusted: trust.Trust) -> None:
    store = TreesStore(scene.store)
    for number in range(SITES):
        damage = store.verify(f"site{number}", trust=trusted)
        assert damage is None, damage


if __name__ == "__main__":
    main()
