"""The event log. Rows are only ever added.

The chain of hashes and its anchors come with the issue on trust; until then `seq` gives the order and `actions.record` is the only door.
Changing or deleting what is written is refused here; the database's own triggers come with the chain.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Unchangeable(TypeError):
    """Somebody tried to change or delete what is written in the event log."""

    def __init__(self) -> None:
        super().__init__("The event log is only ever added to.")


class Events(models.QuerySet["Event"]):
    """Events can be asked for and added, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise Unchangeable

    def delete(self) -> NoReturn:
        raise Unchangeable

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise Unchangeable


class Event(models.Model):
    """One act of a person or of the machine, named `app.verb`.

    `by` is None when the machine acted. `subject` is "app.model:pk". `unit_id` is the unit on whose behalf, None for the whole body.
    `facts` is JSON without personal data: ids, codes, hashes, counts.
    """

    PERSONAL: frozenset[str] = frozenset()

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"))
    verb = models.CharField(_("act"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), db_index=False)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    unit_id = models.BigIntegerField(_("unit"), null=True)
    facts = models.JSONField(_("facts"), default=dict)

    objects = Events.as_manager()

    class Meta:
        ordering = ("seq",)
        base_manager_name = "objects"
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        # One for each way in which the log is read, newest first (`queries`).
        indexes: ClassVar = [
            models.Index(fields=["at", "seq"], name="event_at"),
            models.Index(fields=["verb", "at", "seq"], name="event_verb"),
            models.Index(fields=["by", "at", "seq"], name="event_by"),
            models.Index(fields=["unit_id", "at", "seq"], name="event_unit"),
            models.Index(fields=["subject", "seq"], name="event_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only a new event, with the number that the database gives it."""
        if not self._state.adding or self.seq is not None:
            raise Unchangeable
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable
