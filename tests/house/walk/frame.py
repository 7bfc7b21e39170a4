"""Wagtail's own frame: links in text, editing sessions."""

from __future__ import annotations

import pytest

from fangtang.articles.permissions import ArticlePolicy
from tests.house import samples

samples.register("wagtailadmin_choose_page_child", lambda of: {"parent_page_id": 1})
samples.register(
    "wagtailadmin_choose_page_external_link",
    post=lambda of: {"external-link-chooser-url": "https://www.fangtang.example/", "external-link-chooser-link_text": "link"},
)
samples.register("wagtailadmin_editing_sessions:release", lambda of: {"session_id": 1})
samples.register(
    "wagtailadmin_editing_sessions:ping",
    lambda of: {"app_label": "articles", "model_name": "article", "object_id": of("article"), "session_id": 1},
)


@samples.second_rule("wagtailadmin_editing_sessions:ping")
def take_away_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArticlePolicy, "user_has_permission_for_instance", lambda policy, user, action, article: True)
