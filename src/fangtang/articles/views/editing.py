"""Writing: new, edit, revert. Every save goes through `actions`; a refusal keeps what was typed in the form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import RevisionsRevertMixin
from wagtail.models import Revision
from wagtail.snippets.views import snippets

from fangtang.articles import actions, presenters, queries, statuses
from fangtang.articles.models import Article
from fangtang.articles.views.scope import Editable, found, revision_of
from fangtang.kernel.errors import NotAllowed, NotPossible, Stale
from fangtang.kernel.sent import decimal_id
from fangtang.outlets.previews import whole
from fangtang.people import queries as people


class Submitting:
    """Saving and handing to the readers in one click. The text is saved even when it cannot be submitted yet."""

    request: Any
    object: Article
    autosave_enabled: bool
    produced_error_message: Any

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        # Every save is a revision that ends what is being read: nobody may cause that by a keystroke.
        self.autosave_enabled = False

    def get_available_actions(self) -> list[str]:
        return [*super().get_available_actions(), "submit"]  # type: ignore[misc]

    def submit_action(self) -> HttpResponse:
        try:
            actions.submit(self.object, by=self.request.user, now=timezone.now())
        except NotPossible as refused:
            messages.error(self.request, format_html("{}{}", _("Saved, but not submitted:"), _as_list(presenters.lines(refused.obstacles))))
        else:
            told = _("“%(title)s” was submitted. Whoever reads it first has been told.") % {"title": self.object}
            messages.success(self.request, told)
        return redirect(reverse("articles:edit", args=(self.object.pk,)))

    def get_success_url(self) -> str:
        return reverse("articles:edit", args=(self.object.pk,))

    def get_success_buttons(self) -> list[Any]:
        return []

    def form_valid(self, form: Any) -> HttpResponseBase:
        self.form = form
        try:
            response: HttpResponseBase = super().form_valid(form)  # type: ignore[misc]
        except Stale:
            self.__dict__.pop("latest_revision", None)
            self.produced_error_message = self.stale_message()
        except (NotPossible, NotAllowed) as refused:
            self.produced_error_message = presenters.refusal(refused)
        else:
            return response
        return self.form_invalid(form)

    def is_valid(self, form: Any) -> bool:
        return whole(super().is_valid, form)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponseBase:
        if not form.formsets["placements"].management_form.is_valid():
            raise BadRequest
        response: HttpResponseBase = super().form_invalid(form)  # type: ignore[misc]
        return response

    def stale_message(self) -> str:
        return ""


class ArticleCreateView(Submitting, Editable, snippets.CreateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        units = queries.units_to_write_for(self.request.user, day=people.today())
        kwargs.setdefault("initial", {})["unit"] = units.order_by("path").first()
        return kwargs

    def save_instance(self) -> Article:
        article: Article = self.form.save(commit=False)
        actions.begin(article, by=self.request.user, now=timezone.now())
        self.new_revision = article.latest_revision
        self.has_content_changes = True
        return article


class ArticleEditView(Submitting, Editable, snippets.EditView):
    form: Any

    def get_object(self, queryset: Any = None) -> Article:
        self.live_object = found(self.scope(), self.object_pk)
        return self.live_object

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._say_where_it_is()
        response: HttpResponseBase = super().get(request, *args, **kwargs)
        return response

    @cached_property
    def is_out_of_date(self) -> bool:
        """Whether somebody saved after this form was opened; a form that does not say from which revision it began counts as old."""
        return str(self.request.POST.get("loaded_revision_id", "")) != str(self.latest_revision.pk if self.latest_revision else "")

    def is_valid(self, form: Any) -> bool:
        valid = bool(super().is_valid(form))
        if self.is_out_of_date and not self.locked_for_user:
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = self.stale_message()
            return False
        return valid

    def stale_message(self) -> SafeString:
        """Who and when, with the way to see what they changed. The form shown again begins from their revision: saving it is saving knowingly."""
        newest = self.latest_revision or Article.objects.get(pk=self.object.pk).latest_revision
        seen = self._seen()
        known = Revision.objects.for_instance(self.object).filter(pk=seen).exists()
        compare = reverse("articles:revisions_compare", args=(self.object.pk, seen if known else "earliest", newest.pk))
        return format_html(
            '{} <a href="{}" target="_blank">{}</a> {}',
            presenters.stale(newest),
            compare,
            _("See what they changed (opens a new window)."),
            _("Take over what you want to keep and save: your text then becomes the newest."),
        )

    def save_instance(self) -> Article:
        article: Article = self.form.save(commit=False)
        self.new_revision = actions.save(article, seen_revision_id=self._seen(), by=self.request.user, now=timezone.now(), reverted_to=self.reverted_to())
        self.has_content_changes = self.form.has_changed()
        return article

    def reverted_to(self) -> Revision | None:
        return None

    def _seen(self) -> int | None:
        return decimal_id(self.request.POST.get("loaded_revision_id", ""))

    def _say_where_it_is(self) -> None:
        stage = statuses.stage_of(self.live_object)
        if self.live_object.trashed_at:
            messages.warning(self.request, _("This article is in the bin. Take it back before you edit it."))
        elif stage in (statuses.IN_REVIEW, statuses.READY):
            messages.warning(self.request, _("This article is in review. Saving a change ends this turn: everybody reads it anew."))


class ArticleRevertView(RevisionsRevertMixin, ArticleEditView):
    """An earlier revision in the form; saving it makes a new one."""

    view_name = "revisions_revert"

    def save_instance(self) -> Article:
        return ArticleEditView.save_instance(self)

    def reverted_to(self) -> Revision:
        revision: Revision = self.revision
        return revision

    def get_object(self, queryset: Any = None) -> Article:
        self.revision = revision_of(ArticleEditView.get_object(self), self.revision_id)
        reverted: Article = self.revision.as_object()
        return reverted


def _as_list(lines: tuple[presenters.Line, ...]) -> SafeString:
    shown = format_html_join("", "<li>{} {} {}</li>", ((line.sentence, line.remedy, _who(line)) for line in lines))
    return format_html("<ul>{}</ul>", shown)


def _who(line: presenters.Line) -> str:
    return _("(%(names)s)") % {"names": line.clearers} if line.clearers else ""
