"""Signing, withdrawing, and how a release is getting on."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from fangtang.articles.models import Article
from fangtang.desk import forms, presenters
from fangtang.desk.pages import page
from fangtang.desk.views.turns import reading_of
from fangtang.kernel.errors import FangtangError, Invalid, NotAllowed, NotPossible, Stale
from fangtang.people.models import User
from fangtang.people.queries import today
from fangtang.people.roles import Role
from fangtang.releases import actions, queries, states
from fangtang.releases import presenters as release_presenters
from fangtang.releases.models import Release, ReleaseKind
from fangtang.reviews import queries as reviews


def sign(request: HttpRequest, article_id: int) -> HttpResponse:
    """Everything that stands in the way, the record of the turn, and the signature."""
    article = get_object_or_404(Article.objects.select_related("unit"), pk=article_id)
    if request.method != "POST":
        return _signing(request, article, form=None)
    form = forms.SignForm(request.POST)
    if not form.is_valid():
        return _signing(request, article, form=form, status=422)
    try:
        made = actions.sign(article, seen_sha256=form.cleaned_data["seen_sha256"], by=cast(User, request.user), now=timezone.now())
    except NotAllowed as denied:
        raise Http404 from denied
    except (NotPossible, Stale) as refused:
        before = _signed_before(article, form.cleaned_data["seen_sha256"], by=cast(User, request.user))
        return redirect("desk:release", before.pk) if before else _signing(request, article, form=form, refused=refused, status=refused.status)
    messages.success(request, _("Signed: “%(title)s”.") % {"title": made.article.title})
    return redirect("desk:release", made.pk)


def _signed_before(article: Article, seen_sha256: str, *, by: User) -> Release | None:
    """The release that a first click made, when this is the second."""
    last = queries.last_of(article)
    return last if last and last.kind == ReleaseKind.SIGN and last.by_id == by.pk and last.content_sha256 == seen_sha256 else None


def _signing(request: HttpRequest, article: Article, *, form: forms.SignForm | None, refused: FangtangError | None = None, status: int = 200) -> HttpResponse:
    turn = reviews.open_turn_of(article)
    obstacles = queries.obstacles(article, verb="sign", by=cast(User, request.user), now=timezone.now())
    seen = turn.content_sha256 if turn else ""
    about: dict[str, Any] = reading_of(turn) if turn else {}
    return page(
        request,
        "desk/sign.html",
        title=_("Sign"),
        icon="edit",
        status=status,
        article=article,
        form=form or forms.SignForm(initial={"seen_sha256": seen}),
        return_form=forms.ReturnForm(),
        obstacles=presenters.said(obstacles),
        errors=presenters.sentences(refused) if isinstance(refused, Stale) else [],
        **about,
    )


def withdraw(request: HttpRequest, article_id: int) -> HttpResponse:
    """Take an article down, with a reason."""
    article = get_object_or_404(Article.objects.select_related("unit"), pk=article_id)
    last = queries.last_of(article)
    form = forms.WithdrawForm(request.POST or None)
    refused: FangtangError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.withdraw(article, by=cast(User, request.user), now=timezone.now(), **form.cleaned_data)
        except NotAllowed as denied:
            raise Http404 from denied
        except (NotPossible, Invalid) as error:
            if last and last.kind == ReleaseKind.WITHDRAW and last.by_id == request.user.pk:
                return redirect("desk:release", last.pk)
            refused = error
        else:
            messages.success(request, _("Withdrawn: “%(title)s”.") % {"title": made.title})
            return redirect("desk:release", made.pk)
    obstacles = queries.obstacles(article, verb="withdraw", by=cast(User, request.user), now=timezone.now())
    return page(
        request,
        "desk/withdraw.html",
        title=_("Withdraw"),
        icon="cross",
        status=refused.status if refused else 422 if request.method == "POST" else 200,
        article=article,
        last=last,
        form=form,
        addresses=presenters.addresses_of(article),
        obstacles=presenters.said(obstacles),
    )


def release(request: HttpRequest, release_id: int) -> HttpResponse:
    """Decided → building → served, with times; what went wrong and what to do."""
    wanted = get_object_or_404(Release.objects.select_related("article__unit", "by", "turn", "revision"), pk=release_id)
    person, day, unit = cast(User, request.user), today(), wanted.article.unit
    is_chief = reviews.post_for(person, role=Role.CHIEF_EDITOR, unit=unit, day=day) is not None
    is_operator = reviews.post_for(person, role=Role.OPERATOR, unit=unit, day=day) is not None
    return page(
        request,
        "desk/release.html",
        title=str(wanted.get_kind_display()),
        icon="upload",
        release=wanted,
        trouble=release_presenters.failure(wanted.error_code, wanted.error_data),
        status_name=release_presenters.STATUS[wanted.status],
        stages=_stages(wanted),
        addresses=presenters.addresses_of(wanted.article),
        is_under_way=wanted.status in (states.DECIDED, states.BUILDING),
        may_retry=wanted.status == states.FAILED and (is_chief or is_operator),
        may_withdraw=is_chief and wanted.kind != ReleaseKind.WITHDRAW and queries.is_standing(wanted.article),
    )


def _stages(wanted: Release) -> list[tuple[str, str, bool]]:
    """Name, moment and whether it is reached."""
    is_built = wanted.status in (states.BUILDING, states.SERVED)
    return [
        (_("Decided"), presenters.moment(wanted.at), True),
        (_("Being built"), presenters.moment(wanted.claimed_at), is_built),
        (_("Carried out on the sites"), presenters.moment(wanted.served_at), wanted.status == states.SERVED),
    ]


def retry(request: HttpRequest, release_id: int) -> HttpResponse:
    """Let a failed release be built again."""
    wanted = get_object_or_404(Release.objects.select_related("article__unit"), pk=release_id)
    try:
        actions.retry(wanted, by=cast(User, request.user), now=timezone.now())
    except NotAllowed as denied:
        raise Http404 from denied
    except NotPossible as refused:
        messages.warning(request, presenters.sentences(refused)[0].sentence)
    else:
        messages.success(request, _("It will be built again."))
    return redirect("desk:release", wanted.pk)
