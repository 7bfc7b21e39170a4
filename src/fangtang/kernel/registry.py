"""How a higher app offers something to a lower one: it registers under a name; the lower one asks for all.

The registering module is found by Django's autodiscovery (each app's `ready`), so a lower app never imports a higher one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things in the order of their names, so that the order of imports never shows.

    `title` appears in errors. Registering the same name twice with another thing is a programming error (ValueError).
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._things: dict[str, T] = {}

    def register(self, name: str) -> Callable[[T], T]:
        """Decorator: `@registry.register("articles.sections")`."""

        def keep(thing: T) -> T:
            if self._things.get(name, thing) is not thing:
                raise ValueError(f"{self.title}: {name} is registered twice")
            self._things[name] = thing
            return thing

        return keep

    def get(self, name: str) -> T:
        """The thing of this name. Raises KeyError."""
        return self._things[name]

    def __iter__(self) -> Iterator[T]:
        return iter([self._things[name] for name in sorted(self._things)])

    def __contains__(self, name: str) -> bool:
        return name in self._things

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self._things))
