"""What this room registers with the rooms below: it hears of decisions and of changes to the register, and draws previews."""

from __future__ import annotations

from fangtang.articles.registry import previews
from fangtang.outlets.registry import home_previews, site_changed
from fangtang.releases.registry import decided
from fangtang.snapshots import tasks
from fangtang.snapshots.previews import home_preview, preview


@decided.register("snapshots.build")
def on_decided(release_id: int) -> None:
    """Build soon; the row says what."""
    tasks.nudge()


@site_changed.register("snapshots.build")
def on_site_changed(site_id: int, reason: str) -> None:
    """Build soon; the builder compares faces."""
    tasks.nudge()


previews.register("snapshots.theme")(preview)
home_previews.register("snapshots.theme")(home_preview)
