"""Every rule there is, found in the folders of the packs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from fangtang.rules import packs
from fangtang.rules.rule import Rule


@cache
def every() -> tuple[Rule, ...]:
    """All rules, in the order of their ids. Raises ValueError when two have one id, or one lies in the folder of another pack."""
    found: dict[str, Rule] = {}
    for pack in iter_modules(packs.__path__):
        folder = import_module(f"{packs.__name__}.{pack.name}")
        for module in iter_modules(folder.__path__):
            rule = getattr(import_module(f"{folder.__name__}.{module.name}"), "RULE", None)
            if rule is None:
                continue  # what several rules of a pack share
            if rule.id in found or rule.pack != pack.name or not rule.id.startswith(f"{pack.name}."):
                raise ValueError(f"{folder.__name__}.{module.name}: {rule.id} is taken, or of another pack")
            found[rule.id] = rule
    return tuple(found[key] for key in sorted(found))


def get(rule_id: str) -> Rule:
    """Raises KeyError."""
    return {rule.id: rule for rule in every()}[rule_id]
