"""What people decide about the register: open and change sites, add, move and close sections, apply a home layout.

Each action writes its audit event in the same transaction and tells the registered listeners after commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from wagtail.models import Page
from wagtail.models import Site as WagtailSite

from fangtang.audit.actions import record
from fangtang.kernel.errors import Invalid, NotPossible, Obstacle
from fangtang.outlets import policies, queries
from fangtang.outlets.models import FormerAddress, Home, Section, SectionKind, Site
from fangtang.outlets.registry import site_changed
from fangtang.people.models import Unit, User


@dataclass(frozen=True, slots=True)
class Host:
    """Where a site answers. One host of the body is the default: it answers for unknown names too."""

    name: str
    port: int
    is_default: bool = False


@transaction.atomic
def open_site(*, host: Host, key: str, unit: Unit, by: User | None, now: datetime, **profile: Any) -> Site:
    """Register a site and its empty home page. `profile` are further fields of `Site` (name …). Raises Invalid "outlets.host_taken"."""
    if WagtailSite.objects.filter(hostname=host.name, port=host.port).exists():
        raise Invalid("outlets.host_taken", hostname=host.name)
    root = Page.get_first_root_node()
    answering = WagtailSite.objects.create(hostname=host.name, port=host.port, site_name=key, root_page=root, is_default_site=host.is_default)
    site = Site.objects.create(wagtail_site=answering, key=key, unit=unit, **profile)
    Home.objects.create(site=site)
    _record("outlets.open_site", site, by=by, now=now, subject=site)
    return site


@transaction.atomic
def change_site(site: Site, *, by: User | None, now: datetime, **fields: Any) -> None:
    """Change a site's profile. Nothing happens when nothing differs."""
    changed = {name: value for name, value in fields.items() if getattr(site, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(site, name, value)
    site.save(update_fields=list(changed))
    _record("outlets.change_site", site, by=by, now=now, subject=site, fields=sorted(changed))


@transaction.atomic
def change_port(port: int, *, by: User | None, now: datetime) -> int:
    """Move every site to another port (the embedded server was started on one); the number of sites moved."""
    moving = list(Site.objects.exclude(wagtail_site__port=port))
    WagtailSite.objects.exclude(port=port).update(port=port)
    for site in moving:
        _record("outlets.change_port", site, by=by, now=now, subject=site, port=port)
    return len(moving)


@transaction.atomic
def add_section(
    site: Site, *, under: Section | None, name: str, slug: str, kind: str = SectionKind.NEWS, by: User | None, now: datetime, **fields: Any
) -> Section:
    """Add a section at the end of its level. Raises NotPossible with every obstacle to its address."""
    address = policies.address_below(under.address if under else "", slug)
    _refuse_address(site, address)
    values = {"site": site, "name": name, "slug": slug, "kind": kind, "address": address, **fields}
    section = Section.objects.get(pk=under.pk).add_child(**values) if under else Section.add_root(**values)
    _record("outlets.add_section", site, by=by, now=now, subject=section)
    return section


@transaction.atomic
def change_section(section: Section, *, contributors: Iterable[Unit] | None = None, by: User | None, now: datetime, **fields: Any) -> None:
    """Change a section; a new slug changes its address and those of all below. Articles keep the addresses they have."""
    changed = {name: value for name, value in fields.items() if getattr(section, name) != value}
    for name, value in changed.items():
        setattr(section, name, value)
    if "slug" in changed:
        _readdress(section, parent=section.get_parent())
    section.save()
    if contributors is not None:
        section.contributors.set(contributors)
    _record("outlets.change_section", section.site, by=by, now=now, subject=section, fields=sorted(changed))


@transaction.atomic
def move_section(section: Section, *, target: Section, position: str, by: User | None, now: datetime) -> Section:
    """Move a section with all below it: `position` is treebeard's "left", "right" or "last-child" of `target`. Raises NotPossible, Invalid (another site)."""
    if target.site_id != section.site_id:
        raise Invalid("outlets.other_site")
    obstacles = policies.obstacles_to_move(section.address, target_address=target.address if position == "last-child" else "")
    if obstacles:
        raise NotPossible("outlets.cannot_move", obstacles=obstacles)
    section.move(target, position)
    moved = Section.objects.get(pk=section.pk)
    _readdress(moved, parent=moved.get_parent())
    _record("outlets.move_section", moved.site, by=by, now=now, subject=moved)
    return moved


@transaction.atomic
def close_section(section: Section, *, by: User | None, now: datetime) -> int:
    """Close a section and all below it to new articles; what stands there stays. The number of sections closed."""
    tree = Section.objects.filter(path__startswith=section.path, closed_at=None)
    closed = tree.update(closed_at=now)
    _record("outlets.close_section", section.site, by=by, now=now, subject=section, closed=closed)
    return closed


@transaction.atomic
def reopen_section(section: Section, *, by: User | None, now: datetime) -> None:
    """Open a closed section again (undo). Sections below it stay as they are."""
    Section.objects.filter(pk=section.pk).update(closed_at=None)
    _record("outlets.reopen_section", section.site, by=by, now=now, subject=section)


@transaction.atomic
def delete_section(section: Section, *, by: User | None, now: datetime) -> None:
    """Remove a section that never held or awaited an article and has none below. Raises NotPossible naming what stands in the way."""
    waiting = section.placements.count()
    obstacles = [Obstacle("outlets.section_in_use", {"articles": waiting})] if waiting else []
    if section.numchild:
        obstacles.append(Obstacle("outlets.section_has_subsections", {"sections": section.numchild}))
    if obstacles:
        raise NotPossible("outlets.cannot_delete", obstacles=obstacles)
    _record("outlets.delete_section", section.site, by=by, now=now, subject=section)
    try:
        section.delete()
    except ProtectedError as held:  # rooms above remember what stood here
        raise NotPossible("outlets.cannot_delete", obstacles=[Obstacle("outlets.section_was_in_use")]) from held


@transaction.atomic
def apply_layout(home: Home, *, by: User | None, now: datetime) -> None:
    """Make the layout that `home` has in memory the public one. Its revision, written with it, is the way back."""
    Home.objects.filter(pk=home.pk).update(layout=home.layout)
    _record("outlets.apply_layout", home.site, by=by, now=now, subject=home, revision=home.latest_revision_id)


def _refuse_address(site: Site, address: str, *, besides: Section | None = None, letters_below: int = 0) -> None:
    others = Section.objects.filter(site=site).exclude(pk=besides.pk if besides else None)
    taken = others.filter(address=address).values_list("address", flat=True)
    obstacles = policies.obstacles_to_address(address, taken=taken, letters_below=letters_below)
    if obstacles:
        raise NotPossible("outlets.cannot_address", obstacles=obstacles)


def _readdress(section: Section, *, parent: Section | None) -> None:
    """Give a section and all below it the addresses that the tree gives."""
    before = section.address
    deeper = queries.letters_below(section)
    section.address = policies.address_below(parent.address if parent else "", section.slug)
    _refuse_address(section.site, section.address, besides=section, letters_below=deeper)
    below = list(Section.objects.filter(path__startswith=section.path).exclude(pk=section.pk))
    if section.address != before:
        _remember(section, before)
    for one in below if section.address != before else ():
        _remember(one, one.address)
        one.address = section.address + one.address[len(before) :]
    Section.objects.filter(pk=section.pk).update(address=section.address)
    Section.objects.bulk_update(below, ["address"])


def _remember(section: Section, address: str) -> None:
    """Whoever comes to the former address is led on."""
    FormerAddress.objects.update_or_create(site_id=section.site_id, address=address, defaults={"section": section})


def _record(verb: str, site: Site, *, by: User | None, now: datetime, subject: Any, **facts: Any) -> None:
    record(verb, by=by, now=now, subject=subject, unit_id=site.unit_id, **facts)
    for listen in site_changed:
        transaction.on_commit(partial(listen, site.pk, verb))
