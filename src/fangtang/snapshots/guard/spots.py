"""What stands in a store and where: everything that the guard looks at has a `Spot`, and every spot a path below the store's folder."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from fangtang.snapshots.store.layout import fanned

STORE_FOLDERS = ("objects", "manifests", "trees")
FANNED_FOLDERS = (*STORE_FOLDERS, "variants")
"""Those with a folder for each first two digits of a digest."""


class What(StrEnum):
    """The kinds of spot. `digest` and `name` of a spot mean, in this order:"""

    ENTRY = "entry"
    """a directory, a name in it"""
    TREE = "tree"
    """a directory"""
    OBJECT = "object"
    """a file's bytes"""
    MANIFEST = "manifest"
    """a directory's list"""
    VARIANT = "variant"
    """a file's bytes, name of the compressed copy"""
    FOLDER = "folder"
    """nothing; a folder below the store's, such as objects/ab, "" the store's own"""
    SITE = "site"
    """nothing, site key: record and `current`"""
    RECORD = "record"
    CURRENT = "current"
    """nothing, site key"""
    TRUST = "trust"
    """nothing, version"""


class Spot(NamedTuple):
    what: What
    digest: str = ""
    name: str = ""

    @property
    def path(self) -> str:
        """Below the store's folder."""
        return _PATHS[self.what](self)


_PATHS: dict[What, Callable[[Spot], str]] = {
    What.ENTRY: lambda spot: f"trees/{fanned(spot.digest)}/{spot.name}",
    What.TREE: lambda spot: f"trees/{fanned(spot.digest)}",
    What.OBJECT: lambda spot: f"objects/{fanned(spot.digest)}",
    What.MANIFEST: lambda spot: f"manifests/{fanned(spot.digest)}",
    What.VARIANT: lambda spot: f"variants/{spot.digest[:2]}/{spot.name}",
    What.FOLDER: lambda spot: spot.name,
    What.SITE: lambda spot: f"sites/{spot.name}",
    What.RECORD: lambda spot: f"sites/{spot.name}/record.json",
    What.CURRENT: lambda spot: f"sites/{spot.name}/current",
    What.TRUST: lambda spot: f"trust/{spot.name}.json",
}
