"""`fangtang import units`: a list of names, and a sentence for what is no name."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site as WagtailSite

from fangtang.outlets.models import Site
from fangtang.people.models import Unit
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def top(settings, home: Path) -> Unit:
    settings.HOME = home
    factories.root_page()
    return factories.unit("office")


def run(path: Path, content: bytes) -> tuple[str, str]:
    path.write_bytes(content)
    out, err = StringIO(), StringIO()
    call_command("import_units", str(path), "--column", "dept", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_in_any_encoding_become_units(top: Unit, tmp_path: Path, encoding: str) -> None:
    said, _ = run(tmp_path / "u.csv", "dept,title\n区教委,甲\n区教委,乙\n清河街道,丙\n,丁\n".encode(encoding))
    assert said.startswith("· 2 units")
    assert set(Unit.objects.exclude(pk=top.pk).values_list("name", "kind")) == {("区教委", "department"), ("清河街道", "town")}
    assert Site.objects.count() == 2


def test_a_row_without_a_proper_name_is_told_with_its_line(top: Unit, tmp_path: Path) -> None:
    content = "dept,title\n" + "长" * 101 + ',甲\n区\x00教委,乙\n坏,丙,丁\n"开,戊\n' + "局" * 90 + ",己\n"
    said, complaints = run(tmp_path / "u.csv", content.encode())
    assert said.startswith("· 2 units")
    assert Unit.objects.filter(name="区教委").exists()
    long = Unit.objects.get(name="局" * 90)
    assert len(long.short_name) == 40
    assert complaints.splitlines()[0] == "Line 2: the name has 101 characters; at most 100 are possible."
    assert [line.partition(":")[0] for line in complaints.splitlines()] == ["Line 2", "Line 4", "Line 5"]


def test_a_taken_host_is_said_in_a_sentence_and_nothing_is_made(top: Unit, tmp_path: Path, settings) -> None:
    WagtailSite.objects.create(hostname="www.localhost", port=settings.PORT, root_page=factories.root_page())
    with pytest.raises(CommandError, match=r"“www” would have its site at www\.localhost, where another site is\."):
        run(tmp_path / "u.csv", "dept\n区教委\nwww\n".encode())
    assert Unit.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "message"), [("u.csv", b"a,b\r1,2", "CR alone"), ("u.csv", b"a,b\n", "no column"), ("u.xlsx", b"PK", "ends in none of")]
)
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(top: Unit, tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(tmp_path / name, content)
