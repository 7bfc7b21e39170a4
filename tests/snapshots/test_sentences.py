"""Every trouble that keeps a release from the sites has a sentence."""

from __future__ import annotations

import ast
from pathlib import Path

import fangtang.snapshots
from fangtang.releases import presenters, registry

ROOM = Path(fangtang.snapshots.__file__).parent
SHARED = {"snapshots.builder_busy", "snapshots.store_busy"}
"""They end the call; no release fails by them."""
ELSEWHERE = ("mirror", "guard", "exporting", "management", "rotation.py")
"""Commands of their own, which say in the terminal what is the matter (`config.failures`)."""


def raised() -> set[str]:
    """The codes of all `Unavailable(…)` that the builder can meet."""
    files = (file for file in ROOM.rglob("*.py") if file.relative_to(ROOM).parts[0] not in ELSEWHERE)
    calls = (node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    named = (node.args[0] for node in calls if getattr(node.func, "id", "") == "Unavailable" and node.args)
    return {argument.value for argument in named if isinstance(argument, ast.Constant)}


def test_every_trouble_has_a_sentence():
    assert raised() - SHARED <= set(registry.failures.names())


def test_a_sentence_names_what_is_known():
    said = presenters.failure("snapshots.site_broken", {"site": 1, "name": "方塘市水务局", "reason": "ValueError: not a colour"})
    assert "方塘市水务局" in said
    assert "not a colour" in said
    assert presenters.failure("snapshots.media_gone", {"media": "picture:7"})
    assert "0a1b2c" in presenters.failure("snapshots.blob_missing", {"sha256": "0a1b2c" * 10})
    assert presenters.failure("", {}) == ""
