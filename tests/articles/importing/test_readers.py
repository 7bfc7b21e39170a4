"""Reading files: every row with its line, every fault with its reason, never the end of the batch."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import lzma
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangtang.articles.importing import readers
from fangtang.articles.importing.readers import BadRow, Row, RowFile
from fangtang.kernel.errors import Invalid


def read(path: Path, content: bytes) -> list[Row | BadRow]:
    path.write_bytes(content)
    with RowFile(path) as file:
        rows = list(file)
        assert file.bytes_read == file.size_bytes
        return rows


def codes(rows: list[Row | BadRow]) -> list[str | None]:
    return [row.code if isinstance(row, BadRow) else None for row in rows]


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".xz", lzma.compress), (".gz", gzip.compress)])
def test_plain_and_compressed_files_read_alike(tmp_path: Path, suffix: str, pack) -> None:
    assert read(tmp_path / f"a.jsonl{suffix}", pack('{"题": "一"}\n{"题": "二"}'.encode())) == [Row(1, {"题": "一"}), Row(2, {"题": "二"})]
    assert read(tmp_path / f"a.csv{suffix}", pack("题,文\n一,二\n".encode())) == [Row(2, {"题": "一", "文": "二"})]


@pytest.mark.parametrize(("encoding", "said"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030")])
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("标题,正文\n关于放假的通知,现将有关事项通知如下\n".encode(encoding))
    with RowFile(path) as file:
        assert file.encoding == said
        assert list(file) == [Row(2, {"标题": "关于放假的通知", "正文": "现将有关事项通知如下"})]


def test_utf16_is_refused_plainly(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF16_LE + "标题".encode("utf-16-le"))
    with pytest.raises(Invalid, match="encoding_unknown"):
        RowFile(path)


def test_bad_json_lines_are_rejected_one_by_one(tmp_path: Path) -> None:
    lines = ['{"a": 1}', "{", "[1]", "", '{"a": NaN}', "[" * 100_000, '{"a": "\\ud800"}', '"text"', '{"a": null, "b": ["x", "y"], "c": {"d": 1}}']
    rows = read(tmp_path / "a.jsonl", "\n".join(lines).encode())
    bad = "importing.bad_json"
    assert codes(rows) == [None, bad, "importing.not_an_object", bad, bad, "importing.bad_characters", "importing.not_an_object", None]
    assert [row.line for row in rows] == [1, 2, 3, 5, 6, 7, 8, 9]
    assert rows[-1] == Row(9, {"a": "", "b": "x\ny", "c": '{"d": 1}'})


def test_bad_bytes_reject_their_row_only(tmp_path: Path) -> None:
    good = '{"a": "好"}\n'.encode()
    rows = read(tmp_path / "a.jsonl", good + b'{"a": "\xff\xfe"}\n' + good)
    assert codes(rows) == [None, "importing.bad_characters", None]
    rows = read(tmp_path / "a.csv", "甲,乙\n一,二\n".encode() + b"\xff,x\n" + "三,四\n".encode())
    assert codes(rows) == [None, "importing.bad_characters", None]


def test_csv_rows_over_several_lines_keep_true_line_numbers(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", '题,文\n一,"甲\n乙\n丙"\n\n二,丁\r\n三,"戊\r\n己"\r\n四,庚\r\n'.encode())
    assert [(row.line, row.values["题"]) for row in rows] == [(2, "一"), (6, "二"), (7, "三"), (9, "四")]
    assert rows[0].values["文"] == "甲\n乙\n丙"


def test_a_wrong_number_of_columns_is_rejected(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b"a,b\n1,2\n1\n1,2,3\n3,4\n")
    assert codes(rows) == [None, "importing.column_count", "importing.column_count", None]


def test_a_quotation_mark_never_closed_loses_one_row_only(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b'a,b\n1,"open\n2,two\n3,three\n')
    assert codes(rows) == ["importing.bad_csv", None, None]
    assert [row.line for row in rows] == [2, 3, 4]


@pytest.mark.parametrize(("head", "code"), [(b"", "no_columns"), (b"\n", "no_columns"), (b"a,b,a\n", "column_repeated")])
def test_a_csv_without_a_proper_heading_is_refused(tmp_path: Path, head: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(head)
    with pytest.raises(Invalid, match=code):
        RowFile(path)


def test_empty_columns_at_the_end_of_a_spreadsheet_are_no_columns(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", b"a,b,,\n1,2,,\n3,4,x,\n5,6\n")
    assert rows[0] == Row(2, {"a": "1", "b": "2"})
    assert codes(rows) == [None, "importing.column_count", None]


def test_a_heading_over_two_lines_is_read(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", '"发布\n日期",题\n2024-01-01,甲\n'.encode()) == [Row(3, {"发布 日期": "2024-01-01", "题": "甲"})]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_utf16_without_a_mark_is_refused_plainly(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(("标题,正文\n" + "关于放假的通知,现将有关事项通知如下\n" * 20).encode(encoding))
    with pytest.raises(Invalid, match="encoding_unknown"):
        RowFile(path)


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"a,b\r1,2\r"), ("a.jsonl", b'{"a": 1}\r{"a": 2}\r')])
def test_line_ends_of_cr_alone_are_refused_plainly(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match="line_ends_unknown"):
        RowFile(tmp_path / name)


def test_a_zero_byte_in_a_row_is_no_utf16(tmp_path: Path) -> None:
    assert read(tmp_path / "a.jsonl", b'{"a": "1"}\n{"a": "\x00"}\n{"a": "2"}\n')[2] == Row(3, {"a": "2"})


def test_broken_json_names_line_and_column_of_the_file(tmp_path: Path) -> None:
    [_, bad] = read(tmp_path / "a.jsonl", b'{"a": 1}\n{"a": x}\n')
    assert isinstance(bad, BadRow)
    assert bad.data["reason"].endswith("(line 2, column 7)")


@pytest.mark.parametrize("depth", range(100, 1100, 7))
def test_json_of_any_depth_is_a_row_or_is_rejected(tmp_path: Path, depth: int) -> None:
    [row] = read(tmp_path / "a.jsonl", b'{"a": ' + b"[" * depth + b"{}" + b"]" * depth + b"}")
    assert isinstance(row, Row) or row.data == {"reason": "too deep"}


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_the_separator_is_read_from_the_heading(tmp_path: Path, separator: str) -> None:
    assert read(tmp_path / "a.csv", f"a{separator}b\n1{separator}2\n".encode()) == [Row(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize("name", ["a.xlsx", "a.txt", "a", "a.xz"])
def test_other_formats_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(Invalid, match="format_unknown"):
        RowFile(tmp_path / name)


@pytest.mark.parametrize(("suffix", "pack"), [(".xz", lzma.compress), (".gz", gzip.compress)])
@pytest.mark.parametrize("share", [0.4, 0.9, 0.999])
def test_a_file_cut_short_gives_what_it_holds_and_says_so(tmp_path: Path, suffix: str, pack, share: float) -> None:
    whole = b"".join(json.dumps({"n": str(number), "x": str(hash((number, "x")))}).encode() + b"\n" for number in range(5000))
    packed = pack(whole)
    rows = read(tmp_path / f"a.jsonl{suffix}", packed[: int(len(packed) * share)])
    assert codes(rows)[-1] == "importing.file_cut_short"
    assert [row.values["n"] for row in rows[:-1]] == [str(number) for number in range(len(rows) - 1)]
    assert len(rows) > 5000 * share / 2


def test_a_file_of_rubbish_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b"this is no gzip")
    with pytest.raises(Invalid, match="file_damaged"):
        RowFile(path)


def test_a_line_of_200_megabytes_is_rejected_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as target:
        target.write(b'{"a": "1"}\n{"a": "')
        for _ in range(200):
            target.write(b"x" * 1024 * 1024)
        target.write(b'"}\n{"a": "2"}\n')
    tracemalloc.start()
    with RowFile(path) as file:
        rows = list(file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes(rows) == [None, "importing.row_too_long", None]
    assert [row.line for row in rows] == [1, 2, 3]
    assert most < 5 * readers.ROW_BYTES


_CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",\n'), max_size=12).filter(lambda cell: cell.strip())


@given(st.lists(st.tuples(_CELLS, _CELLS), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_csv_writes_is_read_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([("a", "b"), *rows])
    found = read(tmp_path / "a.csv", buffer.getvalue().encode())
    assert [tuple(row.values.values()) for row in found if isinstance(row, Row)] == rows


@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_end_in_rows_or_in_a_plain_refusal(tmp_path: Path, content: bytes) -> None:
    for name in ("a.jsonl", "a.csv", "a.csv.gz", "a.jsonl.xz"):
        (tmp_path / name).write_bytes(content)
        try:
            with RowFile(tmp_path / name) as file:
                assert all(row.line >= 1 for row in file)
        except Invalid:
            continue
