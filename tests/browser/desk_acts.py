"""What people do on the desk, by what they see there: labels, buttons, links. One browser context for each person, as each sits at a desk of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.stacks import Stack

PATIENCE_MS = 20_000


def until_true(look: Callable[[], object]) -> None:
    """Ask again until it is."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, and the tab they work in."""

    login: str
    name: str
    tab: Any


def sign_in(browser: Any, stack: Stack, login: str) -> Person:
    """Through the sign-in page."""
    context = browser.new_context(base_url=f"http://localhost:{stack.port}", locale="en", viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(PATIENCE_MS)
    tab = context.new_page()
    tab.goto("/desk/")
    tab.get_by_label("Username").fill(login)
    tab.get_by_role("textbox", name="Password").fill(stack.password(login))
    tab.get_by_role("button", name="Sign in").click()
    title = tab.get_by_role("heading", level=1)
    expect(title).to_contain_text("Desk")
    return Person(login, title.inner_text().removeprefix("Desk").strip(), tab)


def begin_article(person: Person, *, title: str) -> None:
    tab = person.tab
    tab.get_by_role("link", name="Articles", exact=True).click()
    tab.get_by_role("link", name="Add article").click()
    tab.get_by_role("textbox", name="Title*").fill(title)


def _body(tab: Any) -> Any:
    return tab.get_by_role("region", name="Body")


def _insert(tab: Any, kind: str) -> None:
    _body(tab).get_by_role("button", name="Insert a block").last.click()
    tab.get_by_role("option", name=kind, exact=True).click()


def write_text(person: Person, text: str) -> None:
    _insert(person.tab, "Text")
    _body(person.tab).get_by_role("region", name="Text").last.get_by_role("textbox").click()
    person.tab.keyboard.type(text)


def write_heading(person: Person, text: str) -> None:
    _insert(person.tab, "Heading")
    _body(person.tab).get_by_role("textbox", name="Heading").last.fill(text)


def add_image(person: Person, file: Path, *, alt: str) -> None:
    """Uploaded in the chooser."""
    tab = person.tab
    _insert(tab, "Image")
    _body(tab).get_by_role("button", name="Choose an image").last.click()
    chooser = tab.get_by_role("dialog")
    chooser.get_by_role("tab", name="Upload").click()
    chooser.get_by_label("File").set_input_files(file)
    expect(chooser.get_by_label("Title")).not_to_have_value("")
    chooser.get_by_label("Description").fill(alt)
    chooser.get_by_role("button", name="Upload").click()
    chooser.wait_for(state="detached")
    _body(tab).get_by_label("Alternative text").last.fill(alt)


def place(person: Person, sections: Sequence[tuple[str, str]]) -> None:
    """In each section, named by site and section as the chooser's rows show them."""
    tab = person.tab
    tab.get_by_role("tab", name="Where it appears").click()
    placements = tab.get_by_role("region", name="Sections", exact=True)
    chooser = tab.get_by_role("dialog")
    for site, section in sections:
        placements.get_by_role("button", name="Add section").click()
        chooser.get_by_label("Search term").fill(f"{site} {section}")
        expect(chooser.get_by_role("alert")).to_have_text("There is 1 match")
        chooser.get_by_role("checkbox", name=section).check()
        chooser.get_by_role("button", name="Confirm selection").click()
        chooser.wait_for(state="detached")
        expect(placements.get_by_text(re.compile(f"^{site} · .*{section}$"))).to_be_visible()


def save(person: Person) -> None:
    person.tab.get_by_role("button", name="Save", exact=True).click()
    expect(person.tab.get_by_role("status").get_by_text(re.compile("saved|updated|created", re.IGNORECASE))).to_be_visible()


def submit(person: Person) -> None:
    tab = person.tab
    tab.get_by_role("button", name="More actions").click()
    tab.get_by_role("button", name="Submit for review").click()
    expect(tab.get_by_role("status").get_by_text("submitted")).to_be_visible()


def preview(person: Person, site: str) -> Any:
    """The article in the look of a site: the frame beside the editor."""
    tab = person.tab
    mode = tab.get_by_label("Preview mode")
    if not mode.is_visible():
        tab.get_by_role("button", name="Toggle preview").click()
    mode.select_option(label=site)
    return tab.frame_locator("#w-preview-iframe")


def open_waiting(person: Person, title: str, *, worklist: str = "Waiting for me") -> None:
    """From the person's home page, through the list that it is in."""
    tab = person.tab
    expect(tab.locator("[data-desk-under-way]")).to_have_count(0)
    tab.goto("/desk/")
    tab.get_by_role("region", name=worklist).get_by_role("link", name=title).first.click()
    expect(tab.get_by_role("heading", name=title).first).to_be_visible()


def proofread(person: Person, title: str, *, mark: tuple[str, str] | None = None) -> None:
    """Sign the proofread, with one mark (quoted, better) or none."""
    open_waiting(person, title)
    tab = person.tab
    if mark:
        tab.get_by_label("Quoted from the text").first.fill(mark[0])
        tab.get_by_label("Better").first.fill(mark[1])
    tab.get_by_label("Signature: your full name").fill(person.name)
    tab.get_by_role("button", name="Sign the proofread").click()
    expect(tab.get_by_role("status")).to_contain_text("Approved")


def approve(person: Person, title: str) -> None:
    open_waiting(person, title)
    person.tab.get_by_role("button", name="Approve").click()
    expect(person.tab.get_by_role("status")).to_contain_text("Approved")


def send_back(person: Person, title: str, *, comment: str) -> None:
    open_waiting(person, title)
    person.tab.get_by_label("Comment").fill(comment)
    person.tab.get_by_role("button", name="Return").click()
    expect(person.tab.get_by_role("status")).to_contain_text("Returned")


def sign(person: Person, title: str) -> None:
    open_waiting(person, title, worklist="Ready to sign")
    tab = person.tab
    tab.get_by_label("I have read this text and sign it for release.").check()
    tab.get_by_role("button", name="Sign and release").click()
    expect(tab.get_by_role("status")).to_contain_text("Signed")


def addresses(person: Person) -> dict[str, str]:
    """Site → address, of the release whose page is open; the canonical one under ""."""
    found = {}
    for row in person.tab.get_by_role("listitem").filter(has=person.tab.locator("a[rel=noreferrer]")).all():
        link = row.get_by_role("link").get_attribute("href")
        found[row.inner_text().split(":")[0]] = link
        if "canonical" in row.inner_text():
            found[""] = link
    return found


def withdraw(person: Person, title: str, *, reason: str, notice: str) -> None:
    open_waiting(person, title, worklist="Recently released")
    tab = person.tab
    tab.get_by_role("link", name="Withdraw", exact=True).click()
    tab.get_by_label("Reason").fill(reason)
    tab.get_by_label("Notice left in its place").fill(notice)
    tab.get_by_role("button", name="Withdraw").click()
    expect(tab.get_by_role("status")).to_contain_text("Withdrawn")
