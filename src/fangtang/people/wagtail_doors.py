"""Who may reach the addresses of Wagtail's own admin: what we use is opened here to the roles that need it, everything else to nobody.

Images and documents are declared by `media`, snippets by the apps that own them. A new Wagtail with a new address fails the tests until
somebody decides about it here. Each NOBODY line names what we have instead, or why we want none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from fangtang.people import registry
from fangtang.people.access import NOBODY, PUBLIC, SIGNED_IN, UnitPaths, declare, roles
from fangtang.people.roles import Role

WRITING = (Role.EDITOR, Role.SITE_MANAGER)


def units_of_edited(request: HttpRequest, captured: Mapping[str, Any]) -> UnitPaths:
    """Units of the row that an editing session is about; models that nobody registered belong to no unit."""
    label = f"{captured['app_label']}.{captured['model_name']}"
    return registry.owners.get(label)(captured["object_id"]) if label in registry.owners else ()


# The frame: sign-in, the look, the person's own account.
declare(PUBLIC, "wagtailadmin_login", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog")
declare(SIGNED_IN, "wagtailadmin_home", "wagtailadmin_account")
declare(SIGNED_IN.by("GET", "HEAD", "POST"), "wagtailadmin_logout")
declare(SIGNED_IN.by("GET", "HEAD", "PATCH"), "wagtailadmin_dismissibles")

# What the editors of text and home pages use: links, and who else has this open.
declare(
    roles(*WRITING),
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link",
)
declare(roles(Role.EDITOR).of(units_of_edited).by("POST"), "wagtailadmin_editing_sessions:ping")
declare(roles(*WRITING).by("POST"), "wagtailadmin_editing_sessions:release")

# Samples of a kind of block: ours have none, and previews are those of the theme.
declare(NOBODY, "wagtailadmin_block_preview")
# One tag list for all units would tell each what the others write about.
declare(NOBODY, "wagtailadmin_tag_autocomplete", "wagtailadmin_tag_model_autocomplete")
# Actions on many rows list rows of other units by name before they refuse them.
declare(NOBODY, "wagtail_bulk_action")
# Forgotten passwords: the operator hands out an invitation.
declare(
    NOBODY,
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
)
# Wagtail's test pages and its catch-all.
declare(NOBODY, "desk/test404/", "wagtailadmin_error_test", "desk/^.*/$")
# People are in /desk/people/, sites in the register, and nobody has groups.
declare(NOBODY, *(f"wagtailusers_users:{name}" for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage", "copy")))
declare(NOBODY, *(f"wagtailusers_groups:{name}" for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage")))
declare(NOBODY, *(f"wagtailsites:{name}" for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage", "copy")))
# Collections are the shelves of units, made with the unit.
declare(NOBODY, *(f"wagtailadmin_collections:{name}" for name in ("index", "add", "edit", "delete", "set_privacy")))
# The list of all kinds of snippets; each kind has its own place in the menu.
declare(NOBODY, "wagtailsnippets:index")
# The API of the page explorer.
declare(NOBODY, *(f"wagtailadmin_api:{kind}:{name}" for kind in ("pages", "images", "documents") for name in ("listing", "detail", "find")))
declare(NOBODY, "wagtailadmin_api:pages:action")
# Pages: articles are no pages.
declare(NOBODY, "wagtailadmin_explore_root", "wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_chosen_multiple")
declare(
    NOBODY,
    *(
        f"wagtailadmin_pages:{name}"
        for name in (
            "add",
            "preview_on_add",
            "type_use",
            "choose_parent",
            "type_use_results",
            "usage",
            "edit",
            "preview_on_edit",
            "view_draft",
            "add_subpage",
            "delete",
            "unpublish",
            "convert_alias",
            "search",
            "search_results",
            "move",
            "move_confirm",
            "set_page_position",
            "copy",
            "workflow_action",
            "collect_workflow_action_data",
            "confirm_workflow_cancellation",
            "workflow_preview",
            "set_privacy",
            "lock",
            "unlock",
            "revisions_index",
            "revisions_view",
            "revisions_revert",
            "revisions_unschedule",
            "revisions_compare",
            "workflow_history",
            "workflow_history_detail",
            "history",
            "history_results",
        )
    ),
)
# Reviews are ours (`reviews`), and so are the reports.
declare(
    NOBODY,
    *(
        f"wagtailadmin_workflows:{name}"
        for name in (
            "index",
            "index_results",
            "add",
            "enable",
            "disable",
            "edit",
            "usage",
            "usage_results",
            "remove",
            "add_task",
            "select_task_type",
            "task_index",
            "task_index_results",
            "edit_task",
            "disable_task",
            "enable_task",
            "task_chooser",
            "task_chooser_results",
            "task_chooser_create",
            "task_chosen",
        )
    ),
)
declare(
    NOBODY,
    *(
        f"wagtailadmin_reports:{name}{suffix}"
        for name in ("locked_pages", "workflow", "workflow_tasks", "site_history", "aging_pages", "page_types_usage")
        for suffix in ("", "_results")
    ),
)
