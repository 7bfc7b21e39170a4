"""The desk's own addresses, below Wagtail's admin."""

from __future__ import annotations

from django.urls import path

from fangtang.desk.views import plans, releases, sites, steps, turns, work

app_name = "desk"
urlpatterns = [
    path("work/<slug:name>/", work.worklist, name="work"),
    path("review/step/<int:step_id>/", steps.step, name="step"),
    path("review/turn/<int:turn_id>/", turns.turn, name="turn"),
    path("review/turn/<int:turn_id>/text/", turns.text, name="text"),
    path("review/turn/<int:turn_id>/return/", turns.send_back, name="return"),
    path("review/turn/<int:turn_id>/recall/", turns.recall, name="recall"),
    path("review/plans/", plans.plans, name="plans"),
    path("review/plans/add/", plans.add, name="plan_add"),
    path("review/plans/<int:plan_id>/", plans.change, name="plan"),
    path("review/plans/<int:plan_id>/delete/", plans.delete, name="plan_delete"),
    path("sites/snapshots/", sites.snapshots, name="snapshots"),
    path("sites/incidents/", sites.incidents, name="incidents"),
    path("sites/incidents/<int:incident_id>/", sites.incident, name="incident"),
    path("release/sign/<int:article_id>/", releases.sign, name="sign"),
    path("release/withdraw/<int:article_id>/", releases.withdraw, name="withdraw"),
    path("release/<int:release_id>/", releases.release, name="release"),
    path("release/<int:release_id>/retry/", releases.retry, name="retry"),
]
