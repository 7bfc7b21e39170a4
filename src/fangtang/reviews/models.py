"""Review plans, turns and steps.

A turn is one round between edits: it names one revision and its hash. Its steps are rows, taken in order, each by another person.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from fangtang.outlets.models import Section, Site
from fangtang.people.models import Post, Unit
from fangtang.people.roles import Role, reviewer_of
from fangtang.reviews import states


class StepKind(models.TextChoices):
    PROOFREAD = "proofread", _("Proofread")
    REVIEW = "review", _("Review")


class Sensitivity(models.TextChoices):
    """How carefully a text must be read before release."""

    ORDINARY = "ordinary", _("Ordinary")
    IMPORTANT = "important", _("Important")
    MAJOR = "major", _("Major")


class ReviewPlan(models.Model):
    """Which steps a revision takes, in order. `steps` is a list of "proofread:n" and "review:n".

    The most particular plan wins: section before site before the whole body; within one place, a named sensitivity before any ("").
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    name = models.CharField(_("name"), max_length=60)
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="review_plans", verbose_name=_("site"))
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="review_plans", verbose_name=_("section"))
    sensitivity = models.CharField(_("sensitivity"), max_length=20, choices=Sensitivity, blank=True)
    steps = models.JSONField(_("steps"))

    class Meta:
        verbose_name = _("review plan")
        verbose_name_plural = _("review plans")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "sensitivity"], condition=Q(section__isnull=False), name="review_plan_once_section"),
            models.UniqueConstraint(fields=["site", "sensitivity"], condition=Q(site__isnull=False), name="review_plan_once_site"),
            models.UniqueConstraint(fields=["sensitivity"], condition=Q(site__isnull=True, section__isnull=True), name="review_plan_once_body"),
            models.CheckConstraint(condition=Q(site__isnull=True) | Q(section__isnull=True), name="review_plan_one_place"),
        ]

    def __str__(self) -> str:
        return self.name


class Turn(models.Model):
    """One round of reading. `subject` is what is read (an article); `writers` are all who wrote in this revision and may not judge it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("content_type", "object_id")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=500)
    number = models.PositiveIntegerField(_("turn"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=12, choices=[(s, s) for s in states.TURN.statuses], default=states.OPEN)
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content_type", "object_id", "number"], name="turn_number_once"),
            models.UniqueConstraint(fields=["content_type", "object_id"], condition=Q(status__in=[states.OPEN, states.PASSED]), name="turn_one_open"),
            models.CheckConstraint(condition=Q(status__in=states.TURN.statuses), name="turn_status_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "unit"], name="turn_status_unit"),
            models.Index(fields=["opened_by", "status"], name="turn_opened_by"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"


class Step(models.Model):
    """One reading of one turn. `content_sha256` is what the reader saw; `marks` are a proofread's marks; `signature` is its signed name."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"signature"})

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind)
    level = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=[(s, s) for s in states.STEP.statuses], default=states.AHEAD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    comment = models.TextField(blank=True)
    marks = models.JSONField(default=list)
    signature = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("turn_id", "position")
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["turn", "position"], name="step_position_once"),
            models.UniqueConstraint(fields=["turn", "by"], name="step_one_person_one_step"),
            models.UniqueConstraint(fields=["turn"], condition=Q(status=states.DUE), name="step_one_due"),
            models.CheckConstraint(condition=Q(status__in=states.STEP.statuses), name="step_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=[states.APPROVED, states.SENT_BACK], by__isnull=False, at__isnull=False) & ~Q(content_sha256="")
                | Q(status__in=[states.AHEAD, states.DUE, states.VOID], by__isnull=True, at__isnull=True),
                name="step_taken_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(kind="proofread", status=states.APPROVED, signature=""), name="step_proofread_signed"),
            models.CheckConstraint(condition=Q(kind=StepKind.PROOFREAD, level__range=(1, 3)) | Q(kind=StepKind.REVIEW, level__range=(1, 4)), name="step_known"),
            models.UniqueConstraint(fields=["turn", "kind", "level"], name="step_name_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["status", "kind", "level"], name="step_due")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.level}"

    @property
    def name(self) -> str:
        """As in a plan: "review:2"."""
        return f"{self.kind}:{self.level}"

    @property
    def role(self) -> Role:
        """The role whose holders may take it."""
        return Role.PROOFREADER if self.kind == StepKind.PROOFREAD else reviewer_of(self.level)
