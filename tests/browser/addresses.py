"""Every kind of page of a running city, found in its database: public ones by host and path, the desk's by who looks."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.desk_acts import until_true
from tests.stacks import Stack, chief_of

NOT_PAGES = {
    # Parts of a page, fetched by it.
    "articles:list_results",
    "articles:history_results",
    "people:index_results",
    "sites_register:index_results",
    "wagtailsnippets_outlets_home:list_results",
    "wagtailsnippets_outlets_home:history_results",
    "section_chooser:choose",
    "section_chooser:choose_results",
    "section_chooser:chosen",
    "section_chooser:chosen_multiple",
    # Previews: public pages, looked at as such; what they are in is walked here.
    "articles:preview_on_add",
    "articles:preview_on_edit",
    "articles:revisions_view",
    "wagtailsnippets_outlets_home:preview_on_edit",
    "wagtailsnippets_outlets_home:revisions_view",
    "desk:text",
    # Verbs: they are posted to and lead elsewhere.
    "articles:lock",
    "articles:unlock",
    "articles:take_back",
    "desk:return",
    "desk:recall",
    "desk:retry",
    "sections:verb",
    "people:invite",
    # A file.
    "people:events_csv",
    # The editor again, with the words of another revision.
    "articles:revisions_revert",
    "wagtailsnippets_outlets_home:revisions_revert",
    "wagtailsnippets_outlets_home:revisions_compare",
}
OUR_ROOMS = ("desk", "articles", "people", "sites_register", "sections", "section_chooser", "wagtailsnippets_outlets_home")


def public(stack: Stack) -> Iterator[tuple[str, str, str]]:
    """(name, host, path) of one page of each kind."""
    yield from (("home-portal", "www.localhost", "/"), ("home-department", "education.localhost", "/"))
    [(county,)] = stack.rows("SELECT s.key FROM outlets_site s JOIN people_unit u ON u.id = s.unit_id WHERE u.kind = 'county' LIMIT 1")
    yield "home-county", f"{county}.localhost", "/"
    for kind, address, key in stack.rows(
        "SELECT c.kind, c.address, s.key FROM outlets_section c JOIN outlets_site s ON s.id = c.site_id"
        " JOIN snapshots_listed l ON l.section_id = c.id GROUP BY c.kind"
    ):
        yield f"section-{kind}", f"{key}.localhost", f"/{address}/"
    [(address, key)] = stack.rows(
        "SELECT c.address, s.key FROM snapshots_listed l JOIN outlets_section c ON c.id = l.section_id JOIN outlets_site s ON s.id = c.site_id"
        " WHERE l.number = 20 LIMIT 1"  # the first numbered page is full
    )
    yield "section-numbered", f"{key}.localhost", f"/{address}/page/1.html"
    yield "section-empty", "www.localhost", "/discover/"
    for kind, path, key in stack.rows(
        "SELECT a.kind, x.path, s.key FROM snapshots_shown x JOIN articles_article a ON a.id = x.article_id JOIN outlets_site s ON s.id = x.site_id"
        " WHERE NOT x.is_withdrawn GROUP BY a.kind"
    ):
        yield f"article-{kind}", f"{key}.localhost", f"/{path}"
    for path, key in stack.rows("SELECT x.path, s.key FROM snapshots_shown x JOIN outlets_site s ON s.id = x.site_id WHERE x.is_withdrawn LIMIT 1"):
        yield "article-withdrawn", f"{key}.localhost", f"/{path}"
    yield from (("map", "www.localhost", "/sitemap.html"), ("not-found", "www.localhost", "/no-such-page.html"))


def desk(stack: Stack) -> Iterator[tuple[str, str]]:
    """(login, path) of every page of ours on the desk, each by somebody who may see it."""
    yield from (("", "/desk/login/"), ("", "/desk/welcome/MQ/no-such-word/"))
    yield from (("an", "/desk/"), ("song", "/desk/"), ("wei", "/desk/"))
    yield from _articles(stack)
    yield from _reviews(stack)
    yield from _releases(stack)
    yield from _register(stack)
    yield from _people(stack)
    yield from _sites(stack)


def _articles(stack: Stack) -> Iterator[tuple[str, str]]:
    [(article, unit)] = stack.rows(
        "SELECT a.id, u.key FROM articles_article a JOIN people_unit u ON u.id = a.unit_id WHERE u.kind = 'department' AND a.id IN"
        " (SELECT article_id FROM releases_release) ORDER BY a.id DESC LIMIT 1"
    )
    editor = f"{unit}.editor"
    for path in ("", "?q=没有这样的词", "?status=bin", "add/", f"edit/{article}/", f"inspect/{article}/", f"history/{article}/", f"delete/{article}/"):
        yield editor, f"/desk/articles/{path}"
    yield editor, f"/desk/articles/history/{article}/revisions/compare/earliest...latest/"
    yield from ((editor, f"/desk/articles/bulk/{act}/?id={article}") for act in ("place", "trash"))


def _reviews(stack: Stack) -> Iterator[tuple[str, str]]:
    steps = "SELECT s.id, t.id, u.key FROM reviews_step s JOIN reviews_turn t ON t.id = s.turn_id JOIN people_unit u ON u.id = t.unit_id WHERE"
    for kind, level, label in (("proofread", 1, "proofreader1"), ("review", 1, "reviewer1"), ("proofread", 2, "proofreader2"), ("review", 2, "reviewer2")):
        for step, turn, unit in stack.rows(
            f"{steps} s.kind = ? AND s.level = ? AND s.status = 'due' AND u.kind IN ('department', 'county') LIMIT 1", kind, level
        ):
            reader = f"{unit}.{label}"
            if level == 1:
                yield from ((reader, f"/desk/{page}") for page in ("", "work/waiting/", "work/barred/"))
            yield reader, f"/desk/review/step/{step}/"
            yield chief_of(stack, unit), f"/desk/review/turn/{turn}/"
    for turn, unit in stack.rows(
        "SELECT t.id, u.key FROM reviews_turn t JOIN people_unit u ON u.id = t.unit_id WHERE t.status = 'returned' AND u.key != 'city-office' LIMIT 1"
    ):
        yield from ((f"{unit}.editor", path) for path in (f"/desk/review/turn/{turn}/", "/desk/work/returned/", "/desk/work/mine/"))
    [(plan,)] = stack.rows("SELECT p.id FROM reviews_reviewplan p JOIN outlets_site s ON s.id = p.site_id WHERE s.key = 'banmu'")
    yield from (("banmu.manager", f"/desk/review/plans/{path}") for path in ("", "add/", f"{plan}/", f"{plan}/delete/"))


def _releases(stack: Stack) -> Iterator[tuple[str, str]]:
    for status in ("passed", "open"):
        [(article, unit)] = stack.rows(
            "SELECT t.object_id, u.key FROM reviews_turn t JOIN people_unit u ON u.id = t.unit_id WHERE t.status = ? AND u.key != 'city-office' LIMIT 1", status
        )
        yield chief_of(stack, unit), f"/desk/release/sign/{article}/"
    [(release, article, unit)] = stack.rows(
        "SELECT r.id, r.article_id, u.key FROM releases_release r JOIN articles_article a ON a.id = r.article_id JOIN people_unit u ON u.id = a.unit_id"
        " WHERE u.kind = 'department' AND r.article_id IN (SELECT article_id FROM releases_standing) ORDER BY r.id DESC LIMIT 1"
    )
    chief = f"{unit}.chief"
    yield from (
        (chief, path) for path in ("/desk/", "/desk/work/ready/", "/desk/work/released/", f"/desk/release/{release}/", f"/desk/release/withdraw/{article}/")
    )


def _register(stack: Stack) -> Iterator[tuple[str, str]]:
    [(site, section, home)] = stack.rows(
        "SELECT s.id, c.id, h.id FROM outlets_site s JOIN outlets_section c ON c.site_id = s.id JOIN outlets_home h ON h.site_id = s.id"
        " WHERE s.key = 'education' LIMIT 1"
    )
    register = "/desk/register"
    for path in ("sites/", f"sites/edit/{site}/", f"sections/site/{site}/", f"sections/site/{site}/new/", f"sections/{section}/"):
        yield "education.manager", f"{register}/{path}"
    yield from (("education.manager", f"{register}/homes/{path}") for path in ("", f"edit/{home}/", f"history/{home}/"))


def _people(stack: Stack) -> Iterator[tuple[str, str]]:
    [(person, post, unit)] = stack.rows(
        "SELECT u.id, p.id, p.unit_id FROM people_user u JOIN people_post p ON p.user_id = u.id WHERE u.username = 'education.editor'"
    )
    for path in ("", f"{person}/", "add/", f"{person}/change/", "posts/add/", f"posts/{post}/end/", f"posts/{post}/stand-in/"):
        yield "wei", f"/desk/people/{path}"
    yield from (("wei", f"/desk/people/units/{path}") for path in ("", "add/", f"{unit}/"))
    yield from (("yu", "/desk/people/events/"), ("an", "/desk/account/"))


def _sites(stack: Stack) -> Iterator[tuple[str, str]]:
    """What stands, and what the guard found: a page of the running city is defaced for it."""
    incident = defaced(stack)
    yield from (("wei", f"/desk/{path}") for path in ("", "sites/snapshots/", "sites/incidents/", f"sites/incidents/{incident}/"))


def defaced(stack: Stack) -> int:
    """Deface a page, and wait until it is right again and the desk knows: the incident's id."""
    page = stack.home / "snapshots/sites/education/current/index.html"
    good = page.read_bytes()
    heartbeat = stack.home / "guard/heartbeat"
    until_true(heartbeat.exists)
    page.chmod(0o644)
    page.write_bytes(b"<h1>defaced</h1>")
    until_true(lambda: page.read_bytes() == good)
    until_true(lambda: bool(stack.rows("SELECT id FROM snapshots_incident")))
    assert stack.get("/", host="education.localhost").body == good
    return int(stack.rows("SELECT id FROM snapshots_incident ORDER BY id")[0][0])
