"""The addresses about people, below the desk."""

from __future__ import annotations

from django.urls import path

from fangtang.people.views import events, persons, posts, units

app_name = "people"
urlpatterns = [
    path("", persons.PeopleView.as_view(), name="index"),
    path("results/", persons.PeopleView.as_view(results_only=True), name="index_results"),
    path("add/", persons.AddPersonView.as_view(), name="add"),
    path("<int:pk>/", persons.PersonView.as_view(), name="person"),
    path("<int:pk>/change/", persons.ChangePersonView.as_view(), name="change"),
    path("<int:pk>/invite/", persons.invite, name="invite"),
    path("posts/add/", posts.AppointView.as_view(), name="appoint"),
    path("posts/<int:pk>/end/", posts.DismissView.as_view(), name="dismiss"),
    path("posts/<int:pk>/stand-in/", posts.StandInView.as_view(), name="stand_in"),
    path("units/", units.UnitsView.as_view(), name="units"),
    path("units/add/", units.OpenUnitView.as_view(), name="open_unit"),
    path("units/<int:pk>/", units.ChangeUnitView.as_view(), name="change_unit"),
    path("events/", events.EventsView.as_view(), name="events"),
    path("events.csv", events.csv_of_events, name="events_csv"),
]
