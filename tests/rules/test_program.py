"""`fangtang scan` as somebody at a terminal or a pipeline meets it: the real program, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fangtang.rules import plain, scan
from fangtang.rules.formats import sarif
from fangtang.rules.formats.lines import Lines

ONE = ["--rule", "form.dates.impossible"]


def run(*words: object, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "fangtang", "scan", *map(str, words)], input=given, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.txt").write_text("第一行。\n会议定于2月30日召开。\n", encoding="utf-8")
    (tmp_path / "below" / "b.html").write_text("<p>自<b>13月</b>1日&amp;起施行。</p>", encoding="gb18030")
    (tmp_path / "good.txt").write_text("会议定于3月2日召开。", encoding="utf-8-sig")
    (tmp_path / "odd.bin").write_bytes(b"\0\1\2")
    (tmp_path / "odd.txt").write_bytes(b"\xff\xff\xff\x00")
    (tmp_path / ".hidden.txt").write_text("2月30日", encoding="utf-8")
    (tmp_path / "round").symlink_to(tmp_path)
    return tmp_path


def test_a_folder_is_looked_through_and_what_cannot_be_read_is_named(folder: Path) -> None:
    done = run(folder, *ONE)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{folder}/a.txt:2:5: warn: A date that no calendar has: 2月30日 [form.dates.impossible]",
        f"{folder}/below/b.html:1:8: warn: A date that no calendar has: 13月1日 [form.dates.impossible]",
        f"{folder}/odd.bin: cannot tell: samples.unknown_kind",
        f"{folder}/odd.txt: cannot tell: samples.encoding",
    ]


def test_what_is_clean_leaves_with_zero(folder: Path) -> None:
    done = run(folder / "good.txt", *ONE)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_file_that_is_not_there_is_no_pass(folder: Path) -> None:
    done = run(folder / "good.txt", folder / "gone.txt", *ONE)
    assert (done.returncode, done.stdout) == (1, f"{folder}/gone.txt: cannot tell: samples.missing\n")


def test_only_what_is_severe_enough_stops(folder: Path) -> None:
    assert run(folder / "a.txt", *ONE, "--fail-on", "block").returncode == 0
    assert run(folder / "a.txt", *ONE, "--fail-on", "advise").returncode == 1


def test_standard_input_is_a_text() -> None:
    done = run("-", *ONE, given="4月31日")
    assert (done.returncode, done.stdout.split(":")[:3]) == (1, ["-", "1", "1"])


@pytest.mark.parametrize("words", [[], ["a.txt", "--rule", "no.such"], ["a.txt", "--pack", "nothing"], ["a.txt", "--format", "xml"]])
def test_what_is_not_understood_is_said(words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert done.stderr


def test_rules_are_listed() -> None:
    assert "form.dates.impossible" in run("--list").stdout


def test_json_names_places_in_characters_of_the_source(folder: Path) -> None:
    found: dict[str, Any] = json.loads(run(folder, *ONE, "--format", "json").stdout)
    assert found["version"] == 1
    by_name = {Path(sample["name"]).name: sample for sample in found["samples"]}
    (finding,) = by_name["b.html"]["findings"]
    source = (folder / "below" / "b.html").read_text("gb18030")
    assert source[finding["start"] : finding["end"]] == "13月</b>1日"
    assert (finding["quote"], finding["before"], finding["after"], finding["data"]["month"]) == ("13月1日", "自", "&起施行。", 13)
    assert by_name["good.txt"]["outcomes"] == {"form.dates.impossible": "passed"}
    assert by_name["odd.bin"]["outcomes"] == {"form.dates.impossible": "cantTell"}
    assert by_name["odd.bin"]["gaps"] == [{"part": "", "code": "samples.unknown_kind"}]


def test_sarif_says_the_same(folder: Path) -> None:
    found: dict[str, Any] = json.loads(run(folder, *ONE, "--format", "sarif").stdout)
    (made,) = found["runs"]
    first = made["results"][0]
    assert (found["version"], made["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert made["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "form.dates.impossible"
    region = first["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (2, 5, 2, 10)
    assert (region["charOffset"], region["charLength"], region["snippet"]["text"]) == (9, 5, "2月30日")
    assert (first["kind"], first["level"]) == ("fail", "warning")
    (invocation,) = made["invocations"]
    assert not invocation["executionSuccessful"]
    assert [one["message"]["text"] for one in invocation["toolExecutionNotifications"]] == ["samples.unknown_kind", "samples.encoding"]


def test_a_suggestion_is_a_fix_and_a_name_is_an_address() -> None:
    source = "国发[2022]12号"
    (made,) = sarif.write([scan(plain(source, name="公文 一.txt"))], [source])["runs"]
    fix = next(result["fixes"][0] for result in made["results"] if "fixes" in result)
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "%E5%85%AC%E6%96%87%20%E4%B8%80.txt"
    assert set(change["replacements"][0]) == {"deletedRegion", "insertedContent"}


def test_lines_and_columns_begin_with_one() -> None:
    lines = Lines("ab\n\n𠀀c")
    assert [lines.at(offset) for offset in range(7)] == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (3, 3)]


@pytest.mark.parametrize("form", ["text", "sarif"])
def test_no_log_repeats_personal_data(form: str) -> None:
    number = "110101194912310024"
    done = run("-", "--format", form, "--pack", "privacy", given=f"身份证号{number}")
    assert done.returncode == 1
    assert "privacy.identity.number" in done.stdout
    assert number not in done.stdout
    assert "11**************24" in done.stdout
