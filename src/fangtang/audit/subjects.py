"""How the log names what an event is about."""

from __future__ import annotations

from django.db import models


def subject_name(row: models.Model) -> str:
    """ "articles.article:12" for a row; the same form everywhere, so that an act's events are found by its subject."""
    return f"{row._meta.label_lower}:{row.pk}"
