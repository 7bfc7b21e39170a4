"""The house rules that import-linter cannot say: the order of files inside a room, and who may touch the outside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "fangtang"
ROOMS = ("audit", "people", "notices", "media", "outlets", "reviews", "articles", "releases", "snapshots", "desk")

# Upper may import lower (docs/house.md). A name on the same line may import its neighbours.
ORDER = (
    {"wagtail_hooks", "urls", "access", "apps", "middleware", "checks"},
    {"views", "viewsets", "choosers", "api"},
    {"forms", "presenters"},
    {"actions"},
    {"tasks"},
    {"effects"},
    {"backends"},
    {"queries", "sources"},
    {"registry"},
    {"models"},
    {"policies"},
    {"states", "roles"},
)
RANK = {name: rank for rank, names in enumerate(ORDER) for name in names}
OUTSIDE = {"smtplib", "subprocess", "socket", "http.client", "urllib.request", "ftplib", "httpx", "requests"}
MAY_TOUCH_OUTSIDE = {"effects", "backends", "config", "bench", "mirror"}


def imports_of(source: str) -> Iterator[str]:
    """Every module that a file imports, dotted; `from a import b` gives both "a" and "a.b"."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def upward_imports(room: str, file_name: str, source: str) -> list[str]:
    """Imports inside of a room that go from a lower file to an upper one."""
    own = RANK.get(file_name)
    if own is None:
        return []
    names = {name.removeprefix(f"fangtang.{room}.").split(".")[0] for name in imports_of(source) if name.startswith(f"fangtang.{room}.")}
    return sorted(name for name in names if RANK.get(name, own) < own)


def outside_imports(file_name: str, source: str) -> list[str]:
    """Modules of network, mail and processes that this file must not import."""
    return [] if file_name in MAY_TOUCH_OUTSIDE else sorted(set(imports_of(source)) & OUTSIDE)


def files(*rooms: str) -> list[tuple[str, str, Path]]:
    """(room, first name inside of the room, path) of every module."""
    found = []
    for room in rooms:
        for path in sorted((SOURCE / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found.append((room, path.relative_to(SOURCE / room).parts[0].removesuffix(".py"), path))
    return found


@pytest.mark.parametrize(("room", "name", "path"), files(*ROOMS), ids=lambda value: str(value) if not isinstance(value, Path) else value.name)
def test_files_of_a_room_import_downwards(room: str, name: str, path: Path) -> None:
    assert upward_imports(room, name, path.read_text()) == []


@pytest.mark.parametrize(("room", "name", "path"), files(*ROOMS, "kernel"), ids=lambda value: str(value) if not isinstance(value, Path) else value.name)
def test_only_effects_touch_the_outside(room: str, name: str, path: Path) -> None:
    assert outside_imports(name, path.read_text()) == []


def test_policies_and_states_import_no_django_models() -> None:
    wrong = {
        str(path.relative_to(SOURCE)): sorted(name for name in imports_of(path.read_text()) if name.startswith(("django", "wagtail")) or ".models" in name)
        for room, name, path in files(*ROOMS)
        if name in {"policies", "states"}
    }
    assert {path: names for path, names in wrong.items() if names} == {}


def test_planted_breaks_are_caught() -> None:
    assert upward_imports("articles", "models", "from fangtang.articles import actions") == ["actions"]
    assert upward_imports("articles", "queries", "from fangtang.articles.views import X") == ["views"]
    assert outside_imports("actions", "import smtplib") == ["smtplib"]
    assert outside_imports("effects", "import smtplib") == []


def test_modules_open_with_what_they_own() -> None:
    silent = [str(path.relative_to(SOURCE)) for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts and not _docstring(path)]
    assert [path for path in silent if not path.endswith("management/__init__.py") and not path.endswith("commands/__init__.py")] == []


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text()))


def test_tests_with_real_transactions_put_the_database_back() -> None:
    """Without it the next one of them on the same worker finds content types twice."""
    marks = re.compile(r"django_db\(([^)]*transaction=True[^)]*)\)")
    tests = Path(__file__).parents[1]
    loose = [
        str(path.relative_to(tests)) for path in tests.rglob("*.py") for found in marks.findall(path.read_text()) if "serialized_rollback=True" not in found
    ]
    assert loose == []
