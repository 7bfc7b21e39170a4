"""Fangtang 方塘: the open platform with which a public body publishes and answers. `docs/house.md` is the plan of the rooms."""

__version__ = "0.1.0"
