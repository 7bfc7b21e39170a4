"""Catalogues are complete, true to the code, and compiled."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from tests.conftest import needed
from tools import texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_nothing_is_missing_or_fuzzy(language: str) -> None:
    assert texts.missing(language) == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_placeholders_are_the_same(language: str) -> None:
    wrong = []
    for message in texts.read(language):
        if not message.id:
            continue
        source = set(PLACEHOLDER.findall(message.id[-1] if isinstance(message.id, (tuple, list)) else message.id))
        for string in texts.strings_of(message):
            if set(PLACEHOLDER.findall(string)) != source:
                wrong.append(message.id)
    assert wrong == []


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_compiled_catalogues_are_fresh(language: str) -> None:
    fresh = BytesIO()
    write_mo(fresh, texts.read(language))
    assert texts.path_of(language, "mo").read_bytes() == fresh.getvalue(), "run `make texts`"


def test_catalogues_know_every_text_of_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed("xgettext", "collecting texts needs GNU gettext (apt-get install gettext)")
    before = {(message.context, str(message.id)) for message in texts.read("zh_Hans")}
    copy = tmp_path / "fangtang"
    shutil.copytree(texts.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(texts, "PACKAGE", copy)
    monkeypatch.setattr(texts, "LOCALE", copy / "locale")
    texts.collect()
    assert {(message.context, str(message.id)) for message in texts.read("zh_Hans")} ^ before == set(), "run `make texts`"


def test_simplified_chinese_is_chinese() -> None:
    """A text of some length without one Chinese character was forgotten."""
    shown = {str(message.id): PLACEHOLDER.sub("", str(message.string)) for message in texts.read("zh_Hans") if message.id}
    unread = [text for text, words in shown.items() if len(words) > 12 and not CHINESE.search(words)]
    assert unread == []
