"""Addresses of an old system: whole, or nowhere, and said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangtang.articles.importing.markup import is_web_address, links
from fangtang.articles.importing.markup.addresses import file_name, resolved

PAGE = "https://old.example/news/1.html"


@pytest.mark.parametrize(
    "address",
    [
        "http://user:pw@a.example/f",
        "http://user@a.example/f",
        "http://jyt.hebei.gov.cnmailto:gjc66005126@163.com",
        "http://a.example:x/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://a..example/",
        "http://.example/",
        "http://localhost/",
        "http://[::1",
        "http://a b.example/",
        "ftp://a.example/f",
        "javascript:alert(1)",
        "",
    ],
)
def test_what_is_no_web_address(address: str) -> None:
    assert not is_web_address(address)
    assert not resolved(address)


@pytest.mark.parametrize("address", ["http://a.example", "https://a.example:8443/f?x=1#y", "https://网站.example/表.doc", "http://a_b.example./"])
def test_what_is_a_web_address(address: str) -> None:
    assert is_web_address(address)
    assert resolved(address) == address


@pytest.mark.parametrize(
    ("address", "wanted", "alone"),
    [
        ("/f/a.pdf", "https://old.example/f/a.pdf", ""),
        ("a.pdf", "https://old.example/news/a.pdf", ""),
        ("../a b.pdf", "https://old.example/a%20b.pdf", ""),
        ("//b.example/x", "https://b.example/x", "https://b.example/x"),
        ("https://b.example/a b.doc", "https://b.example/a%20b.doc", "https://b.example/a%20b.doc"),
        ("https://b.example/\u202eabc\u2066", "https://b.example/abc", "https://b.example/abc"),
        (" https://b.example/a\nb ", "https://b.example/ab", "https://b.example/ab"),
        ("mailto:a@b.example", "mailto:a@b.example", "mailto:a@b.example"),
        ("#top", "", ""),
        ("javascript:x", "", ""),
        ("http://[", "", ""),
    ],
)
def test_addresses_are_made_whole(address: str, wanted: str, alone: str) -> None:
    assert resolved(address, source=PAGE) == wanted
    assert resolved(address) == alone


def test_what_cannot_be_a_link_is_named() -> None:
    found = links(("/f/%E8%A1%A8.docx", "mailto:a@b.example", "http://u:p@a.example/x", "//b.example/文 件.pdf"), source=PAGE)
    assert [block.value for block in found.blocks] == [
        '<ul><li><a href="https://old.example/f/%E8%A1%A8.docx">表.docx</a></li><li><a href="https://b.example/文%20件.pdf">文 件.pdf</a></li></ul>'
    ]
    assert found.left_out == ("mailto:a@b.example", "http://u:p@a.example/x")
    assert links(()).blocks == ()


def test_the_name_of_a_file_has_no_hidden_characters() -> None:
    assert file_name("https://a.example/%00a%E2%80%AEfdp.exe") == "afdp.exe"


@given(st.text(st.sampled_from('htps:/.@[]%#? \\\t\n"<>a1表\u202e'), max_size=30), st.sampled_from(["", PAGE]))
def test_any_text_is_a_whole_address_or_none(address: str, source: str) -> None:
    found = resolved(address, source=source)
    assert not found or is_web_address(found)
    assert not found or resolved(found) == found
