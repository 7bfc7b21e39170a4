"""What comes in about sites and sections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangtang.kernel.sent import decimal_id
from fangtang.outlets import policies, queries
from fangtang.outlets.models import Section, SectionKind, Site

COLOURS = forms.TextInput(attrs={"type": "color"})


class SiteForm(forms.ModelForm[Site]):
    """The profile of a site."""

    class Meta:
        model = Site
        fields = (
            "name",
            "description",
            "language",
            "colour",
            "accent",
            "emblem",
            "sponsor",
            "undertaker",
            "identification_code",
            "icp_number",
            "police_number",
            "address",
            "postcode",
            "phone",
            "email",
        )


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Units by their ids; what is no id is none of the choices."""

    def clean(self, value: Any) -> Any:
        for sent in value or ():
            if decimal_id(sent) is None:
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": str(sent)[:20]})
        return super().clean(value)


class SectionForm(forms.ModelForm[Section]):
    """A section: on creation also the site and the section above it."""

    under = forms.ModelChoiceField(
        Section.objects.none(), required=False, label=_("Below"), empty_label=_("The top of the site"), help_text=_("The section under which this one stands.")
    )

    class Meta:
        model = Section
        fields = ("name", "slug", "kind", "description", "freshness_days", "contributors")
        help_texts = {
            "slug": _("The part of the address for this section: lower-case letters, digits and hyphens, for example “notices”."),
            "freshness_days": _("Leave empty when there is no rule."),
            "contributors": _("Units besides the site's own whose articles may be placed here."),
        }
        field_classes = {"contributors": UnitsField}
        widgets = {"contributors": forms.SelectMultiple(attrs={"size": 12})}

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        above = Section.objects.filter(site=site, closed_at=None).order_by("path")
        if self.instance.pk:
            above = above.exclude(path__startswith=self.instance.path)
            self.fields["under"].initial = self.instance.get_parent()
        under: Any = self.fields["under"]
        under.queryset = above
        under.label_from_instance = lambda section: "　" * (section.depth - 1) + section.name
        self.fields["kind"].initial = SectionKind.NEWS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        slug, under = cleaned.get("slug"), cleaned.get("under")
        if slug:
            self._refuse(policies.address_below(under.address if under else "", slug))
        return cleaned

    def _refuse(self, address: str) -> None:
        """Say at the field what the action would refuse."""
        taken = Section.objects.filter(site=self.site, address=address).exclude(pk=self.instance.pk)
        deeper = queries.letters_below(self.instance)
        for obstacle in policies.obstacles_to_address(address, taken=taken.values_list("address", flat=True), letters_below=deeper):
            self.add_error("slug", SLUG_SENTENCES[obstacle.code] % obstacle.data)


SLUG_SENTENCES = {
    "outlets.slug_reserved": _("This word is used by the site itself. Choose another."),
    "outlets.address_too_long": _("With the sections above and below it the address would have %(letters)s characters; at most %(most)s are possible."),
    "outlets.address_taken": _("Another section of this site has this address. Choose another slug, or another place."),
}
