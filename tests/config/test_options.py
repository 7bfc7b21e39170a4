"""What an operator can set is looked at when it is read, and said in a sentence."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import RequestFactory
from environs import Env, EnvValidationError

from fangtang.config import options
from fangtang.config import settings as product


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("PORT", "99999", "from 1 to 65535"),
        ("PORT", "-1", "from 1 to 65535"),
        ("FANGTANG_TIME_ZONE", "Mars/X", "no timezone"),
        ("FANGTANG_TIME_ZONE", "../../etc/passwd", "no timezone"),
        ("FANGTANG_PUBLIC_SCHEME", "gopher", "http, https"),
        ("FANGTANG_LANGUAGE", "la", "zh-hans"),
        ("FANGTANG_WORKERS", "0", "from 1 to"),
        ("FANGTANG_MAIL_URL", "imap://mail", "smtp://"),
        ("FANGTANG_MAIL_URL", "smtp://", "host is missing"),
        ("FANGTANG_MAIL_URL", "smtp://mail:x", "port"),
        ("DATABASE_URL", "mysql://u:p@h/x", "postgres://"),
        ("DATABASE_URL", "sqlite:///x", "postgres://"),
        ("DATABASE_URL", "nonsense", "postgres://"),
        ("DATABASE_URL", "postgres://h:abc/x", "port"),
        ("DATABASE_URL", "postgres://h:99999/x", "port"),
        ("DATABASE_URL", "postgres://[h/x", "host"),
        ("DATABASE_URL", "postgres://h", "name of the database"),
        ("DATABASE_URL", "postgres://h/x?sllmode=require", "sllmode"),
    ],
)
def test_what_does_not_fit_is_said(monkeypatch: pytest.MonkeyPatch, name: str, typed: str, said: str) -> None:
    monkeypatch.setenv(name, typed)
    with pytest.raises(EnvValidationError) as caught:
        options.read(Env(eager=False))
    assert said in " ".join(dict(caught.value.error_messages)[name])


@pytest.mark.parametrize("secret", ["mysql://wei:secret@h/x", "postgres://wei:secret@h:abc/x", "postgres://wei:secret@h"])
def test_a_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("DATABASE_URL", secret)
    with pytest.raises(EnvValidationError) as caught:
        options.read(Env(eager=False))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("fitting", ["", "postgres://u:p%40@h:5433/x", "postgresql:///x?host=/run/postgresql", "postgres://h/x?sslmode=require"])
def test_what_fits_is_taken(monkeypatch: pytest.MonkeyPatch, fitting: str) -> None:
    monkeypatch.setenv("DATABASE_URL", fitting)
    assert options.read(Env(eager=False))["DATABASE_URL"] == fitting


def test_what_follows_the_question_mark_reaches_the_database() -> None:
    made = product.database_of("postgres://wei:p%40ss@db.example.gov:5433/fang%2Ftang?sslmode=verify-full&connect_timeout=2")
    assert (made["HOST"], made["PORT"], made["NAME"], made["PASSWORD"]) == ("db.example.gov", 5433, "fang/tang", "p@ss")
    assert made["OPTIONS"]["sslmode"] == "verify-full"
    assert made["OPTIONS"]["connect_timeout"] == "2"
    assert made["OPTIONS"]["pool"]["timeout"] == 5
    assert product.database_of("postgres://h/x")["OPTIONS"]["connect_timeout"] == 5
    assert product.database_of("")["ENGINE"].endswith("sqlite3")


def test_forms_of_the_desk_are_known_as_its_own_behind_tls(settings) -> None:
    asked = RequestFactory().post("/desk/login/", headers={"Host": "desk.localhost", "Origin": "https://desk.localhost", "X-Forwarded-Proto": "https"})
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    assert not check._origin_verified(asked)
    settings.SECURE_PROXY_SSL_HEADER = product.proxy_header("https://desk.localhost")
    assert check._origin_verified(asked)
    assert product.proxy_header("http://desk.localhost:8000") is None
