"""The articles read as a good office writes them, differ from each other, and are the same for the same seed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from functools import cache
from itertools import combinations, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangtang.demo import attachments, city, pictures, sections, texts
from fangtang.demo.texts import markup, reading, sentences, writers
from fangtang.demo.texts.blocks import ArticleText, AttachmentBlock, Heading, Image, Quotation, RichText, Table, Video

TODAY = date(2026, 11, 20)
SIZE = 300
NEAR = 0.35
PAIRS = ("《》", "“”", "（）", "〔〕", "‘’")
FAULTS = {
    "ASCII mark beside Chinese": re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]"),
    "doubled mark": re.compile(r"[。，、；：？！]{2}"),
    "placeholder left": re.compile(r"[{}]|\*\*|TODO|XX|某某"),
    "space between Chinese": re.compile(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]"),
}


@cache
def some(seed: int = 1) -> tuple[ArticleText, ...]:
    return tuple(texts.articles(seed, TODAY, SIZE))


def readable(article: ArticleText) -> list[str]:
    return [article.title, article.short_title, article.summary, *article.plain_text.split("\n")]


def faults(text: str) -> list[str]:
    found = [name for name, pattern in FAULTS.items() if pattern.search(text)]
    return found + [f"unpaired {pair}" for pair in PAIRS if text.count(pair[0]) != text.count(pair[1])]


def likeness(one: str, other: str) -> float:
    a, b = ({text[at : at + 5] for at in range(len(text) - 4)} for text in (one, other))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_two_articles_are_nearly_the_same(seed: int) -> None:
    whole = [article.title + article.plain_text for article in some(seed)]
    grams = [{text[at : at + 5] for at in range(len(text) - 4)} for text in whole]
    worst = max((len(a & b) / (len(a) + len(b) - len(a & b)), n) for n, (a, b) in enumerate(combinations(grams, 2)))
    assert worst[0] < NEAR


def test_likeness_sees_a_copy_with_other_names() -> None:
    text = some()[0].plain_text
    assert likeness(text, text.replace("市", "县")) > NEAR
    assert likeness(text, some()[40].plain_text) < 0.05


@pytest.mark.parametrize("seed", [1, 7])
def test_texts_have_no_faults_of_form(seed: int) -> None:
    found = [(article.source_id, text, wrong) for article in some(seed) for text in readable(article) if (wrong := faults(text))]
    assert found == []


@pytest.mark.parametrize("text", ["你好,世界", "你好。。", "去{town}看看", "《方塘", "他说：“好", "方 塘"])
def test_the_form_test_catches(text: str) -> None:
    assert faults(text)


def test_titles_are_unique_and_of_good_length() -> None:
    titles = [article.title for article in some()]
    assert len(set(titles)) == SIZE
    assert all(8 <= len(title) <= 60 for title in titles)


def test_days_are_working_days_of_the_last_two_years() -> None:
    for article in some():
        assert TODAY - timedelta(days=770) <= article.published_on <= TODAY
        assert article.published_on.weekday() < 5
        assert article.made_on is None or article.made_on <= article.published_on
    years = {article.published_on.year for article in some()}
    assert years == {2024, 2025, 2026}


@settings(max_examples=40, deadline=None)
@given(today=st.dates(date(2021, 1, 1), date(2035, 12, 31)))
def test_nothing_comes_from_the_future_whatever_the_day(today: date) -> None:
    assert all(article.published_on <= today for article in texts.articles(1, today, 120))


def test_lengths_vary() -> None:
    lengths = sorted(len(article.plain_text) for article in some())
    assert lengths[0] >= 80
    assert lengths[-1] >= 1500
    assert lengths[-1] <= 2500
    assert lengths[SIZE // 2] >= 150


def test_at_least_sixty_are_written_by_hand() -> None:
    assert len(reading.manuscripts()) >= 60


def test_every_kind_of_article_and_of_block_occurs() -> None:
    assert {article.kind for article in some()} == {"news", "notice", "policy", "interpretation", "qa", "topic", "profile", "gallery"}
    assert {type(block) for article in some() for block in article.blocks} == {RichText, Heading, Image, Video, Table, Quotation, AttachmentBlock}


def test_every_site_has_something_of_its_own() -> None:
    assert {article.site_key for article in texts.articles(1, TODAY, 900)} == {unit.key for unit in city.site_units()}


def test_the_portal_has_news_of_its_own() -> None:
    news = sorted((row for row in some() if row.unit_key == city.CITY_OFFICE_KEY and row.role == "news"), key=lambda row: row.published_on, reverse=True)
    assert len(news) >= 24
    assert sum(TODAY - row.published_on <= timedelta(weeks=6) for row in news) >= 12
    assert sum(any(isinstance(block, Image) for block in row.blocks) for row in news) >= len(news) * 3 // 4
    assert len({row.published_on.month for row in news}) >= 10


def test_units_sections_and_files_that_articles_name_exist() -> None:
    units = {row.key for row in city.unit_rows()}
    for article in texts.articles(1, TODAY, 1000):
        home = city.by_key()[article.site_key]
        assert article.unit_key in units
        assert sections.slug_for(home.kind, role=article.role)
        for key in article.also_on:
            target = city.by_key()[key]
            assert key != article.site_key
            assert sections.slug_for(target.kind, role=sections.placed_role(article.role, origin=home.kind, target=target.kind))


def test_pictures_and_files_can_be_made() -> None:
    keys = set(pictures.keys())
    for block in (block for article in some() for block in article.blocks):
        match block:
            case Image():
                assert block.picture in keys
                assert len(block.alt) >= 6
                assert block.credit
            case AttachmentBlock():
                assert attachments.made(block.file_name)
            case Video():
                assert attachments.made(block.captions).startswith(b"WEBVTT")


def test_tables_are_rectangular_and_no_block_is_empty() -> None:
    for article in some():
        assert article.blocks
        assert article.summary
        for block in article.blocks:
            match block:
                case Table():
                    assert block.rows
                    assert all(len(row) == len(block.header) for row in block.rows)
                case RichText(html):
                    assert "<p></p>" not in html
                    assert "<li></li>" not in html
                    assert set(re.findall(r"<(/?\w+)", html)) <= {f"{slash}{tag}" for slash in ("", "/") for tag in ("p", "b", "a", "ul", "ol", "li")}


def test_document_numbers_are_unique_and_well_formed() -> None:
    numbers = [article.document_number for article in texts.articles(1, TODAY, 3000) if article.document_number]
    assert len(numbers) == len(set(numbers)) > 40
    assert all(re.fullmatch(r"方\w{1,5}〔20\d\d〕\d{1,3}号|方\w{1,5}〔20\d\d〕\d{4}号", number) for number in numbers)


def test_a_shorter_run_is_the_start_of_a_longer_one() -> None:
    assert tuple(islice(texts.articles(1, TODAY, 5000), SIZE)) == some()


def test_seeds_differ() -> None:
    assert [article.title for article in some(1)] != [article.title for article in some(2)]


def test_titles_stay_unique_in_a_large_city() -> None:
    count = 30_000
    assert len({article.title for article in texts.articles(3, TODAY, count)}) == count


DIGEST = """
import hashlib
from datetime import date
from fangtang.demo import attachments, people, pictures, texts
seen = hashlib.sha256()
for article in texts.articles(5, date(2026, 11, 20), 900):
    seen.update(repr(article).encode())
for person in people.people(5):
    seen.update(repr(person).encode())
for key in ("pond-summer-dawn", "library-autumn-day"):
    seen.update(pictures.draw(key, seed=5))
for name in ("a.xlsx", "a.docx", "a.pdf", "fangtang-pond.vtt"):
    seen.update(attachments.made(name))
print(seen.hexdigest())
"""


def test_same_seed_same_bytes_in_another_process_zone_and_locale() -> None:
    surroundings = (("0", "UTC", "C.UTF-8"), ("424242", "Asia/Shanghai", "C"), ("7", "America/Lima", "POSIX"))
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone, locale in surroundings
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


@pytest.mark.parametrize("gap", ["{nothing here}", "{n:4}", "{d+}"])
def test_a_gap_that_nothing_fills_is_refused(gap: str) -> None:
    with pytest.raises(ValueError, match="nothing fills"):
        sentences.sentence(f"去{gap}")


def test_articles_of_one_writer_agree_in_few_slots() -> None:
    for writer in (writer for writer in writers.writers() if not writer.is_aligned and writer.breadth == 4):
        for one, other in combinations([writer.ways(number) for number in range(8)], 2):
            assert sum(a == b for a, b in zip(one, other, strict=True)) <= len(one) // 2
            assert one[0] != other[0] or one[-1] != other[-1]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))))
def test_markup_never_lets_markup_through(text: str) -> None:
    for block in markup.blocks([f"正文{text}"], month=5):
        assert isinstance(block, RichText)
        assert set(re.findall(r"<(/?\w+)", block.html)) <= {"p", "/p", "b", "/b", "a", "/a"}
