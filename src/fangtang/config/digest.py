"""`fangtang digest`: what this instance holds, as one comparable JSON value.

Per table the number of rows and a digest of all rows in the order of their keys; per site the root digest; the newest audit event. Two
instances with equal digests hold the same, whatever database they stand on. Sessions and the like, which come and go, are left out.
"""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from fangtang.kernel import hashing

LEFT_OUT = frozenset({"sessions.session", "contenttypes.contenttype", "auth.permission"})


def run(words: list[str]) -> int:
    """Print the digest; 0. It takes no words besides --help."""
    ArgumentParser(prog="fangtang digest", description="What this instance holds, as one comparable JSON value.").parse_args(words)
    sys.stdout.write(json.dumps(digest(), indent=1, ensure_ascii=False) + "\n")
    return 0


def digest() -> dict[str, Any]:
    """Tables by label, sites by key, and the audit head."""
    from fangtang.audit.models import Event
    from fangtang.outlets.models import Site
    from fangtang.snapshots import effects

    head = Event.objects.order_by("-seq").values_list("seq", flat=True).first()
    return {
        "tables": {model._meta.label_lower: _table(model) for model in sorted(_models(), key=lambda model: model._meta.label_lower)},
        "sites": {key: effects.store().root(key) for key in Site.objects.order_by("key").values_list("key", flat=True)},
        "audit_head": head or 0,
    }


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT:
            yield model


def _table(model: type[models.Model]) -> dict[str, Any]:
    fields = [field.attname for field in model._meta.concrete_fields]
    running, count = hashlib.sha256(), 0
    for row in model._base_manager.order_by("pk").values_list(*fields).iterator(chunk_size=2000):
        running.update(hashing.canonical(json.loads(json.dumps(row, cls=DjangoJSONEncoder, default=str))))
        running.update(b"\n")
        count += 1
    return {"rows": count, "sha256": running.hexdigest()}
