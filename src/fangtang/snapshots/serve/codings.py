"""Which content coding a client wants: the Accept-Encoding header (RFC 9110, 12.5.3). Pure."""

from __future__ import annotations

import re
from functools import lru_cache

PLAIN = ""
"""The identity coding: the bytes as they are."""
OFFERED = ("br", "zstd", "gzip", PLAIN)
"""Smallest first: what we send when a client likes several equally well. br: RFC 7932, zstd: RFC 8878, gzip: RFC 1952."""
LONGEST_HEADER = 256
"""Longer ones come from no browser; they count as absent."""

_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII | re.IGNORECASE)
_NAMES = {"identity": PLAIN, "x-gzip": "gzip"}


@lru_cache(maxsize=512)
def wanted(header: str) -> tuple[str, ...]:
    """The offered codings that are acceptable, the best first; () when not even the plain bytes are. "" means no header, or an empty one: plain."""
    if len(header) > LONGEST_HEADER:
        return (PLAIN,)
    weights = dict(_weight(item) for item in header.lower().split(",") if item.strip())
    others = weights.get("*", 0.0)
    given = {coding: weights.get(coding, others) for coding in OFFERED}
    if PLAIN not in weights:
        # Acceptable unless excluded, but what was named is liked better.
        given[PLAIN] = others if "*" in weights else min(0.001, *([weight for weight in weights.values() if weight] or [0.001]))
    return tuple(sorted((coding for coding in OFFERED if given[coding] > 0), key=lambda coding: -given[coding]))


def _weight(item: str) -> tuple[str, float]:
    """(coding, weight); a weight that is none excludes the coding, for we cannot know what was meant."""
    name, *parameters = (part.strip() for part in item.split(";"))
    coding = _NAMES.get(name, name)
    if not parameters:
        return coding, 1.0
    match = _WEIGHT.fullmatch(parameters[0])
    return coding, float(match[1]) if match and len(parameters) == 1 else 0.0
