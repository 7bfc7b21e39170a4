"""What the system tells a person. The row is the queue: a mail is sent from it, and the desk shows it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One message to one person: `code` and `facts` give the sentence in the reader's language, `url` leads to the place (path on the desk).

    `mail` is the state of the mail: waiting → sent, or → failed after the last attempt, or none (the person has no address).
    """

    class Mail(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        NONE = "none", _("no address")

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.WAITING)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField()
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(mail__in=["waiting", "sent", "failed", "none"]), name="notice_mail_known")]
        indexes: ClassVar = [models.Index(fields=["mail", "mail_due_at"], name="notice_mail_waiting")]

    def __str__(self) -> str:
        return f"{self.code} → {self.to_id}"
