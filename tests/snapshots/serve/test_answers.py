"""What the embedded server answers, asked over a real connection."""

from __future__ import annotations

import hashlib

import pytest

from fangtang.snapshots.serve.headers import CACHE_ASSETS, CACHE_PAGES, CONTENT_SECURITY_POLICY
from fangtang.snapshots.store import TreesStore
from tests.snapshots.serve.conftest import AT, LARGE, PORTAL, ask

TYPES = {
    "/": "text/html; charset=utf-8",
    "/assets/site.0123abcd.css": "text/css; charset=utf-8",
    "/rss.xml": "application/rss+xml; charset=utf-8",
    "/news/atom.xml": "application/atom+xml; charset=utf-8",
    "/news/feed.json": "application/feed+json",
    "/sitemap.xml": "application/xml; charset=utf-8",
    "/site.webmanifest": "application/manifest+json",
    "/robots.txt": "text/plain; charset=utf-8",
    "/img/emblem.svg": "image/svg+xml",
    "/files/notice.pdf": "application/pdf",
    "/files/second.notice.PDF": "application/pdf",
    "/files/table.XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/files/raw.bin": "application/octet-stream",
    "/files/plain": "application/octet-stream",
}


@pytest.mark.parametrize("target", TYPES)
def test_each_file_has_its_type(embedded: int, target: str) -> None:
    answer = ask(embedded, target)

    assert (answer.status, answer.headers["content-type"]) == (200, TYPES[target])
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_says_how_it_may_be_used(embedded: int) -> None:
    answer = ask(embedded, "/news/2026/a.html")

    assert answer.body == PORTAL["news/2026/a.html"]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    assert answer.headers["cache-control"] == CACHE_PAGES
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert "last-modified" not in answer.headers


def test_assets_are_kept_for_a_year_and_missing_ones_are_not(embedded: int) -> None:
    assert ask(embedded, "/assets/site.0123abcd.css").headers["cache-control"] == CACHE_ASSETS
    assert ask(embedded, "/assets/gone.css").headers["cache-control"] == CACHE_PAGES


def test_the_viewer_of_documents_is_not_stopped_by_the_policy(embedded: int) -> None:
    assert "content-security-policy" not in ask(embedded, "/files/notice.pdf").headers


@pytest.mark.parametrize("sent", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_who_has_the_page_gets_304(embedded: int, sent: str) -> None:
    etag = ask(embedded, "/").headers["etag"]
    answer = ask(embedded, "/", If_None_Match=sent.format(etag=etag))

    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
    assert "content-type" not in answer.headers


def test_who_has_another_page_gets_this_one(embedded: int) -> None:
    assert ask(embedded, "/", If_None_Match='"other"').status == 200


@pytest.mark.parametrize("target", ["/", "/files/large.mp4", "/missing", "/news"])
def test_head_answers_like_get_without_the_body(embedded: int, target: str) -> None:
    get, head = ask(embedded, target), ask(embedded, target, method="HEAD")

    assert head.body == b""
    assert (head.status, head.headers["content-length"]) == (get.status, str(len(get.body)))


RANGES = {
    "bytes=0-3": (0, 4),
    "bytes=100-": (100, len(LARGE)),
    "bytes=-7": (len(LARGE) - 7, len(LARGE)),
    "bytes=5-99999999999": (5, len(LARGE)),
    "bytes=-99999999999": (0, len(LARGE)),
}


@pytest.mark.parametrize("sent", RANGES)
def test_a_part_of_a_large_file(embedded: int, sent: str) -> None:
    start, stop = RANGES[sent]
    answer = ask(embedded, "/files/large.mp4", Range=sent)

    assert (answer.status, answer.body) == (206, LARGE[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(LARGE)}"


@pytest.mark.parametrize("sent", [f"bytes={len(LARGE)}-", "bytes=-0"])
def test_a_part_that_is_not_there(embedded: int, sent: str) -> None:
    answer = ask(embedded, "/files/large.mp4", Range=sent)

    assert (answer.status, answer.headers["content-range"]) == (416, f"bytes */{len(LARGE)}")


@pytest.mark.parametrize("sent", ["bytes=0-1,5-6", "bytes=5-1", "lines=1-2", "bytes=-", "bytes=٣-٤", "bytes=" + "9" * 30 + "-"])
def test_a_range_we_do_not_follow_brings_the_whole_file(embedded: int, sent: str) -> None:
    answer = ask(embedded, "/files/large.mp4", Range=sent)

    assert (answer.status, answer.body) == (200, LARGE)


def test_a_part_of_what_has_changed_brings_the_whole_file(embedded: int) -> None:
    assert ask(embedded, "/files/large.mp4", Range="bytes=0-1", If_Range='"older"').status == 200


def test_a_directory_is_shown_with_its_slash(embedded: int) -> None:
    for target, location in {"/news": "/news/", "/news?page=2": "/news/?page=2", FILES: f"{FILES}/"}.items():
        answer = ask(embedded, target)
        assert (answer.status, answer.headers["location"]) == (301, location)
    assert ask(embedded, "/news/").body == PORTAL["news/index.html"]


@pytest.mark.parametrize("target", ["/empty", "/empty?page=2", "/empty/", "/empty/deep", "/%E6%94%BF%E7%AD%96", "/%E6%94%BF%E7%AD%96/"])
def test_a_directory_without_a_page_is_no_address(embedded: int, target: str) -> None:
    answer = ask(embedded, target)
    assert (answer.status, answer.headers.get("location"), answer.body) == (404, None, PORTAL["404.html"])


@pytest.mark.parametrize("target", ["/missing.html", "/news/missing/", "/empty/deep/", "/index.html/", "/index.html/x", "/_drafts/a.html"])
def test_what_is_missing_gets_the_sites_own_page(embedded: int, target: str) -> None:
    answer = ask(embedded, target)

    assert (answer.status, answer.body) == (404, PORTAL["404.html"])
    assert "etag" not in answer.headers


@pytest.mark.parametrize("target", ["/_redirects.json", "/.hidden", "/news/.hidden", "/news/_part.html", "/%5Fredirects.json", "/%2Ehidden"])
def test_what_is_for_the_server_alone_is_missing(embedded: int, target: str) -> None:
    assert ask(embedded, target).status == 404


def test_security_txt_is_public(embedded: int) -> None:
    assert ask(embedded, "/.well-known/security.txt").status == 200


FILES = "/%E6%94%BF%E7%AD%96/%E6%96%87%E4%BB%B6"
MOVES = {
    "/old.html": "/news/2026/a.html",
    "/%E6%97%A7/%E6%96%87.html": "/%E6%94%BF%E7%AD%96/%E9%80%9A%E7%9F%A5.html",
    "/away": "https://example.gov.cn/x",
    "/stub/old.html": "/news/2026/a.html",
    "/stub/": "/news/",
}


@pytest.mark.parametrize("target", MOVES)
def test_a_moved_address_leads_to_the_new_one(embedded: int, target: str) -> None:
    answer = ask(embedded, target)

    assert (answer.status, answer.headers["location"]) == (301, MOVES[target])


def test_a_move_to_another_host_by_two_slashes_is_ignored(embedded: int) -> None:
    assert ask(embedded, "/bad").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_nothing_but_reading(embedded: int, method: str) -> None:
    answer = ask(embedded, "/", method=method, Content_Length="0")

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("host", ["PORTAL.TEST", "portal.test:8000", "portal.test.", "Portal.Test.:80"])
def test_a_host_is_known_in_every_spelling(embedded: int, host: str) -> None:
    assert ask(embedded, "/", host=host).body == PORTAL["index.html"]


@pytest.mark.parametrize("host", ["desk.test", "", "127.0.0.1", "[::1]:80", "portal.test/../health.test", "portal.test:80:80", "xportal.test"])
def test_every_other_host_is_for_the_application(embedded: int, host: str) -> None:
    assert ask(embedded, "/desk/", host=host).body in {b"desk /desk/", b""}


def test_each_host_has_its_own_site(embedded: int) -> None:
    assert ask(embedded, "/", host="health.test").body == b"health"
    assert ask(embedded, "/news/", host="health.test").status == 404


def test_a_site_before_its_first_snapshot(embedded: int) -> None:
    assert ask(embedded, "/", host="unbuilt.test").status == 404


def test_a_release_is_seen_at_once(embedded: int, store: TreesStore) -> None:
    assert ask(embedded, "/now.html").status == 404
    store.commit("portal", {"now.html": b"now"}, at=AT)
    assert ask(embedded, "/now.html").body == b"now"
    store.rollback("portal", at=AT)
    assert ask(embedded, "/now.html").status == 404
