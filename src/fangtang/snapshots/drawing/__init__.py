"""From targets to files: reads what all targets of a build need, in few queries for all sites together, then draws each.

What a target's files are depends on the rows alone, so drawing it again gives the same bytes, and drawing every target gives the whole site.
"""

from fangtang.snapshots.drawing.files import Files
from fangtang.snapshots.drawing.sites import draw, everything, whole
from fangtang.snapshots.drawing.tables import Wanted

__all__ = ["Files", "Wanted", "draw", "everything", "whole"]
