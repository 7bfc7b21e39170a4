"""When the builder works: after each decision and each change of the register, and when the sweeper finds something left."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task
from huey.contrib.djhuey import on_startup

from fangtang.snapshots import effects


@task(priority=100)
def build() -> None:
    """Build everything that waits. Before anything else: an import leaves thousands of small tasks, and no release waits behind them."""
    effects.build_waiting(now=timezone.now())


@on_startup()
def begin_partner() -> None:
    """Of a worker."""
    effects.PARTNER.begin()


def nudge() -> None:
    """Ask for `build` soon. Losing the nudge loses nothing: the rows wait, and the sweeper looks at them."""
    build.enqueue()
