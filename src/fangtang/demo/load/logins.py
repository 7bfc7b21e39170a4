"""The demo's password and the list of logins that `up` and `seed` print. One file, readable by its owner only."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from django.conf import settings

from fangtang.demo import people
from fangtang.people.roles import Role

WORDS = ("pond", "mirror", "source", "lotus", "heron", "willow", "bridge", "cloud", "ripple", "lantern", "tea", "reed", "moon", "stone", "rain", "spring")


def _path() -> Path:
    return Path(settings.HOME) / "demo-logins.json"


def password() -> str:
    """The password of all demo logins of this instance: four random words and a number, kept for the next start."""
    if _path().exists():
        kept: str = json.loads(_path().read_text())[0]["password"]
        return kept
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def write(password: str) -> list[dict[str, str]]:
    """Keep and return one login for each role, in the order of the roles."""
    first = {row.role: row for row in reversed(people.demo_logins()) if row.role}
    found = [{"role": role.value, "login": first[role].user_name, "name": first[role].full_name, "password": password} for role in Role if role in first]
    _path().touch(mode=0o600)
    _path().write_text(json.dumps(found, ensure_ascii=False, indent=1))
    return found
