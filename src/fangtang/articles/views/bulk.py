"""The same act on many articles: into the bin, or into more sections. What did not work is said for each; the rest is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages

from fangtang.articles import actions, presenters
from fangtang.articles.models import Article
from fangtang.articles.views.scope import Editable
from fangtang.kernel.errors import FangtangError, NotPossible
from fangtang.kernel.sent import decimal_id
from fangtang.outlets import choosers
from fangtang.outlets.models import Section

MOST = 500
"""Articles in one go."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one bulk act is called, and whether it asks for sections."""

    title: Promise
    verb: Promise
    asks_sections: bool
    done: Callable[[int], str]


ACTS = {
    "trash": Act(
        gettext_lazy("Put into the bin"),
        gettext_lazy("Put into the bin"),
        False,
        lambda n: ngettext("%(count)s article is in the bin.", "%(count)s articles are in the bin.", n),
    ),
    "take-back": Act(
        gettext_lazy("Take back from the bin"),
        gettext_lazy("Take back"),
        False,
        lambda n: ngettext("%(count)s article is back.", "%(count)s articles are back.", n),
    ),
    "place": Act(
        gettext_lazy("Place in sections"),
        gettext_lazy("Place"),
        True,
        lambda n: ngettext("%(count)s article was placed.", "%(count)s articles were placed.", n),
    ),
}


class BulkView(Editable, View):
    model = Article
    permission_policy: Any = None

    def get(self, request: HttpRequest, act: str) -> HttpResponse:
        return self.asked(act, self.chosen(request.GET.getlist("id")))

    def post(self, request: HttpRequest, act: str) -> HttpResponse:
        wanted = _act(act)
        articles = self.chosen(request.POST.getlist("id"))
        sections = list(choosers.offered(request).filter(pk__in=_numbers(request.POST.getlist("section"))))
        if wanted.asks_sections and not sections:
            messages.error(request, _("Choose at least one section."))
            return self.asked(act, articles)
        failed = [(article, reason) for article in articles if (reason := self.refused(act, article, sections))]
        self.tell(wanted, done=len(articles) - len(failed), failed=failed)
        return redirect(reverse("articles:list"))

    def chosen(self, ids: list[str]) -> list[Article]:
        """Those of the asked-for articles that this person may edit; the others are passed over as if they did not exist."""
        return list(self.scope().filter(pk__in=_numbers(ids)).order_by("-changed_at", "-pk")[:MOST])

    def asked(self, act: str, articles: list[Article]) -> HttpResponse:
        wanted = _act(act)
        sections: list[Section] = list(choosers.offered(self.request)) if wanted.asks_sections else []
        names = choosers.names_from_the_root(sections)
        offered = [(section, names[section.pk]) for section in sections]
        context = {"act": wanted, "articles": articles, "sections": offered, "back": reverse("articles:list"), "page_title": wanted.title}
        return render(self.request, "articles/bulk.html", context)

    def refused(self, act: str, article: Article, sections: list[Section]) -> str:
        """The reason why this one could not be done; "" when it was. Each stands for itself."""
        by, now = self.request.user, timezone.now()
        try:
            match act:
                case "trash":
                    actions.trash(article, by=by, now=now)
                case "take-back":
                    actions.take_back(article, by=by, now=now)
                case "place":
                    actions.place(article, sections=sections, by=by, now=now)
        except NotPossible as refused:
            lines = presenters.lines(refused.obstacles) if refused.code == "articles.cannot_place" else ()
            return " ".join(line.sentence for line in lines) or presenters.refusal(refused)
        except FangtangError as refused:
            return presenters.refusal(refused)
        return ""

    def tell(self, act: Act, *, done: int, failed: list[tuple[Article, str]]) -> None:
        if done:
            messages.success(self.request, act.done(done) % {"count": done})
        if failed:
            shown = format_html_join("", "<li>{}: {}</li>", failed[:20])
            messages.error(self.request, format_html("{}<ul>{}</ul>", _("These were left as they are:"), shown))


def _act(name: str) -> Act:
    if name not in ACTS:
        raise Http404
    return ACTS[name]


def _numbers(texts: list[str]) -> list[int]:
    return [pk for pk in map(decimal_id, texts) if pk is not None]
