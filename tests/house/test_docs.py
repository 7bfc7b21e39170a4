"""Docs are a contract: what they say is there, and what is there they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in ROOT.rglob("*.md") if not {".venv", "var", "node_modules", ".hypothesis", ".pytest_cache"} & set(path.parts))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_reference_pages_are_what_the_code_says(name: str) -> None:
    assert (reference.FOLDER / name).read_text(encoding="utf-8") == reference.NOTE + reference.PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    missing = [target for target in LINK.findall(text) if not (page.parent / target).exists()]
    assert missing == []


def test_the_house_page_names_every_room() -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    rooms = sorted(path.name for path in (ROOT / "src" / "fangtang").iterdir() if path.is_dir() and (path / "__init__.py").exists())
    assert [room for room in rooms if f"  {room}/" not in page] == []


def test_make_targets_are_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[0].split()
    assert [target for target in targets if not re.search(rf"^{target}:.*##", makefile, flags=re.MULTILINE)] == []


def test_decisions_are_numbered_without_gaps_of_meaning() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]
    assert len(numbers) == len(set(numbers)), "two decisions have the same number"
