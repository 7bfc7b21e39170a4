"""Rules that hold for every model."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

OURS = [model for model in apps.get_models() if model.__module__.startswith("fangtang.")]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_personal_or_not(model: type[models.Model]) -> None:
    assert "PERSONAL" in model.__dict__, f"{model._meta.label} does not say which of its fields are personal data"
    assert {field.name for field in model._meta.get_fields()} >= model.PERSONAL


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_moments_and_days_are_named_for_what_they_are(model: type[models.Model]) -> None:
    named = {field.name: field for field in model._meta.concrete_fields if field.model is model}
    inherited = {"last_login", "date_joined"}
    moments = {name for name, field in named.items() if isinstance(field, models.DateTimeField)} - inherited
    days = {name for name, field in named.items() if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)}
    wrong = {name for name in moments if not name.endswith("_at") and name not in {"at", "visible_from", "visible_until"}} | {
        name for name in days if not name.endswith("_on")
    }
    # Wagtail's abstract models bring fields of their own names.
    assert wrong - {"created_at", "locked_at"} == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_indexes_of_some_rows_name_them_by_flags(model: type[models.Model]) -> None:
    """Any other value comes as a parameter, and SQLite cannot tell from a parameter whether the index holds the rows that are asked for: it reads all."""
    partial = [index for index in model._meta.indexes if index.condition is not None]
    assert [index.name for index in partial if any(not isinstance(value, bool) for _, value in index.condition.children)] == []


@pytest.mark.django_db
def test_migrations_tell_the_whole_story() -> None:
    output = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=output, stderr=output)
    assert "No changes detected" in output.getvalue()


def test_nobody_deletes_by_cascade_what_was_released() -> None:
    from fangtang.releases.models import Address, Release, Standing

    loose = [
        f"{model.__name__}.{field.name}"
        for model in (Release, Standing, Address)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    ]
    assert loose == []
