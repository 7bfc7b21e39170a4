"""A real installation: from an empty database to somebody whom the first operator invited."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from rich.console import Console

from fangtang.audit.models import Event
from fangtang.config import cli, founding
from fangtang.media.models import Shelf
from fangtang.outlets import actions as outlets
from fangtang.outlets.models import Section, Site
from fangtang.people.models import Body, Post, Unit, User
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = ["--name", "方塘市", "--unit", "市政府办公室", "--site-host", "WWW.example.gov", "--operator", "wei", "--operator-name", "魏强"]
PASSWORD = "half an acre of square pond"


@pytest.fixture(autouse=True)
def root(settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    factories.root_page()


def invited(said: str) -> str:
    """The path of the invitation that was printed."""
    return re.findall(r"https?://[^/\s]+(/desk/welcome/\S+?)[\s\"<]", said)[0]


def welcomed(path: str, login: str) -> Client:
    """Somebody who chose a password by invitation and signed in with it."""
    client = Client()
    assert client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert client.post(reverse("wagtailadmin_login"), {"username": login, "password": PASSWORD}).status_code == 302
    return client


def test_from_an_empty_database_to_an_invited_site_manager(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["found", *WORDS])
    assert left.value.code == 0
    wei = welcomed(invited(capsys.readouterr().out), "wei")

    top = Unit.objects.get()
    site = Site.objects.select_related("wagtail_site").get()
    assert (Body.objects.get().name, top.name, site.name, site.wagtail_site.hostname) == ("方塘市", "市政府办公室", "方塘市", "www.example.gov")
    assert site.wagtail_site.is_default_site

    assert wei.post(reverse("people:open_unit"), {"under": top.pk, "key": "education", "name": "教育局", "kind": "department"}).status_code == 302
    education = Unit.objects.get(key="education")
    assert Shelf.objects.filter(unit__in=[top, education]).count() == 2

    someone = {"username": "an", "full_name": "安宁", "email": "an@example.gov", "language": "en", "unit": top.pk}
    assert wei.post(reverse("people:add"), someone).status_code == 302
    given = {"user": "an", "role": "site_manager", "unit": top.pk, "reach": "below", "starts_on": "2020-01-01", "ends_on": ""}
    assert wei.post(reverse("people:appoint"), given).status_code == 302
    page = wei.post(reverse("people:invite", args=[User.objects.get(username="an").pk])).content.decode()

    an = welcomed(invited(page), "an")
    section = {"name": "新闻", "slug": "news", "kind": "news", "description": "", "freshness_days": ""}
    assert an.post(reverse("sections:add", args=[site.pk]), section).status_code == 302
    assert Section.objects.get().address == "news"
    assert Event.objects.filter(verb__in=["people.found_body", "outlets.open_site", "people.invite"]).count() == 4


def test_a_second_body_is_refused_plainly() -> None:
    said = Console(file=StringIO())
    assert founding.run(WORDS, Console(file=StringIO())) == 0
    assert founding.run(WORDS, said) == 1
    assert "belongs to 方塘市 already" in said.file.getvalue()  # type: ignore[attr-defined]
    assert (Body.objects.count(), Site.objects.count(), User.objects.count(), Post.objects.count()) == (1, 1, 1, 1)


def test_a_password_can_be_typed_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["short", "short", PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr(founding, "getpass", lambda _: next(typed))
    quiet = Console(file=StringIO())
    assert [founding.run([*WORDS, "--password"], quiet) for _ in range(3)] == [1, 1, 0]
    assert User.objects.get().check_password(PASSWORD)
    assert "welcome" not in quiet.file.getvalue()  # type: ignore[attr-defined]


def test_nothing_is_founded_when_a_part_fails() -> None:
    taken = factories.root_page()
    outlets.WagtailSite.objects.create(hostname="www.example.gov", port=8000, root_page=taken, site_name="")
    with pytest.raises(SystemExit) as left:
        cli.main(["found", *WORDS])
    assert left.value.code == 1
    assert not Body.objects.exists()
    assert not User.objects.exists()


@pytest.mark.parametrize(("option", "typed"), [("--site-host", "https://www.example.gov/"), ("--operator", "we i"), ("--name", " "), ("--site-key", "主站")])
def test_what_does_not_fit_is_said_before_anything_is_made(option: str, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        founding.run([*WORDS, option, typed], Console())
    assert left.value.code == 2
    assert f"argument {option}" in capsys.readouterr().err
    assert not Body.objects.exists()


def test_an_operator_who_lost_the_password_gets_another_invitation() -> None:
    founding.run(WORDS, Console(file=StringIO()))
    said = StringIO()
    call_command("invite", "wei", stdout=said)
    welcomed(invited(said.getvalue()), "wei")
    with pytest.raises(CommandError, match="Nobody has the login name nobody"):
        call_command("invite", "nobody")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="may not sign in"):
        call_command("invite", "wei")
