"""Same input, same bytes: under another timezone, locale and hash seed, pictures included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BUILDER = """
import tempfile, json
from pathlib import Path
from io import BytesIO
import django
from django.conf import settings
django.setup()
home = Path(tempfile.mkdtemp())
settings.SNAPSHOT_ROOT, settings.MEDIA_ROOT = home / "snapshots", home / "uploads"
from django.core.files.images import ImageFile
from django.core.management import call_command
call_command("migrate", verbosity=0)
from datetime import timedelta
from PIL import Image
from fangtang.kernel.hashing import sha256
from fangtang.media.models import Picture
from fangtang.snapshots import effects
from tests import factories
from tests.snapshots import making
office = factories.office()
drawn = BytesIO()
Image.linear_gradient("L").resize((1300, 700)).convert("RGB").save(drawn, "JPEG", quality=90)
picture = Picture.objects.create(title="半亩方塘", description="一方水塘", file=ImageFile(drawn, name="pond.jpg"))
for number in range(25):
    fields = {"lead_image": picture} if number % 5 == 0 else {}
    article = making.article(office.section, by=office.an, title=f"稿件{number}", keywords="水、塘", shown_at=making.NOW - timedelta(days=9 * number), **fields)
    making.release(article, by=office.an)
effects.build_waiting(now=making.NOW)
store = effects.store()
files = {path: sha256(store.read("education", path)) for path in store.paths("education")}
print(json.dumps({"root": store.root("education"), "files": files}))
"""

PLACES = ({"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"}, {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "4242"})


@pytest.mark.slow
def test_another_place_gives_the_same_bytes():
    one, other = [built(place) for place in PLACES]
    assert [path for path in one["files"] if one["files"][path] != other["files"].get(path)] == []
    assert one["root"] == other["root"]
    assert sum(path.startswith("media/") for path in one["files"]) == 3


def built(place: dict[str, str]) -> dict[str, dict[str, str]]:
    environment = os.environ | place | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONUTF8": "1", "DATABASE_URL": ""}
    answer = subprocess.run([sys.executable, "-c", BUILDER], env=environment, capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=300)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])
