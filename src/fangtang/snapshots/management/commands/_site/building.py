"""build, retry, nginx."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from rich.markup import escape

from fangtang.outlets.models import Site
from fangtang.releases.presenters import failure
from fangtang.snapshots import effects
from fangtang.snapshots.management.commands._site import asking
from fangtang.snapshots.management.commands._site.asking import Screen
from fangtang.snapshots.nginx import nginx_config, write_moves

if TYPE_CHECKING:
    from fangtang.snapshots.management.commands._site.asking import Verbs


def add(verbs: Verbs) -> None:
    one = verbs.add_parser("build", help="Build what waits; with keys or --all, build these sites whole.")
    one.add_argument("keys", nargs="*", metavar="KEY")
    one.add_argument("--all", action="store_true", dest="is_all", help="Build every site whole.")
    one.add_argument("--afresh", action="store_true", dest="is_afresh", help="Prepare every released text again first, pictures included.")
    one.add_argument("--quiet", action="store_true", dest="is_quiet", help="Say nothing.")
    one.set_defaults(run=build)
    one = verbs.add_parser("retry", help="Let failed releases wait to be built again; without ids, all of them.")
    one.add_argument("releases", nargs="*", type=int, metavar="ID")
    one.set_defaults(run=retry)
    one = verbs.add_parser("nginx", help="Print the configuration with which nginx serves every site.")
    one.add_argument("--listen", default="80", metavar="[ADDRESS:]PORT", help="where nginx listens (default 80)")
    one.add_argument("--desk", default=f"127.0.0.1:{settings.PORT}", metavar="ADDRESS:PORT", help="where fangtang-web listens (default: PORT here)")
    one.add_argument("--moves", action="store_true", dest="is_moves", help="Write the list of moved addresses that it includes, and print nothing.")
    one.set_defaults(run=nginx)


def build(screen: Screen, *, keys: Sequence[str], is_all: bool, is_afresh: bool) -> None:
    console = screen.console
    if is_afresh:
        count = effects.forget_prepared()
        console.print(f"· {count} prepared texts are drawn again")
    with screen.bar() as progress:
        outcome = effects.build_waiting(now=timezone.now(), progress=progress)
    console.print(f"· {len(outcome.served)} releases served, {len(outcome.failed)} failed, {outcome.files} files drawn")
    for why in (*outcome.broken_sites.values(), *outcome.broken_articles.values()):
        console.print(f"[red]{escape(failure(why.code, why.data))}[/red]; {len(outcome.waiting)} releases wait for the next try")
    sites = asking.sites(keys, every=is_all)
    files = 0
    with screen.bar() as progress:
        for site in sites:
            whole = effects.build_site(site.pk, now=timezone.now(), progress=progress)
            files += whole.files
            if keys:
                console.print(f"· {site.key}: {whole.files} files, root {effects.store().root(site.key)}", soft_wrap=True)
    if is_all:
        console.print(f"· {len(sites)} sites built, {files} files")


def retry(screen: Screen, *, releases: Sequence[int]) -> None:
    count = effects.retry(releases)
    screen.console.print(f"· {count} releases wait again")


def nginx(screen: Screen, *, listen: str, desk: str, is_moves: bool) -> None:
    if is_moves:
        write_moves(Path(settings.SNAPSHOT_ROOT))
        return
    hosts = dict(Site.objects.values_list("wagtail_site__hostname", "key"))
    screen.write(nginx_config(hosts, Path(settings.SNAPSHOT_ROOT), listen, desk).removesuffix("\n"))
