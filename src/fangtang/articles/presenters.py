"""How articles, their obstacles and their way to the reader are shown to people on the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError
from wagtail.models import Revision

from fangtang.articles import content, obstacles, rendering, statuses
from fangtang.articles.models import Article
from fangtang.kernel.errors import FangtangError, Obstacle
from fangtang.outlets.choosers import full_name
from fangtang.people.models import User
from fangtang.reviews import queries as reviews
from fangtang.reviews.models import Turn
from fangtang.reviews.presenters import TURN_STATUS


@dataclass(frozen=True, slots=True)
class Line:
    """An obstacle as a sentence, what to do about it, and who can (names)."""

    sentence: str
    remedy: str
    clearers: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an article is: the name of its stage, what is said of each turn (newest first), and what keeps it from being submitted."""

    stage: str
    stage_name: Promise
    turns: tuple[tuple[Turn, Promise, tuple[str, ...]], ...]
    obstacles: tuple[Line, ...]
    public: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class ReadView:
    """One revision for reading on the desk: labelled facts, sections by full name, and the body as it will read."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[str, ...]
    lead: SafeString
    html: SafeString


FACTS = (
    "short_title",
    "summary",
    "kind",
    "unit",
    "sensitivity",
    "language",
    "source",
    "source_url",
    "author",
    "keywords",
    "document_number",
    "issuing_body",
    "made_on",
    "effective_on",
    "shown_at",
)


def read_view(revision: Revision) -> ReadView:
    """What proofreaders and reviewers read: exactly this revision."""
    article: Article = revision.as_object()
    saved = content.content_of(revision)
    stock = rendering.stock_for(saved)
    lead = stock.pictures.get(saved["lead_image"] or 0)
    drawn = rendering.body(saved, stock=stock, address=desk_address)
    picture = rendering.body({"body": [{"type": "image", "value": {"image": lead.pk}}]}, stock=stock, address=desk_address).html if lead else ""
    places = article.placements.select_related("section__site") if article.pk else article.placements.all()
    return ReadView(
        title=article.title,
        facts=tuple(facts_of(article)),
        sections=tuple(_place(placement) for placement in places),
        lead=mark_safe(picture),  # noqa: S308  `rendering` sanitises
        html=mark_safe(drawn.html),  # noqa: S308
    )


def desk_address(asset: rendering.Asset) -> str:
    """Where the desk shows an asset: behind the same doors as the picture or file itself. Of a picture whose bytes are gone, its words are read instead."""
    if asset.kind == "file":
        return f"{reverse('wagtaildocs_serve', args=(asset.pk, asset.path.rpartition('/')[2]))}"
    stored = get_image_model().objects.get(pk=asset.pk)
    try:
        return str(stored.get_rendition("max-960x960|format-webp").url)
    except SourceImageIOError:
        return str(stored.file.url)


def progress(article: Article, *, by: User) -> Progress:
    """Everything the review tab shows about a saved article."""
    stage = statuses.stage_of(article)
    waiting = stage in (statuses.IN_REVIEW, statuses.READY)
    found = () if waiting or stage == statuses.SETTLED else obstacles.of_submission(article, by=by, now=timezone.now())
    turns = reviews.turns_of(article).prefetch_related("steps__by")[:10]
    return Progress(
        stage=stage,
        stage_name=statuses.LABELS[stage],
        turns=tuple((turn, TURN_STATUS[turn.status], tuple(_said(turn))) for turn in turns),
        obstacles=lines(found),
        public=tuple(status.label for status in statuses.public_of(article)),
    )


def lines(found: Iterable[Obstacle]) -> tuple[Line, ...]:
    """Obstacles as people read them. Those of other rooms, whose sentences we do not know, are shown by their code."""
    found = tuple(found)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={pk for obstacle in found for pk in obstacle.clearers})}
    return tuple(_line(obstacle, people) for obstacle in found)


def _line(obstacle: Obstacle, people: dict[int, str]) -> Line:
    sentence, remedy = sentences(obstacle)
    return Line(sentence, remedy, "、".join(people[pk] for pk in obstacle.clearers[:5] if pk in people))


def sentences(obstacle: Obstacle) -> tuple[str, str]:
    """(what is wrong, what to do) for one obstacle."""
    facts: dict[str, Any] = dict(obstacle.data)
    count = int(facts.get("count", 0))
    known = {
        "articles.in_bin": lambda: (_("The article is in the bin."), _("Take it back first.")),
        "articles.locked": lambda: (_("%(name)s has locked the article.") % facts, _("Ask them to unlock it, or unlock it yourself and tell them.")),
        "articles.in_review": lambda: (_("The article is being read already."), _("Wait for the verdict, or take it back from review.")),
        "articles.not_saved": lambda: (_("The newest text was not saved by anybody we know."), _("Open the article, look at it, and save it.")),
        "articles.no_body": lambda: (_("The article has no text yet."), _("Write it on the tab “Content”.")),
        "articles.no_section": lambda: (_("The article is not placed in any section."), _("Choose at least one on the tab “Where it appears”.")),
        "articles.image_without_text": lambda: (
            ngettext("%(count)s image has no alternative text.", "%(count)s images have no alternative text.", count) % facts,
            _("Describe each in one sentence, or tick “Decorative”."),
        ),
        "articles.media_missing": lambda: (
            ngettext("%(count)s image or file is gone from the library.", "%(count)s images or files are gone from the library.", count) % facts,
            _("Choose others in their place, or remove the blocks."),
        ),
        "articles.table_too_long": lambda: (
            ngettext("%(count)s table is too long for a page.", "%(count)s tables are too long for a page.", count) % facts,
            _("Attach it as a sheet and keep the main figures in the text."),
        ),
        "articles.lead_image_without_text": lambda: (_("The lead image has no description."), _("Describe it in one sentence in the image library.")),
        "articles.section_closed": lambda: (
            _("The section “%(section)s” of %(site)s was closed.") % facts,
            _("Remove it on the tab “Where it appears”, or choose another one."),
        ),
        "articles.section_refuses": lambda: (
            _("The section “%(section)s” of %(site)s takes no articles of this unit.") % facts,
            _("Remove it, or ask the manager of that site to let your unit contribute."),
        ),
    }
    return known[obstacle.code]() if obstacle.code in known else (obstacle.code, "")


def refusal(error: FangtangError) -> str:
    """The sentence for an action that was refused as a whole."""
    known = {
        "articles.not_editor": _("You are not an editor of this article's unit."),
        "articles.locked": _("%(name)s has locked the article. Ask them to unlock it.") % {"name": error.data.get("name", "")},
        "articles.in_bin": _("The article is in the bin. Take it back first."),
        "articles.media_of_others": _("An image or file of this article is not in your library (any more). Choose another one in its place."),
    }
    return known.get(error.code, str(error))


def stale(revision: Revision) -> str:
    """Who saved in between, and when."""
    facts = {"name": str(revision.user or _("Somebody")), "time": date_format(timezone.localtime(revision.created_at), "SHORT_DATETIME_FORMAT")}
    return _("%(name)s saved this article at %(time)s, after you opened it. Nothing of yours is lost: it is still in the form.") % facts


def _said(turn: Turn) -> Iterable[str]:
    for step in turn.steps.all():
        if step.comment:
            yield _("%(name)s: %(comment)s") % {"name": step.by, "comment": step.comment}


def facts_of(article: Article) -> Iterable[tuple[str, str]]:
    """Everything that readers may come to see of an article besides its title and body: label and value, empty ones left out."""
    for name in FACTS:
        shown = getattr(article, f"get_{name}_display", None)
        value = shown() if shown else getattr(article, name)
        if name == "shown_at" and value:
            value = date_format(timezone.localtime(value), "DATETIME_FORMAT")
        if value:
            yield str(Article._meta.get_field(name).verbose_name).capitalize(), str(value)


def _place(placement: Any) -> str:
    name = full_name(placement.section)
    return _("%(section)s, with the title “%(title)s”") % {"section": name, "title": placement.own_title} if placement.own_title else name
