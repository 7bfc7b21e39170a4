"""Stylesheets and drawn emblems: named by their bytes, asking nobody for anything."""

from __future__ import annotations

import re
from hashlib import sha256
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.snapshots.theme import assets, emblems

SHEETS = [assets.theme_stylesheet(), assets.site_stylesheet("#1d5a8c", "#c8452f"), assets.drawn_emblem("方塘市教育局", "#1d5a8c")]


@pytest.mark.parametrize(("path", "content"), SHEETS)
def test_name_carries_the_hash_of_the_bytes(path: str, content: bytes):
    assert re.fullmatch(r"/assets/[a-z]+\.[0-9a-f]{12}\.(css|svg)", path)
    assert sha256(content).hexdigest()[:12] in path


@pytest.mark.parametrize(("path", "content"), SHEETS)
def test_nothing_is_loaded_from_an_asset(path: str, content: bytes):
    bare = content.replace(b"http://www.w3.org/2000/svg", b"")
    assert not re.search(rb"url\(|@import|https?:|//[a-z]|<script|<image|xlink| href=", bare)


def test_every_class_of_the_markup_contract_is_drawn():
    readme = (assets.files("fangtang.snapshots.theme") / "README.md").read_text()
    sheet = assets.theme_stylesheet()[1].decode()
    promised = set(re.findall(r"\bb-[a-z]+", readme))
    assert len(promised) >= 14
    assert {name for name in promised if f".{name}" not in sheet} <= {"b-caption"}  # inherits all from its figcaption


def test_every_custom_property_used_is_defined():
    sheets = b"".join(content for path, content in SHEETS if path.endswith("css")).decode()
    assert set(re.findall(r"var\((--[a-z-]+)", sheets)) <= set(re.findall(r"(--[a-z-]+):", sheets))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("方塘市人民政府", "方塘"),
        ("方塘市教育局", "教育"),
        ("方塘市发展和改革委员会", "发展"),
        ("青荷区人民政府", "青荷"),
        ("Fangtang Water Bureau", "FW"),
        ("局", "局"),
        ("", "·"),
        ("！？", "·"),
    ],
)
def test_emblem_shows_what_tells_the_site_apart(name: str, letters: str):
    assert emblems.letters(name) == letters


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")))
def test_emblem_is_well_formed_for_any_name(name: str):
    ElementTree.fromstring(assets.drawn_emblem(name, "#1d5a8c")[1])
