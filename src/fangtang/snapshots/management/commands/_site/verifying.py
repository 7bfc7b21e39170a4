"""verify."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from rich.progress import track

from fangtang.outlets.models import Site
from fangtang.snapshots import effects, keyring, rows
from fangtang.snapshots.management.commands._site import asking
from fangtang.snapshots.management.commands._site.asking import Screen, shown

if TYPE_CHECKING:
    from fangtang.snapshots.management.commands._site.asking import Verbs

NOT_GENUINE = "the trust is not the one that lies beside the keys"
OFF_RECORD = "the record is not signed by today's key, or is not about what stands"


@dataclass(frozen=True, slots=True)
class Bad:
    """The first bad thing: `site` is "" for what concerns all."""

    site: str
    path: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.site, f"/{self.path} is {self.reason}" if self.path or self.reason in {"missing", "changed"} else self.reason)))


def add(verbs: Verbs) -> None:
    one = verbs.add_parser(
        "verify",
        help="Recompute the roots from the bytes, and look who signed the records; and the lengths of lists from their lines; fails on the first difference.",
    )
    one.add_argument("keys", nargs="*", metavar="KEY")
    asking.add_json(one)
    one.set_defaults(run=verify)


def verify(screen: Screen, *, keys: Sequence[str], is_json: bool) -> None:
    sites = asking.sites(keys, every=not keys)
    looked_at = sites if is_json else track(sites, description="Verifying sites", console=screen.console)
    bad = None if keyring.ring().is_genuine() else Bad("", "", NOT_GENUINE)
    for site in looked_at:
        bad = bad or _first_bad(site)
        if bad:
            break
    if is_json:
        screen.write_json({"sites": [site.key for site in sites], "is_sound": bad is None, "first": asdict(bad) if bad else None})
    elif bad:
        screen.console.print(str(bad), style="red", markup=False, highlight=False, soft_wrap=True)
    else:
        _warn_of_ends(screen, sites)
        screen.console.print("· Every file is what its root says, and every root what its record says.")
    if bad:
        sys.exit(1)


def _first_bad(site: Site) -> Bad | None:
    known = keyring.known()
    if known is None and asking.layout().record(site.key) is not None:
        return Bad(site.key, "", OFF_RECORD)
    damage = effects.store().verify(site.key, trust=known)
    if damage:
        return Bad(site.key, damage.path, OFF_RECORD if damage.reason == "record" else damage.reason)
    wrong = rows.miscounted(site.sections.values_list("pk", flat=True))
    return Bad(site.key, "", f"the length of {len(wrong)} lists is not what it was kept as; build the site whole") if wrong else None


def _warn_of_ends(screen: Screen, sites: Sequence[Site]) -> None:
    """An ended record is no damage; but mirrors believe it no more."""
    now = timezone.now()
    for site in sites:
        record = effects.store().standing(site.key)
        if record and record.is_expired(now):
            screen.console.print(f"! {site.key}: its record ended {shown(record.expires)}; the sweeper signs it again (fangtang sweep)", style="yellow")
