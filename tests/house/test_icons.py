"""Every icon that our code names is drawn: it stands in the sprite that Wagtail serves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from wagtail.admin.icons import get_icons

from fangtang.desk import worklists

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "fangtang"
NAMES = {"icon", "icon_name", "header_icon"}
IN_TEMPLATES = re.compile(r"""(?:{% icon name=|\bicon=)["']([a-z0-9-]+)["']""")


def constants(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may give: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def assigned(target: ast.AST, value: ast.AST) -> Iterator[str]:
    """What an assignment gives to a name of an icon, also as one of several."""
    if isinstance(value, ast.IfExp):
        yield from assigned(target, value.body)
        yield from assigned(target, value.orelse)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=True):
            yield from assigned(one, given)
    elif isinstance(target, ast.Name) and target.id in NAMES:
        yield from constants(value)


def icons_of(source: str) -> set[str]:
    """The icons that a module names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg in NAMES:
            found.update(constants(node.value))
        if isinstance(node, ast.Assign):
            found.update(icon for target in node.targets for icon in assigned(target, node.value))
    return found


def named() -> dict[str, set[str]]:
    """By file, the icons that our code and templates name."""
    found = {str(path.relative_to(PACKAGE)): icons_of(path.read_text()) for path in PACKAGE.rglob("*.py")}
    found |= {str(path.relative_to(PACKAGE)): set(IN_TEMPLATES.findall(path.read_text())) for path in PACKAGE.rglob("templates/**/*.html")}
    return found | {"worklists": {worklist.icon for worklist in worklists.WORKLISTS.values()}}


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'id="icon-([a-z0-9-]+)"', get_icons()))

    assert {path: icons - drawn for path, icons in named().items() if icons - drawn} == {}


@pytest.mark.parametrize("source", ['f(icon_name="x")', 'header_icon = "x"', 'a, icon = ("b", "x") if c else ("d", "e")', 'f(icon="y" if a else "x")'])
def test_an_icon_is_seen_wherever_it_is_named(source: str) -> None:
    assert "x" in icons_of(source)
