"""People, posts, units and the event log."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from fangtang.audit.actions import record
from fangtang.people.models import Post, User
from fangtang.people.roles import Role
from tests import factories
from tests.house import samples
from tests.house.samples import COMMON, Place


@samples.kind("person")
def person(place: Place) -> int:
    return factories.user(f"{place.marker}.person", full_name=f"{COMMON} {place.marker}", unit=place.unit, email=f"{place.marker}@fangtang.example").pk


@samples.kind("post")
def post(place: Place) -> int:
    return factories.post(User.objects.get(pk=place.of("person")), Role.PROOFREADER, place.unit).pk


@samples.kind("unit")
def unit(place: Place) -> int:
    return place.unit.pk


@samples.kind("event")
def event(place: Place) -> int:
    with transaction.atomic():
        holder = Post.objects.get(pk=place.of("post"))
        return record("people.appoint", by=place.editor, now=factories.NOW, subject=holder, unit_id=place.unit.pk, note=place.marker).pk


@samples.kind("login_name")
def login_name(place: Place) -> str:
    return User.objects.get(pk=place.of("person")).username


TERM = {"starts_on": "2026-12-01", "ends_on": "2026-12-31"}

for name in ("index", "index_results"):
    samples.register(f"people:{name}", shows="person")
    samples.register(f"people:{name}", query=lambda of: {"q": COMMON}, shows="person")
    samples.register(f"people:{name}", query=lambda of: {"role": Role.PROOFREADER.value}, shows="person")
    samples.register(f"people:{name}", query=lambda of: {"unit": of("unit")})
samples.register("people:person", lambda of: {"pk": of("person")}, shows="person")
samples.register("people:change", lambda of: {"pk": of("person")})
samples.register("people:invite", lambda of: {"pk": of("person")})
samples.register("people:add", post=lambda of: {"username": "new", "full_name": "New", "language": "en", "unit": of("unit")})
samples.register("people:appoint", query=lambda of: {"login": "x"})
samples.register("people:appoint", post=lambda of: {"user": "walker.none", "role": "editor", "unit": of("unit"), "reach": "unit", **TERM})
samples.register("people:dismiss", lambda of: {"pk": of("post")})
samples.register("people:dismiss", lambda of: {"pk": of("post")}, post=lambda of: {"ends_on": "2026-12-01"})
samples.register("people:stand_in", lambda of: {"pk": of("post")}, post=lambda of: {"user": "walker.none", **TERM})
samples.register("people:units", shows="unit")
samples.register("people:open_unit", query=lambda of: {"under": of("unit")}, shows="unit")
samples.register("people:open_unit", post=lambda of: {"under": of("unit"), "key": "fresh", "name": "Fresh", "kind": "town"})
samples.register("people:change_unit", lambda of: {"pk": of("unit")}, shows="unit")
samples.register("people:events", shows="event")
samples.register("people:events", query=lambda of: {"verb": "people."}, shows="event")
samples.register("people:events", query=lambda of: {"subject": f"people.post:{of('post')}"})
samples.register("people:events_csv", shows="event")
samples.register("people:events_csv", query=lambda of: {"subject": f"people.post:{of('post')}"})


@samples.kind("invitation")
def invitation(place: Place) -> tuple[str, str]:
    invited = User.objects.get(pk=place.of("person"))
    return urlsafe_base64_encode(force_bytes(invited.pk)), default_token_generator.make_token(invited)


samples.register("people_welcome", lambda of: dict(zip(("uid", "token"), of("invitation"), strict=True)), is_key=True)
