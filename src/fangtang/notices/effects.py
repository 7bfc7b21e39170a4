"""Sending the mails that wait: claim a row, send, record.

Guarantee: at least once. Two senders never take the same row (guarded claim with a lease), and a mail that the server accepted is recorded
at once; only when the process dies, or the connection breaks, between the server's acceptance and our record is the same mail sent again,
with the same Message-ID, so that mailboxes can tell.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.core import mail
from django.db.models import F

from fangtang.kernel import faults
from fangtang.kernel.errors import Unavailable
from fangtang.notices import letters
from fangtang.notices.models import Notice

LEASE = timedelta(minutes=2)
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))
AT_ONCE = 200

log = logging.getLogger(__name__)


def send_waiting(*, now: datetime) -> int:
    """Send the mails that are due, the oldest first, at most AT_ONCE; returns how many the server accepted."""
    due = list(Notice.objects.filter(mail=Notice.Mail.WAITING, mail_due_at__lte=now).order_by("mail_due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(_send(pk, now=now) for pk in due)


def _send(pk: int, *, now: datetime) -> bool:
    """Claim and send one; False when somebody else has it or the server did not take it."""
    mine = Notice.objects.filter(pk=pk, mail=Notice.Mail.WAITING, mail_due_at__lte=now)
    if not mine.update(mail_due_at=now + LEASE, mail_attempts=F("mail_attempts") + 1):
        return False
    faults.point("notices.claimed")
    notice = Notice.objects.select_related("to").get(pk=pk)
    try:
        _deliver(letters.letter(notice))
    except Unavailable as trouble:
        _postpone(notice, trouble, now=now)
        return False
    faults.point("notices.accepted")
    return bool(Notice.objects.filter(pk=pk, mail=Notice.Mail.WAITING).update(mail=Notice.Mail.SENT, mail_error=""))


def _deliver(letter: mail.EmailMessage) -> None:
    """Hand one letter to the mail server. Raises Unavailable, permanent for answers of the 5xx class (RFC 5321, 4.2.1)."""
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = next(iter(refused.recipients.values()))
        raise Unavailable("notices.refused", permanent=code >= 500, answer=f"{code} {_text(text)}") from refused
    except smtplib.SMTPResponseException as answer:
        raise Unavailable("notices.refused", permanent=answer.smtp_code >= 500, answer=f"{answer.smtp_code} {_text(answer.smtp_error)}") from answer
    except (smtplib.SMTPException, OSError) as trouble:
        raise Unavailable("notices.unreachable", permanent=False, answer=f"{type(trouble).__name__}: {trouble}") from trouble


def _postpone(notice: Notice, trouble: Unavailable, *, now: datetime) -> None:
    """Try again later, or give up: a permanent refusal, or the last attempt."""
    given_up = trouble.permanent or notice.mail_attempts > len(PAUSES)
    fields = {"mail": Notice.Mail.FAILED} if given_up else {"mail_due_at": now + PAUSES[notice.mail_attempts - 1]}
    Notice.objects.filter(pk=notice.pk, mail=Notice.Mail.WAITING).update(mail_error=trouble.data["answer"][:300], **fields)
    log.warning("mail of notice %s not sent (%s): %s", notice.pk, "given up" if given_up else "later", trouble.data["answer"])


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
