"""The roles that a post can have. No Django models: policies and declarations use them as plain values."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does for a unit. `editor` writes; `proofreader` proofreads; `reviewer_n` takes review step n; `chief_editor` signs."""

    EDITOR = "editor", _("Editor")
    PROOFREADER = "proofreader", _("Proofreader")
    REVIEWER_1 = "reviewer_1", _("Reviewer, level 1")
    REVIEWER_2 = "reviewer_2", _("Reviewer, level 2")
    REVIEWER_3 = "reviewer_3", _("Reviewer, level 3")
    REVIEWER_4 = "reviewer_4", _("Reviewer, level 4")
    CHIEF_EDITOR = "chief_editor", _("Chief editor")
    SITE_MANAGER = "site_manager", _("Site manager")
    SUPERVISOR = "supervisor", _("Supervisor")
    CASE_OFFICER = "case_officer", _("Case officer")
    COORDINATOR = "coordinator", _("Coordinator")
    OPERATOR = "operator", _("Operator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    AUDITOR = "auditor", _("Auditor")


REVIEWERS = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3, Role.REVIEWER_4)
PUBLISHING = frozenset({Role.EDITOR, Role.PROOFREADER, *REVIEWERS, Role.CHIEF_EDITOR})


def reviewer_of(level: int) -> Role:
    """The role that takes review step `level` (1–4)."""
    return REVIEWERS[level - 1]
