"""When mails are sent: after each notice, and when the sweeper finds one that is due."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from fangtang.notices import effects


@task(priority=50)
def send() -> None:
    """Send every mail that is due. After releases, before the rest."""
    effects.send_waiting(now=timezone.now())


def nudge() -> None:
    """Ask for `send` soon. Losing the nudge loses nothing: the row waits, and the sweeper asks again."""
    send.enqueue()
