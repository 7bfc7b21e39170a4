"""The shield: when very many files of the store are foreign at once, readers are led to the guard's own copies until the store is right again.

`current` of a site then says `<home>/shield/trees/ab/<root>` instead of `../../trees/ab/<root>`: one rename for each site, where every foreign file
costs a rename of its own. Which sites it is raised over stands in `raised`, so that a guard that was killed knows its own work.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fangtang.snapshots.guard.authority import Accepted, plain
from fangtang.snapshots.guard.expected import Expected
from fangtang.snapshots.guard.home import LOG, Home
from fangtang.snapshots.guard.replicas import RETRY_SECONDS, Replicas, obstacle
from fangtang.snapshots.guard.spare import Spare
from fangtang.snapshots.store import swapping
from fangtang.snapshots.store.layout import Layout

PASSES_APART = 10.0
"""After a pass that found something the next one comes after so many times what it took."""
TRIES = 3
RAISED = "raised"


@dataclass(slots=True)
class Shield:
    """`wish` as for `replicas.obstacle`."""

    home: Home
    layout: Layout
    expected: Expected
    spare: Spare
    wish: bool | None = None
    raised: dict[str, str] = field(default_factory=dict)
    """Site key → root to which its `current` leads by our own hand."""
    replicas: Replicas = field(init=False)
    _obstacle: str = ""
    _is_clean: bool = False
    """Whether the pass that is under way has found nothing, and nothing else was found since it began."""
    _look_due: float = 0.0

    def __post_init__(self) -> None:
        folder = self._folder
        self.replicas = Replicas(os.fspath(folder), self.expected, self.spare, self.raised)
        with suppress(ValueError, AttributeError):
            self.raised.update(json.loads(self.home.read(RAISED) or b"{}").items())

    @property
    def _folder(self) -> Path:
        return self.home.folder.resolve() / "shield"

    def leads_to(self, site_key: str, root: str) -> str:
        """What `current` of a site must say that stands at this root."""
        return self.replicas.place(root) if self.raised.get(site_key) == root else plain(root)

    def through(self, site_key: str, link: str | None) -> str | None:
        """What `current` would say had the shield not been raised over this site. Any other place in the shield is as foreign as one elsewhere."""
        root = self.raised.get(site_key)
        return plain(root) if root and link == self.replicas.place(root) else link

    def keep(self, site_key: str, root: str) -> None:
        """Whoever may has let the site stand at this root: stay raised over it, or leave it, for a release is out."""
        over = self.raised.get(site_key)
        if over == root and root in self.replicas:
            self._point(site_key, plain(root), self.replicas.place(root))
        elif over is not None and (over != root or self._point(site_key, self.replicas.place(root), plain(root))):
            del self.raised[site_key]
            self._note("no longer raised over", [site_key])

    def lift(self, accepted: Mapping[str, Accepted], *, now: float) -> list[str]:
        """Raise it over every site that stands and is complete here; those over which it was not raised before. To be called as long as trouble goes on."""
        self.doubt()
        self._look_due = now
        fresh = {key: one.root for key, one in accepted.items() if key not in self.raised and one.is_settled and self.expected.roots.get(key) == one.root}
        if not fresh or not self._is_usable():
            return []
        incomplete = self.replicas.incomplete()
        fresh = {key: root for key, root in fresh.items() if key not in incomplete and root in self.replicas}
        if fresh:
            self.raised |= fresh
            self._note("raised over", list(fresh))
            for site_key, root in fresh.items():
                self._point(site_key, plain(root), self.replicas.place(root))
        return list(fresh)

    def lay(self, *, now: float) -> None:
        """A small step of preparing it; where it could not be used, none for a while."""
        if self._is_usable():
            self.replicas.lay(now=now)
        else:
            self.replicas.rest(now + RETRY_SECONDS)

    @property
    def due(self) -> float:
        """When there is something to do."""
        return min(self.replicas.due, self.pass_due)

    @property
    def pass_due(self) -> float:
        """When everything should be looked at, so that it may be lowered; never, when it is not raised or that was asked for."""
        return self._look_due if self.raised else float("inf")

    def wants_pass(self, now: float) -> bool:
        """Whether to look at everything as soon as may be. Says so once."""
        if now < self.pass_due:
            return False
        self._look_due = float("inf")
        return True

    def begin_pass(self) -> None:
        self._is_clean = True

    def doubt(self) -> None:
        """Something was found."""
        self._is_clean = False

    def end_pass(self, now: float, *, took_seconds: float) -> None:
        """Lower it when everything is right."""
        if self._is_clean and self.raised:
            down = [key for key, root in self.raised.items() if self._point(key, self.replicas.place(root), plain(root))]
            for site_key in down:
                del self.raised[site_key]
            self._note("lowered over", down)
        self._look_due = now + took_seconds * PASSES_APART

    def _is_usable(self) -> bool:
        reason = obstacle(self._folder, self.layout.folder, wish=self.wish)
        if reason and reason != self._obstacle:
            (LOG.warning if self.wish else LOG.info)("No shield: %s", reason)
        self._obstacle = reason
        return not reason

    def _point(self, site_key: str, before: str, after: str) -> bool:
        """Let `current` say something else where it says `before`; False when the store does not let us. What else it says is judged elsewhere."""
        try:
            store = os.open(self.layout.folder, os.O_PATH | os.O_DIRECTORY)
            try:
                folder = swapping.open_inside(store, f"sites/{site_key}")
            finally:
                os.close(store)
            try:
                if os.readlink("current", dir_fd=folder) == before:
                    _link(folder, after)
            finally:
                os.close(folder)
        except OSError as error:
            LOG.warning("%s: %s", site_key, error)
            return False
        return True

    def _note(self, what: str, site_keys: list[str]) -> None:
        """Write down over which sites it is raised."""
        if not site_keys:
            return
        self.home.write_json(RAISED, self.raised)
        LOG.warning("Shield %s %s", what, ", ".join(sorted(site_keys)))


def _link(folder: int, leads_to: str) -> None:
    fresh = f"current.{os.getpid()}"
    for number in range(TRIES):
        try:
            with suppress(FileNotFoundError):
                os.unlink(fresh, dir_fd=folder)
            os.symlink(leads_to, fresh, dir_fd=folder)
            os.rename(fresh, "current", src_dir_fd=folder, dst_dir_fd=folder)
        except FileNotFoundError:  # a writer has tidied up just here
            if number == TRIES - 1:
                raise
        else:
            return
