"""Small builders of true rows for tests. Personas (docs/style.md): An edits, Bo proofreads, Chen and Ding review, Fang signs, Mo has no business here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, Locale, Page
from wagtail.models import Site as WagtailSite

from fangtang.articles.models import Article, Placement
from fangtang.outlets.models import Home, Section, SectionKind, Site
from fangtang.people.models import Body, Post, Reach, Unit, UnitKind, User
from fangtang.people.roles import Role

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
PASSWORD = "a pond opens like a mirror"
_PASSWORD_HASH = make_password(PASSWORD, hasher="md5")
_numbers = count(1)


def body(name: str = "方塘市人民政府") -> Body:
    return Body.objects.get_or_create(name=name)[0]


def unit(key: str = "", *, under: Unit | None = None, kind: str = UnitKind.DEPARTMENT, name: str = "") -> Unit:
    key = key or f"unit{next(_numbers)}"
    values = {"body": body(), "key": key, "name": name or key, "kind": kind}
    if under is None:
        return Unit.add_root(**values)
    return Unit.objects.get(pk=under.pk).add_child(**values)


def user(username: str = "", **fields: Any) -> User:
    username = username or f"user{next(_numbers)}"
    fields = {"full_name": username.capitalize(), "email": f"{username}@fangtang.example"} | fields
    return User.objects.create(username=username, password=_PASSWORD_HASH, **fields)


def post(user: User, role: str, unit: Unit, *, reach: str = Reach.UNIT, starts_on: date = date(2020, 1, 1), ends_on: date | None = None) -> Post:
    return Post.objects.create(user=user, role=role, unit=unit, reach=reach, starts_on=starts_on, ends_on=ends_on)


def person(username: str, role: str, unit: Unit, *, reach: str = Reach.UNIT) -> User:
    """A user with one post."""
    somebody = user(username)
    post(somebody, role, unit, reach=reach)
    return somebody


def root_page() -> Page:
    """Wagtail's root page, which migrations make. A test with real commits sweeps it away, with the root collection and the language."""
    found = Page.get_first_root_node()
    if found:
        return found
    ContentType.objects.clear_cache()
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    Collection.add_root(name="Root")
    return Page.add_root(title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page))


def site(key: str = "", *, unit: Unit, is_default: bool = False, port: int = 80) -> Site:
    key = key or f"site{next(_numbers)}"
    root = root_page()
    wagtail_site = WagtailSite.objects.create(hostname=f"{key}.localhost", port=port, site_name=key, root_page=root, is_default_site=is_default)
    made = Site.objects.create(wagtail_site=wagtail_site, key=key, name=f"{key} site", unit=unit)
    Home.objects.create(site=made)
    return made


def section(site: Site, slug: str = "", *, under: Section | None = None, kind: str = SectionKind.NEWS, name: str = "") -> Section:
    slug = slug or f"section{next(_numbers)}"
    address = f"{under.address}/{slug}" if under else slug
    values = {"site": site, "slug": slug, "name": name or slug, "kind": kind, "address": address}
    return Section.objects.get(pk=under.pk).add_child(**values) if under else Section.add_root(**values)


def article(*, by: User, unit: Unit, sections: tuple[Section, ...] = (), title: str = "", now: datetime = NOW, **fields: Any) -> Article:
    """An article with its first revision, as the editor's form would leave it."""
    number = next(_numbers)
    fields = {"body": [("text", f"<p>正文{number}。</p>")]} | fields
    made = Article(title=title or f"稿件{number}", unit=unit, created_by=by, created_at=now, changed_at=now, **fields)
    made.placements = [Placement(section=section) for section in sections]
    made.save()
    made.save_revision(user=by)
    return made


@dataclass(frozen=True, slots=True)
class Office:
    """One unit with a site, a section, and a person for every post that publishing needs."""

    unit: Unit
    site: Site
    section: Section
    an: User
    proofreaders: tuple[User, User, User]
    reviewers: tuple[User, User, User, User]
    fang: User
    mo: User


def office(key: str = "education") -> Office:
    """An edits; three proofreaders; reviewers of levels 1–4; Fang signs; Mo is an editor elsewhere."""
    ours = unit(key)
    elsewhere = unit(f"{key}-elsewhere")
    its_site = site(key, unit=ours)
    return Office(
        unit=ours,
        site=its_site,
        section=section(its_site, "news"),
        an=person(f"an-{key}", Role.EDITOR, ours),
        proofreaders=(person(f"bo-{key}", Role.PROOFREADER, ours), person(f"bo2-{key}", Role.PROOFREADER, ours), person(f"bo3-{key}", Role.PROOFREADER, ours)),
        reviewers=(
            person(f"chen-{key}", Role.REVIEWER_1, ours),
            person(f"ding-{key}", Role.REVIEWER_2, ours),
            person(f"deng-{key}", Role.REVIEWER_3, ours),
            person(f"du-{key}", Role.REVIEWER_4, ours),
        ),
        fang=person(f"fang-{key}", Role.CHIEF_EDITOR, ours),
        mo=person(f"mo-{key}", Role.EDITOR, elsewhere),
    )
