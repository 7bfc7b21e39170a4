"""One article, one act: lock, unlock, into the bin, back from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.snippets.views import snippets

from fangtang.articles import actions, presenters
from fangtang.articles.models import Article
from fangtang.articles.views.scope import Editable, found
from fangtang.kernel.errors import NotPossible


class OfArticle(Editable):
    """What is done to one article; then back to where the person was, if that is an address."""

    pk: Any
    permission_policy: Any

    def get_object(self) -> Article:
        return found(self.scope(), self.pk)

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.permission_policy.user_has_permission_for_instance(self.request.user, permission, self.object))

    def get_success_url(self) -> str:
        following = str(super().get_success_url())  # type: ignore[misc]  # Wagtail's view beside this mixin
        return following if following.startswith("/") else reverse("articles:edit", args=(self.object.pk,))


class ArticleLockView(OfArticle, snippets.LockView):
    def perform_operation(self) -> None:
        actions.lock(self.object, by=self.request.user, now=timezone.now())


class ArticleUnlockView(OfArticle, snippets.UnlockView):
    def perform_operation(self) -> None:
        actions.unlock(self.object, by=self.request.user, now=timezone.now())


class BinView(Editable, View):
    """Asks once, then does it; what it did can be undone from the message."""

    template_name = "articles/confirm.html"
    model = Article

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        return render(request, self.template_name, self.question(found(self.scope(), pk)))

    def post(self, request: HttpRequest, pk: str) -> HttpResponseBase:
        article = found(self.scope(), pk)
        try:
            self.perform(article)
        except NotPossible as refused:
            messages.error(request, presenters.refusal(refused))
        else:
            messages.success(request, self.told(article))
        return redirect(self.onward(article))

    def question(self, article: Article) -> dict[str, Any]:
        raise NotImplementedError

    def perform(self, article: Article) -> None:
        raise NotImplementedError

    def told(self, article: Article) -> str:
        raise NotImplementedError

    def onward(self, article: Article) -> str:
        return reverse("articles:list")


class TrashView(BinView):
    def question(self, article: Article) -> dict[str, Any]:
        return {
            "page_title": _("Put into the bin"),
            "question": _("Put “%(title)s” into the bin?") % {"title": article},
            "explanation": _("Nothing is deleted: you can take it back at any time. What stands in public keeps standing until it is withdrawn."),
            "act": _("Put into the bin"),
            "back": reverse("articles:edit", args=(article.pk,)),
        }

    def perform(self, article: Article) -> None:
        actions.trash(article, by=self.request.user, now=timezone.now())

    def told(self, article: Article) -> str:
        return format_html(
            '{} <a class="button button-small button-secondary" href="{}">{}</a>',
            _("“%(title)s” is in the bin.") % {"title": article},
            reverse("articles:take_back", args=(article.pk,)),
            _("Undo"),
        )


class TakeBackView(BinView):
    def question(self, article: Article) -> dict[str, Any]:
        return {
            "page_title": _("Take back from the bin"),
            "question": _("Take “%(title)s” back from the bin?") % {"title": article},
            "explanation": _("It comes back as it was. If it was being read, submit it again."),
            "act": _("Take back"),
            "back": reverse("articles:list") + "?status=bin",
        }

    def perform(self, article: Article) -> None:
        actions.take_back(article, by=self.request.user, now=timezone.now())

    def told(self, article: Article) -> str:
        return _("“%(title)s” is back.") % {"title": article}

    def onward(self, article: Article) -> str:
        return reverse("articles:edit", args=(article.pk,))
