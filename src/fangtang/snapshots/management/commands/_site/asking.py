"""What every verb starts from: where it speaks, which sites and which snapshots are meant."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn

from fangtang.kernel.errors import Invalid
from fangtang.outlets.models import Site
from fangtang.snapshots import effects
from fangtang.snapshots.store import Layout, Snapshot

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Verbs = _SubParsersAction[ArgumentParser]


@dataclass(frozen=True, slots=True)
class Screen:
    """`console` tells people how it goes, `write` gives lines that programs may read."""

    console: Console
    write: Callable[[str], object]

    def write_json(self, value: Any) -> None:
        self.write(json.dumps(value, ensure_ascii=False, indent=2))

    @contextmanager
    def bar(self) -> Iterator[Callable[[str, int, int], None]]:
        """One line for each thing that takes long: its name, how much is done, of how much."""
        tasks: dict[str, TaskID] = {}
        with Progress(*Progress.get_default_columns(), TextColumn("{task.completed} of {task.total}"), console=self.console) as bar:

            def progress(name: str, done: int, total: int) -> None:
                if name not in tasks:
                    tasks[name] = bar.add_task(name)
                bar.update(tasks[name], completed=done, total=total)

            yield progress


def layout() -> Layout:
    return effects.store().layout


def add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", dest="is_json", help="For programs.")


def sites(keys: Sequence[str], *, every: bool = False) -> list[Site]:
    """The sites of these keys, or `every` one, in the order of keys. Raises CommandError for a key that no site has."""
    found = list(Site.objects.order_by("key") if every else Site.objects.filter(key__in=keys).order_by("key"))
    missing = set(keys) - {site.key for site in found}
    if missing:
        raise CommandError(f"No site has the key {', '.join(sorted(missing))}.")
    return found


def snapshot(site_key: str, word: str) -> Snapshot:
    """The snapshot that a serial, or the beginning of a root, means; of several with one root the last. Raises Invalid snapshots.unknown_root,
    snapshots.ambiguous_root."""
    log = effects.store().log(site_key)
    if word.isdecimal() and (found := [one for one in log if one.serial == int(word)]):
        return found[0]
    meant: Mapping[str, Snapshot] = {one.root_sha256: one for one in log if word and one.root_sha256.startswith(word.lower())}
    if not meant:
        raise Invalid("snapshots.unknown_root", site_key=site_key, root=word)
    if len(meant) > 1:
        raise Invalid("snapshots.ambiguous_root", site_key=site_key, root=word)
    return next(iter(meant.values()))


def standing(site_key: str) -> Snapshot:
    """Raises Invalid snapshots.never_built."""
    record = effects.store().standing(site_key)
    if record is None:
        raise Invalid("snapshots.never_built", site_key=site_key)
    return record.snapshot


def shown(moment: datetime) -> str:
    """In the body's timezone."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
