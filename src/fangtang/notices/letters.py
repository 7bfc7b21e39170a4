"""A notice as a mail: in the reader's language, as plain text and as simple HTML, with a link to the very place."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.users.models import UserProfile

from fangtang.kernel.text import one_line, shortened
from fangtang.notices import registry
from fangtang.notices.models import Notice
from fangtang.people.models import User


def sentence(notice: Notice) -> str:
    """The notice as one line in the active language."""
    return one_line(registry.sentences.get(notice.code)(notice.facts))


def language_of(person: User) -> str:
    """The language a person chose for the desk, or the instance's."""
    chosen = UserProfile.objects.filter(user=person).values_list("preferred_language", flat=True).first()
    return chosen or settings.LANGUAGE_CODE


def letter(notice: Notice) -> EmailMultiAlternatives:
    """The mail of a notice. Its Message-ID is the same for every attempt."""
    host = urlsplit(settings.DESK_URL).hostname or "localhost"
    with translation.override(language_of(notice.to)):
        line = sentence(notice)
        words = {"person": str(notice.to), "sentence": line, "link": settings.DESK_URL + notice.url, "site_name": settings.WAGTAIL_SITE_NAME}
        made = EmailMultiAlternatives(
            subject=shortened(line, most=120),
            body=render_to_string("notices/letter.txt", words),
            to=[notice.to.email],
            headers={"Message-ID": f"<notice.{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        )
        made.attach_alternative(render_to_string("notices/letter.html", words), "text/html")
    return made
