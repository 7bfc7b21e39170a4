"""What happens before the server starts: a free port, the database, the static files, the reference city on the first start."""

from __future__ import annotations

import json
import socket
from io import StringIO

import django
from django.conf import settings
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from fangtang.config.stack import state


def prepare(console: Console) -> bool:
    """Make everything ready; False when it cannot start (said on the console, with what to do)."""
    running = state.read()
    if running:
        console.print(f"Fangtang runs already on port {running.port} (process {running.pid}). Stop it with: fangtang stack down")
        return False
    if not is_free(settings.PORT):
        console.print(f"[red]Port {settings.PORT} is taken by another program.[/red] A free one is {free_after(settings.PORT)}; try:")
        console.print(f"    make up PORT={free_after(settings.PORT)}")
        return False
    django.setup()
    _step(console, "Preparing the database", "migrate", verbosity=0, interactive=False)
    _step(console, "Collecting the desk's static files", "collectstatic", verbosity=0, interactive=False)
    _seed_once(console)
    call_command("port", str(settings.PORT))
    return True


def is_free(port: int) -> bool:
    """Whether the embedded server could listen on this port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.OPTIONS["FANGTANG_BIND"], port))
        except OSError:
            return False
    return True


def free_after(port: int) -> int:
    """The next free port."""
    return next(candidate for candidate in range(port + 1, 65536) if is_free(candidate))


def _step(console: Console, title: str, command: str, **options: object) -> None:
    with console.status(f"{title} …"):
        call_command(command, stdout=StringIO(), **options)
    console.print(f"· {title}: done")


def _seed_once(console: Console) -> None:
    from fangtang.demo import city
    from fangtang.people.models import Body

    there = Body.objects.first()
    if there:
        whose = "The reference city" if there.name == city.BODY_NAME else there.name
        console.print(f"· {whose} is there; going on with its data", highlight=False)
        return
    console.print("· First start: making the reference city 方塘市")
    call_command("seed")


def announce(console: Console, port: int, *, end: str) -> None:
    """Print the addresses, the demo logins, and with `end` how to stop it."""
    from fangtang.outlets.models import Site

    addresses = Table.grid(padding=(0, 2))
    sites = list(Site.objects.select_related("wagtail_site").order_by("-wagtail_site__is_default_site", "pk"))
    for site in sites[:4]:
        addresses.add_row(site.name, f"http://{site.wagtail_site.hostname}:{port}/")
    if len(sites) > 4:
        addresses.add_row(f"… and {len(sites) - 4} more sites", "")
    addresses.add_row("[bold]Desk 工作台[/bold]", f"[bold]http://localhost:{port}/desk/[/bold]")
    console.print("\n[bold green]Fangtang is ready.[/bold green]")
    console.print(addresses)
    path = settings.HOME / "demo-logins.json"
    if path.exists():
        console.print(_logins(json.loads(path.read_text())))
    console.print(end, soft_wrap=True)


def _logins(found: list[dict[str, str]]) -> Table:
    table = Table("Role", "Person", "Login", "Password", title="Demo logins", title_justify="left", box=None)
    for login in found:
        table.add_row(login["role"], login["name"], login["login"], login["password"])
    return table
