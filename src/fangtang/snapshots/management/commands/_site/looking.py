"""log, show, diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.filesize import decimal

from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.releases.models import Release
from fangtang.releases.states import SERVED
from fangtang.snapshots import effects, exporting, keyring
from fangtang.snapshots.management.commands._site import asking
from fangtang.snapshots.management.commands._site.asking import Screen, shown
from fangtang.snapshots.store import Snapshot, comparing, pins, records, trust, variants
from fangtang.snapshots.store.comparing import Difference
from fangtang.snapshots.store.layout import fanned
from fangtang.snapshots.store.signing import signers_named
from fangtang.snapshots.store.trust import Trust

if TYPE_CHECKING:
    from fangtang.snapshots.management.commands._site.asking import Verbs

SHORT = 12
ENDINGS = tuple(sorted(variants.ENDINGS.values()))
LETTERS = {"added": "A", "changed": "M", "removed": "D"}


def add(verbs: Verbs) -> None:
    one = verbs.add_parser("log", help="Every switch of a site, newest last.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("--full", action="store_true", dest="is_full", help="Whole roots.")
    asking.add_json(one)
    one.set_defaults(run=log)
    one = verbs.add_parser("show", help="What stands: record, signature, files.")
    one.add_argument("keys", nargs="*", metavar="KEY")
    one.add_argument("--serial", type=int, metavar="N", help="What stood as this serial instead; for one site.")
    asking.add_json(one)
    one.set_defaults(run=show)
    one = verbs.add_parser("diff", help="Files that differ between two snapshots of a site.")
    one.add_argument("key", metavar="KEY")
    one.add_argument("before", nargs="?", metavar="FROM", help="A serial or the beginning of a root. Without it: what stood before TO.")
    one.add_argument("after", nargs="?", metavar="TO", help="The same. Without it: what stands.")
    one.add_argument("--stat", action="store_true", dest="is_stat", help="The sums alone.")
    asking.add_json(one)
    one.set_defaults(run=diff)


def log(screen: Screen, *, key: str, is_full: bool, is_json: bool) -> None:
    site_key = asking.sites([key])[0].key
    snapshots, pinned = effects.store().log(site_key), {one.root_sha256 for one in pins.pinned(asking.layout(), site_key)}
    rows = [(one, _marks(one, pinned, is_last=one is snapshots[-1])) for one in snapshots]
    if is_json:
        screen.write_json([_plain(one) | {"marks": marks} for one, marks in rows])
        return
    for one, marks in rows:
        root = one.root_sha256 if is_full else one.root_sha256[:SHORT]
        said = f"{one.serial:>6}  {shown(one.at)}  {root}  {len(one.releases):>4} releases  {', '.join(marks)}"
        screen.write(said.rstrip())


def show(screen: Screen, *, keys: Sequence[str], serial: int | None, is_json: bool) -> None:
    if serial is not None and len(keys) != 1:
        raise Invalid("snapshots.serial_of_one")
    found = [_about(site.key, serial) for site in asking.sites(keys, every=not keys)]
    waiting = Release.objects.exclude(status=SERVED).count()
    if is_json:
        screen.write_json({"sites": found, "waiting": waiting})
        return
    for one in found:
        _say(screen, one)
    screen.write(f"· {waiting} releases wait, on whichever site")


def diff(screen: Screen, *, key: str, before: str | None, after: str | None, is_stat: bool, is_json: bool) -> None:
    site_key = asking.sites([key])[0].key
    last = asking.standing(site_key) if after is None else asking.snapshot(site_key, after)
    first = last.previous if before is None else asking.snapshot(site_key, before).root_sha256
    found = _differences(site_key, first, last.root_sha256)
    if is_json:
        screen.write_json({"site": site_key, "from": first, "to": last.root_sha256, "files": [] if is_stat else [_file(one) for one in found], **_sums(found)})
        return
    for one in () if is_stat else found:
        entry = one.after or one.before
        screen.write(f"{LETTERS[one.kind]}  {entry.size if entry else 0:>10}  {one.path}")
    sums = _sums(found)
    screen.write(f"· {sums['added']} added, {sums['changed']} changed, {sums['removed']} removed; {sums['bytes']:+} bytes")


def _marks(one: Snapshot, pinned: set[str], *, is_last: bool) -> list[str]:
    is_gone = not Path(asking.layout().tree(one.root_sha256)).is_dir()
    said = {"standing": is_last, "pinned": one.root_sha256 in pinned, "collected": is_gone}
    return [name for name, is_so in said.items() if is_so]


def _plain(one: Snapshot) -> dict[str, Any]:
    return {"serial": one.serial, "at": one.at.isoformat(), "root": one.root_sha256, "previous": one.previous, "releases": list(one.releases)}


def _about(site_key: str, serial: int | None) -> dict[str, Any]:
    layout = asking.layout()
    if layout.record(site_key) is None:
        return {"site": site_key, "root": None}
    wanted = exporting.contents(layout, site_key, serial=serial)
    record, files, packed = wanted.record, 0, Counter[str]()
    for item in wanted.files():
        files += 1
        packed.update(ending for ending in ENDINGS if _has_variant(item.sha256, ending))
    size = sum(entry.size for entry in layout.entries(record.snapshot.root_sha256).values())
    found = {"site": site_key, **_plain(record.snapshot), "created": record.snapshot.at.isoformat(), "given": record.given.isoformat()}
    found |= {"expires": record.expires.isoformat(), "files": files, "bytes": size, "variants": {ending: packed[ending] for ending in ENDINGS}}
    return found | {"keys": signers_named(wanted.document), "signature": _signature(wanted.document, wanted.chain)}


def _has_variant(digest: str, ending: str) -> bool:
    """An empty one says that compressing it is not worth it."""
    try:
        return Path(asking.layout().folder, "variants", f"{fanned(digest)}.{ending}").stat().st_size > 0
    except FileNotFoundError:
        return False


def _signature(document: bytes, chain: Sequence[bytes]) -> str:
    """Whether the keys of the newest trust signed it ("good"), those of an earlier one ("good by trust 1"), or none ("bad")."""
    newest = keyring.known()
    if newest and records.is_signed(document, newest):
        return "good"
    known: Trust | None = None
    found = "bad"
    for one in chain:
        known = trust.successor(known, one) if known else trust.first(one)
        if records.is_signed(document, known):
            found = f"good by trust {known.version}"
    return found


def _say(screen: Screen, one: dict[str, Any]) -> None:
    if one["root"] is None:
        screen.write(f"{one['site']}\n  never built")
        return
    compressed = ", ".join(f"{count} {ending}" for ending, count in one["variants"].items())
    moments = {name: shown(datetime.fromisoformat(one[name])) for name in ("created", "given", "expires")}
    lines = {
        "root": one["root"],
        "serial": f"{one['serial']}, since {moments['created']}",
        "previous": one["previous"] or "none",
        "record": f"given {moments['given']}, ends {moments['expires']}",
        "signature": f"{one['signature']}, by key {', '.join(key[:SHORT] for key in one['keys']) or 'none'}",
        "releases": ", ".join(map(str, one["releases"])) or "none",
        "files": f"{one['files']}, {decimal(one['bytes'])}",
        "compressed": compressed,
    }
    screen.write("\n".join([one["site"], *(f"  {name:<12}{text}" for name, text in lines.items())]))


def _differences(site_key: str, first: str | None, last: str) -> list[Difference]:
    for root in (first, last):
        if root and not Path(asking.layout().tree(root)).is_dir():
            raise NotPossible("snapshots.collected", site_key=site_key, root=root)
    try:
        return list(comparing.differences(asking.layout(), first, last))
    except FileNotFoundError as error:  # given up while we looked
        raise NotPossible("snapshots.collected", site_key=site_key, root=first) from error


def _file(one: Difference) -> dict[str, Any]:
    before, after = ({"sha256": entry.sha256, "bytes": entry.size} if entry else None for entry in (one.before, one.after))
    return {"kind": LETTERS[one.kind], "path": one.path, "before": before, "after": after}


def _sums(found: Sequence[Difference]) -> dict[str, int]:
    kinds = Counter(one.kind for one in found)
    grown = sum((one.after.size if one.after else 0) - (one.before.size if one.before else 0) for one in found)
    return {"added": kinds["added"], "changed": kinds["changed"], "removed": kinds["removed"], "bytes": grown}
