"""The table of moved addresses that a site carries as `_redirects.json`: an object of old path → new address."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

TABLE = "_redirects.json"

logger = logging.getLogger(__name__)


def read_table(content: bytes) -> Mapping[str, str]:
    """Old path (decoded) → Location. A table that is no JSON object moves nothing and is logged; so is each entry that leads nowhere safe."""
    try:
        table: Any = json.loads(content)
    except ValueError:
        table = None
    if not isinstance(table, dict):
        logger.error("%s is not a JSON object; no address moves", TABLE)
        return {}
    moves = {unquote(old): location(new) for old, new in table.items() if _leads_somewhere(new)}
    if len(moves) < len(table):
        logger.error("%s: %d entries lead nowhere", TABLE, len(table) - len(moves))
    return moves


def location(address: str) -> str:
    """`address` fit for the Location header: everything but RFC 3986 characters percent-encoded, line breaks too."""
    return quote(address, safe="/:?#[]@!$&'()*+,;=%~-._", errors="replace")


def _leads_somewhere(address: object) -> bool:
    """A path on this site, or a full web address; "//host" and "/\\host" are neither."""
    if not isinstance(address, str):
        return False
    return address.startswith(("http://", "https://")) or (address.startswith("/") and address[1:2] not in {"/", "\\"})
