"""Very many spots at once, shared out among several processes, directory by directory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from fangtang.snapshots.guard import crews
from fangtang.snapshots.guard.authority import Authority
from fangtang.snapshots.guard.batches import Batch
from fangtang.snapshots.guard.home import LOG
from fangtang.snapshots.guard.inspecting import Finding, Inspector
from fangtang.snapshots.guard.restoring import Restorer
from fangtang.snapshots.guard.spots import Spot, What
from fangtang.snapshots.guard.standing import Standing

MANY = 1024
"""Spots that are worth it; each process takes so many at a time."""
MANY_DIRECTORIES = 64
Share = tuple[Batch, list[tuple[Spot, bool]]]


@dataclass(slots=True)
class Crowd:
    """What is done in a child is known to us by its answer only. So nothing there may follow a record or add a watch; and when one dies (`on_death` is
    called with its wait status), what it has put right by then is right without having been told."""

    standing: Standing
    restorer: Restorer
    on_death: Callable[[int], object]

    def put_right(self, spots: Mapping[Spot, bool], chosen: Iterable[Spot]) -> Iterator[tuple[Batch, list[Spot]]]:
        """Look at some of the chosen entries and put them right: each batch, and what was looked at; nothing of what could not be done. `spots` says
        whether they were seen to be written."""
        count = crews.size()
        some = sorted(chosen)[: count * MANY]
        each = -(-len(some) // count)
        shares: list[Share] = []
        try:
            for start in range(0, len(some), each or 1):
                part = some[start : start + each]
                shares.append((self.restorer.open(len(part)), [(spot, spots[spot]) for spot in part]))
        except OSError as error:
            LOG.warning("%s", error)
        for (batch, looked_at), done in zip(shares, crews.share(self._put_right, shares, on_death=self.on_death), strict=True):
            if done:
                self._inspector.ours |= {made.inode for made in done.made.values()}
                yield done, [spot for spot, _ in looked_at]
            else:
                yield batch, []

    def doubt(self, directories: Iterable[Spot], how_many: int) -> Iterator[tuple[Spot, list[Finding]]]:
        """Look at some directories."""
        count = crews.size() if how_many >= MANY_DIRECTORIES else 1
        some = list(islice(directories, MANY_DIRECTORIES if count > 1 else 1))
        for answer in crews.share(self._look, [some[number::count] for number in range(count)], on_death=self.on_death):
            yield from answer or ()

    @property
    def _inspector(self) -> Inspector:
        return self.standing.inspector

    @property
    def _authority(self) -> Authority:
        return self.standing.authority

    def _look(self, directories: list[Spot]) -> list[tuple[Spot, list[Finding]]]:
        return [(spot, list(self._inspector.look(spot))) for spot in directories]

    def _put_right(self, share: Share) -> Batch | None:
        """The batch as it is then, its descriptors being ours too. None, and nothing is done, when a site has a record that was not read."""
        batch, spots = share
        findings = [finding for spot, was_written in spots for finding in self._inspector.look(spot, was_written=was_written)]
        if any(self._authority.is_unread(site_key) for site_key in self.standing.site_keys()):
            return None
        for finding in findings:
            self.restorer.put_right(batch, finding)
        batch.release()
        return batch


def is_for_crowds(spot: Spot) -> bool:
    """A thing in a directory that readers see."""
    return spot.what is What.ENTRY
