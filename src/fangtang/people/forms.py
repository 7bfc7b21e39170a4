"""What comes in about people: signing in, choosing a password, people, posts, units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.admin.widgets import AdminDateInput

from fangtang.audit.actions import record
from fangtang.kernel.text import is_blank, one_line
from fangtang.people import queries
from fangtang.people.models import Reach, Unit, UnitKind, User
from fangtang.people.roles import Role

YEARS = range(1900, 2200)


def near(day: date) -> None:
    """Refuse a day (or moment) that lies outside of `YEARS`."""
    if day.year not in YEARS:
        raise ValidationError(_("This date lies too far away. Look at the year."))


class SignInForm(LoginForm):
    """For `WAGTAILADMIN_USER_LOGIN_FORM`: somebody without a post has nothing to do on the desk, and is told so instead of being sent round."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")  # Wagtail leaves the field's English name

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        super().confirm_login_allowed(user)
        now = timezone.now()
        if isinstance(user, User) and not queries.duties(user, day=queries.today(now)):
            with transaction.atomic():
                record("people.sign_in_without_post", by=user, now=now, subject=user, unit_id=user.unit_id)
            raise ValidationError(_("You hold no post today, so there is nothing for you to do here. Ask the operator of your unit."), code="no_post")


class ChosenPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """Choosing a password by invitation."""


class FullNameField(forms.CharField):
    """The name of a person, in which there is something to read."""

    def to_python(self, value: Any) -> Any:
        name = one_line(super().to_python(value) or "")
        return "" if is_blank(name) else name


class DayField(forms.DateField):
    """A day of these times: beyond them no calendar can count on."""

    default_validators = [near]


class PersonForm(forms.Form):
    """A login as its keepers see it."""

    full_name = FullNameField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Notices are sent there."))
    language = forms.ChoiceField(label=_("Language of the desk"), choices=lambda: settings.LANGUAGES)


class NewPersonForm(PersonForm):
    """A login that is to be made."""

    field_order = ["username", "full_name", "email", "language", "unit"]

    username = forms.CharField(
        label=_("Login name"), max_length=150, validators=[UnicodeUsernameValidator()], help_text=_("It cannot be changed later. For example: education.wang")
    )
    unit = forms.ModelChoiceField(label=_("Unit that looks after this login"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["unit"], units)


class ChangedPersonForm(PersonForm):
    """A login that exists."""

    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class TermForm(forms.Form):
    """Some days, both included."""

    starts_on = DayField(label=_("From"), widget=AdminDateInput)
    ends_on = DayField(label=_("Until"), widget=AdminDateInput, required=False, help_text=_("The last day. Empty: until somebody ends it."))


class PostForm(TermForm):
    """A post that is to be given."""

    field_order = ["user", "role", "unit", "reach", "starts_on", "ends_on"]

    user = forms.CharField(label=_("Login name"), help_text=_("The whole login name of the person, also of somebody from another unit."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    reach = forms.ChoiceField(label=_("Reach"), choices=Reach.choices)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["unit"], units)

    def clean_user(self) -> User:
        return _named(self.cleaned_data["user"])


class StandInForm(TermForm):
    """Somebody who is to act for a post."""

    field_order = ["user", "starts_on", "ends_on"]

    user = forms.CharField(label=_("Login name of the stand-in"))
    ends_on = DayField(label=_("Until"), widget=AdminDateInput, help_text=_("The last day."))

    def clean_user(self) -> User:
        return _named(self.cleaned_data["user"])


class EndForm(forms.Form):
    """The last day of a post."""

    ends_on = DayField(label=_("Last day"), widget=AdminDateInput, help_text=_("A day before the first takes the post away altogether."))


class UnitForm(forms.Form):
    """What a unit is called."""

    name = forms.CharField(label=_("Name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices)


class NewUnitForm(UnitForm):
    """A unit that is to be opened."""

    field_order = ["under", "key", "name", "short_name", "kind"]

    under = forms.ModelChoiceField(label=_("Below"), queryset=Unit.objects.none())
    key = forms.SlugField(label=_("Key"), max_length=50, help_text=_("A short name in Latin letters for imports and addresses. It cannot be changed later."))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["under"], units)


def _offer(field: forms.Field, units: QuerySet[Unit]) -> None:
    """The units in the order of the tree."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = units.order_by("path")


def _named(username: str) -> User:
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise ValidationError(_("There is no active login of this name. Look at the spelling, or add the person first."))
    return user
