"""The 1,475 real articles: every row accounted for, nothing doubled, lost breaks found where the file's own traces show them.

Collected only where the data is; none of it is part of this repository.
"""

from __future__ import annotations

import json
import lzma
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from fangtang.articles.importing import mapping as mappings
from fangtang.articles.importing.paragraphs import repaired
from fangtang.articles.models import Article, Provenance
from fangtang.people.roles import Role
from fangtang.releases.models import Release, ReleaseKind
from tests import factories

FILE = Path("/work/shared/data/hebei_gov/hebei_articles.jsonl.xz")
MAPPING = Path(mappings.__file__).parent / "mappings" / "provincial-bodies.toml"
ROWS = 1475


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def bodies() -> list[str]:
    with lzma.open(FILE, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["body"] for line in lines]


@pytest.fixture
def _city(db) -> None:
    an = factories.user("an")
    for key in ("education", "science", "human-resources", "industry"):
        factories.section(factories.site(key, unit=(owner := factories.unit(key))), "policy")
        factories.post(an, Role.OPERATOR, owner)
    office = factories.unit("city-office")
    portal = factories.site("www", unit=office)
    factories.section(portal, "policy", under=factories.section(portal, "open"))
    factories.post(an, Role.OPERATOR, office)


@pytest.mark.usefixtures("_city")
def test_every_row_is_accounted_for_and_none_doubled(tmp_path: Path) -> None:
    report = tmp_path / "report.jsonl"
    shown = [_run(report), _run(report)]
    rejected = len(report.read_text(encoding="utf-8").splitlines())
    assert Article.objects.count() == Provenance.objects.count() == ROWS - rejected
    assert rejected <= ROWS // 100
    assert all(re.search(rf"Rows read\W+{ROWS}\b", one) for one in shown)
    assert re.search(rf"Unchanged\W+{ROWS - rejected}\b", shown[1])
    assert Release.objects.filter(kind=ReleaseKind.LEGACY, turn=None).count() == Release.objects.count() == ROWS - rejected
    assert Provenance.objects.get(line=1).article.latest_revision.content["title"]


def _run(report: Path) -> str:
    out = StringIO()
    call_command("import_articles", str(FILE), "--mapping", str(MAPPING), "--by", "an", "--report", str(report), stdout=out)
    return out.getvalue()


def test_no_character_of_a_real_text_is_lost(bodies: list[str]) -> None:
    assert all(squeezed("".join(paragraph.text for paragraph in repaired(body))) == squeezed(body) for body in bodies)


def test_breaks_found_without_the_traces_of_indents_are_where_the_traces_were(bodies: list[str]) -> None:
    """Take the indents away that half of the texts still have, look for the breaks by numbering alone, compare: nearly none is elsewhere."""
    right = wrong = 0
    for body in bodies:
        if "\n" in body or "\r" in body or body.count("　　") < 5:
            continue
        true = _starts([part for part in re.split("　{2,}", body) if squeezed(part)])
        found = _starts([paragraph.text for paragraph in repaired(squeezed(body))])
        right += len(found & true)
        wrong += len(found - true)
    assert right > 4000
    assert right / (right + wrong) > 0.95


def _starts(pieces: list[str]) -> set[int]:
    starts, length = set(), 0
    for piece in pieces:
        starts.add(length)
        length += len(squeezed(piece))
    return starts - {0}
