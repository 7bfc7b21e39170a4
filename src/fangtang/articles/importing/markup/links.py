"""Lists of links to what stayed where it was."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from fangtang.articles.importing.markup.addresses import file_name, is_web_address, resolved
from fangtang.articles.importing.markup.blocks import Block


@dataclass(frozen=True, slots=True)
class Links:
    """The blocks of a list of links, and the addresses that lead nowhere and are left out, as they were given."""

    blocks: tuple[Block, ...]
    left_out: tuple[str, ...]


def links(addresses: tuple[str, ...], *, source: str = "") -> Links:
    """One list of links to files; relative addresses are relative to `source`. What is no http(s) address is left out and named."""
    targets = {address: resolved(address, source=source) for address in addresses}
    kept = list(dict.fromkeys(target for target in targets.values() if is_web_address(target)))
    return Links(listed((target, file_name(target)) for target in kept), tuple(address for address, target in targets.items() if target not in kept))


def listed(targets: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    """A list of (address, name), each once, as one block; none for none."""
    rows = "".join(f'<li><a href="{html.escape(address)}">{html.escape(name)}</a></li>' for address, name in dict.fromkeys(targets))
    return (Block("text", f"<ul>{rows}</ul>"),) if rows else ()
