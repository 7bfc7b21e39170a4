"""The same articles through Wagtail's `serve`, one request after the other (folder `wagtail_site`), in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from _peers.texts import Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """CPU seconds for so many pages, articles and lists in the proportion of the whole site."""

    pages: int
    cpu: float
    article_bytes: int
    version: str


def draw(texts: Iterable[Text], folder: Path) -> Drawn:
    """A site of these texts alone: fewer rows than the real one, which favours Wagtail."""
    lines = "".join(json.dumps(asdict(text) | {"shown_at": text.shown_at.isoformat()}) + "\n" for text in texts)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    paths = os.pathsep.join([str(Path(__file__).parents[1]), environment.get("PYTHONPATH", "")])
    run = [sys.executable, "-m", "_peers.wagtail_site.run", str(folder)]
    answer = subprocess.run(run, input=lines, capture_output=True, text=True, env=environment | {"PYTHONPATH": paths}, check=False)
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return Drawn(**json.loads(answer.stdout.splitlines()[-1]))
