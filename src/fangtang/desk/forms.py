"""What comes in from the desk's pages. Forms keep what was typed, whatever becomes of the act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangtang.outlets.models import Section, Site
from fangtang.reviews.marks import MOST_LETTERS, MOST_MARKS
from fangtang.reviews.models import Sensitivity
from fangtang.reviews.plans import STEPS, split
from fangtang.reviews.presenters import step_name


class MarkForm(forms.Form):
    """One mark of a proofread."""

    quote = forms.CharField(label=_("Quoted from the text"), max_length=MOST_LETTERS, required=False, widget=forms.Textarea(attrs={"rows": 1}))
    suggestion = forms.CharField(label=_("Better"), max_length=MOST_LETTERS, required=False, widget=forms.Textarea(attrs={"rows": 1}))
    note = forms.CharField(label=_("Why"), max_length=MOST_LETTERS, required=False)
    where = forms.CharField(label=_("Where"), max_length=200, required=False)


MarkForms = forms.formset_factory(MarkForm, extra=1, max_num=MOST_MARKS)


class VerdictForm(forms.Form):
    """A verdict on one step. `seen_sha256` is the hash of the text that the page showed."""

    seen_sha256 = forms.CharField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"), help_text=_("Needed when you return the text."), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class ProofreadForm(VerdictForm):
    signature = forms.CharField(label=_("Signature: your full name"), max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class SignForm(forms.Form):
    seen_sha256 = forms.CharField(widget=forms.HiddenInput)
    is_confirmed = forms.BooleanField(label=_("I have read this text and sign it for release."))


class ReturnForm(forms.Form):
    comment = forms.CharField(label=_("Why is it returned?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Kept with the decision; only staff read it."), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    public_notice = forms.CharField(
        label=_("Notice left in its place"),
        help_text=_("Readers see this sentence at the old address. Empty: the address answers that there is no such page."),
        max_length=300,
        required=False,
    )


class PlanForm(forms.Form):
    """A review plan: six places, each empty or one step, read from left to right."""

    name = forms.CharField(label=_("Name"), max_length=60)

    def __init__(self, *args: Any, steps: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((name, step_name(*split(name))) for name in STEPS)]
        for index in range(len(STEPS)):
            initial = steps[index] if index < len(steps) else ""
            label = _("Step %(number)d") % {"number": index + 1}
            self.fields[f"step_{index + 1}"] = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)

    @property
    def steps(self) -> list[str]:
        """The steps chosen, in order; empty places left out."""
        chosen = [self.cleaned_data.get(f"step_{index + 1}", "") for index in range(len(STEPS))]
        return [name for name in chosen if name]


class SectionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Sections named with their site."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.site} · {obj}"


class NewPlanForm(PlanForm):
    """The same with the place it is for. `site` without a section is the whole site; neither is the whole body."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), required=False)
    section = SectionChoice(label=_("Section"), queryset=Section.objects.none(), required=False, empty_label="—", help_text=_("Empty: the whole site."))
    sensitivity = forms.ChoiceField(label=_("Sensitivity"), choices=[("", _("Any")), *Sensitivity.choices], required=False)

    def __init__(self, *args: Any, sites: QuerySet[Site], is_operator: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site, section = self.fields["site"], self.fields["section"]
        assert isinstance(site, forms.ModelChoiceField)
        assert isinstance(section, forms.ModelChoiceField)
        site.queryset, site.required = sites, not is_operator
        site.empty_label = _("The whole body") if is_operator else "—"
        section.queryset = Section.objects.filter(site__in=sites).select_related("site").order_by("site_id", "path")
        self.order_fields(["name", "site", "section", "sensitivity"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        section, site = cleaned.get("section"), cleaned.get("site")
        if section and site and section.site_id != site.pk:
            self.add_error("section", _("This section belongs to another site."))
        return cleaned


class IncidentForm(forms.Form):
    note = forms.CharField(
        label=_("What came of it"),
        help_text=_("What you looked at, what it was, what was done. Kept with the incident; only staff read it."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
