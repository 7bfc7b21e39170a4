"""What the builder does: claim releases, prepare their texts, settle the rows, draw what that touches, switch the sites, note it.

One builder works at a time (a lock on a file, which the kernel drops when its holder dies). Whoever holds the lock therefore knows that a release
still marked as building was left by a dead builder, and takes it up again. Drawing and storing happen outside of any transaction; doing them twice
gives the same bytes.

Trouble stays with whom it concerns:

    a text cannot be prepared    its release fails at once; the article follows the last good one (`following`)
    a site cannot be drawn       it stays as it stands and its targets wait; the other sites go out. Releases that wait for it stay decided, with
                                 the reason, and are tried again by the next call; after MOST_ATTEMPTS they fail and people are told. The site is
                                 tried again all the same, and once it is drawn they wait again and are served
    rows cannot be settled       the same, for the one article
    a builder dies               what it had claimed is tried again alone, and fails after MOST_ATTEMPTS
    database, lock, full disk    the call ends with the error; everything waits
"""

from fangtang.snapshots.effects.building import build_site, build_waiting, forget_prepared, rollback
from fangtang.snapshots.effects.claims import MOST_ATTEMPTS, retry
from fangtang.snapshots.effects.incidents import build_again, take_up_incidents
from fangtang.snapshots.effects.keeping import collect, compress, renew
from fangtang.snapshots.effects.outcome import Outcome, Progress
from fangtang.snapshots.effects.partner import PARTNER
from fangtang.snapshots.effects.sites import forget_store, store

__all__ = [
    "MOST_ATTEMPTS",
    "PARTNER",
    "Outcome",
    "Progress",
    "build_again",
    "build_site",
    "build_waiting",
    "collect",
    "compress",
    "forget_prepared",
    "forget_store",
    "renew",
    "retry",
    "rollback",
    "store",
    "take_up_incidents",
]
