"""The list of people, one person with their posts, adding and changing people, inviting them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import yesno
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.users.models import UserProfile

from fangtang.kernel.errors import NotAllowed
from fangtang.people import actions, queries
from fangtang.people.forms import ChangedPersonForm, NewPersonForm
from fangtang.people.models import Post, StandIn, Unit, User
from fangtang.people.presenters import invitation_path
from fangtang.people.roles import Role
from fangtang.people.views.frame import KEEPERS, PEOPLE, DecisionView, asker, back_to, operated, reached, today


class PeopleFilters(WagtailFilterSet):
    """By unit, by role held today, by whether they may sign in."""

    unit = django_filters.ModelChoiceFilter(label=_("Unit"), queryset=lambda request: reached(request).order_by("path"), method="in_unit")
    role = django_filters.ChoiceFilter(label=_("Role today"), choices=Role.choices, method="with_role")
    is_active = django_filters.BooleanFilter(label=_("May sign in"))

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def in_unit(self, people: QuerySet[User], name: str, unit: Unit) -> QuerySet[User]:
        return people.filter(Q(unit=unit) | Q(posts__unit=unit))

    def with_role(self, people: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        held = Post.objects.filter(queries.in_force(today()), role=role, unit__in=reached(self.request))
        return people.filter(posts__in=held)


class PeopleView(IndexView):
    """People within reach: those kept there and those with a post there."""

    model = User
    page_title = _("People")
    header_icon = "group"
    index_url_name = "people:index"
    index_results_url_name = "people:index_results"
    filterset_class = PeopleFilters
    search_fields: ClassVar = ["username", "full_name"]
    search_backend_name = None
    is_searchable = True
    paginate_by = 50
    default_ordering = "username"
    columns: ClassVar = [
        TitleColumn("full_name", label=_("Full name"), url_name="people:person", sort_key="full_name"),
        Column("username", label=_("Login name"), sort_key="username"),
        Column("unit", label=_("Looked after by")),
        Column("is_active", label=_("May sign in"), accessor=lambda person: yesno(person.is_active)),
        Column("last_login", label=_("Last signed in"), sort_key="last_login"),
    ]

    def get_base_queryset(self) -> QuerySet[User]:
        return queries.people_seen_by(asker(self.request), roles=KEEPERS, day=today()).select_related("unit")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not operated(self.request).exists():
            return []
        return [
            HeaderButton(_("Add a person"), reverse("people:add"), icon_name="plus"),
            HeaderButton(_("Give a post"), reverse("people:appoint"), icon_name="key"),
        ]


class PersonView(WagtailAdminTemplateMixin, TemplateView):
    """One person: the login, and the posts in units within the asker's reach, with their stand-ins."""

    template_name = "people/person.html"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.person = get_object_or_404(User.objects.select_related("unit"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.person)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), PEOPLE, {"url": "", "label": str(self.person)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        posts = (
            self.person.posts.filter(unit__in=reached(self.request)).select_related("unit").prefetch_related("stand_ins__user").order_by("-starts_on", "-pk")
        )
        standing = StandIn.objects.filter(user=self.person, post__unit__in=reached(self.request)).select_related("post__unit", "post__user")
        return {
            **super().get_context_data(**kwargs),
            "person": self.person,
            "language": UserProfile.get_for_user(self.person).get_preferred_language(),
            "posts": posts,
            "standing": standing.order_by("-starts_on"),
            "operated": set(operated(self.request).values_list("pk", flat=True)),
            "may_keep": queries.may_keep(asker(self.request), user=self.person, day=today()),
            "today": today(),
        }


class AddPersonView(DecisionView):
    """A new login."""

    page_title = _("Add a person")
    header_icon = "user"
    form_class = NewPersonForm
    submit_label = _("Add")
    done = _("The person is added. Invite them to choose a password, and give them a post.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "units": operated(self.request)}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        return back_to("people:person", actions.add_person(by=by, now=now, **form.cleaned_data).pk)


class ChangePersonView(DecisionView):
    """Name, address, language, whether the login works."""

    page_title = _("Change a person")
    header_icon = "user"
    form_class = ChangedPersonForm
    done = _("The person is changed.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.person = get_object_or_404(User, pk=kwargs["pk"])
        if not queries.may_keep(asker(request), user=self.person, day=today()):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        language = UserProfile.get_for_user(self.person).get_preferred_language()
        return {"full_name": self.person.full_name, "email": self.person.email, "language": language, "is_active": self.person.is_active}

    def decide(self, form: forms.Form, *, by: User, now: datetime) -> str:
        actions.change_person(self.person, by=by, now=now, **form.cleaned_data)
        return back_to("people:person", self.person.pk)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows, once, the address with which the person chooses a password."""
    person = get_object_or_404(User, pk=pk)
    try:
        token = actions.invite(person, by=asker(request), now=timezone.now())
    except NotAllowed:
        raise Http404 from None
    address = request.build_absolute_uri(invitation_path(person, token))
    return render(
        request,
        "people/invitation.html",
        {"person": person, "address": address, "page_title": gettext("Invitation"), "hours": settings.PASSWORD_RESET_TIMEOUT // 3600},
    )
