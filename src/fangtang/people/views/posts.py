"""Giving a post, ending it, naming a stand-in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from fangtang.people import actions
from fangtang.people.forms import EndForm, PostForm, StandInForm
from fangtang.people.models import Post, Reach, User
from fangtang.people.views.frame import DecisionView, back_to, operated, today


class AppointView(DecisionView):
    """A post for somebody, who may come from another unit."""

    page_title = _("Give a post")
    header_icon = "key"
    form_class = PostForm
    submit_label = _("Appoint")
    done = _("The post is given.")
    explanation = _("What a person may do here follows from the posts of the day. Nobody gives a post to themselves.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "units": operated(self.request)}

    def get_initial(self) -> dict[str, Any]:
        return {"user": self.request.GET.get("login", ""), "starts_on": today(), "reach": Reach.UNIT}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        post = actions.appoint(by=by, now=now, **form.cleaned_data)
        return back_to("people:person", post.user_id)


class PostDecisionView(DecisionView):
    """A decision about one post."""

    header_icon = "key"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.post_held = get_object_or_404(Post.objects.select_related("unit", "user"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.post_held)


class DismissView(PostDecisionView):
    """The last day of a post."""

    page_title = _("End a post")
    form_class = EndForm
    submit_label = _("End the post")
    done = _("The post ends.")

    def get_initial(self) -> dict[str, Any]:
        return {"ends_on": today()}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        actions.dismiss(self.post_held, by=by, now=now, **form.cleaned_data)
        return back_to("people:person", self.post_held.user_id)


class StandInView(PostDecisionView):
    """Somebody else for some days."""

    page_title = _("Name a stand-in")
    form_class = StandInForm
    submit_label = _("Name the stand-in")
    done = _("The stand-in is named.")

    def get_initial(self) -> dict[str, Any]:
        return {"starts_on": today()}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        actions.stand_in(self.post_held, by=by, now=now, **form.cleaned_data)
        return back_to("people:person", self.post_held.user_id)
