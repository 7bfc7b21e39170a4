"""Keep the catalogues: `make texts` collects new texts, fills traditional Chinese from simplified where it is empty, and compiles.

A catalogue has one steady form: sorted by id, our own header, no dates and no guesses, so that a difference in it is a difference in a
text. The compiled files are committed, so that a fresh machine needs no gettext; a test compares them with their sources. Collecting
needs GNU gettext (Debian: apt-get install gettext).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "fangtang"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
NAMES = {"zh_Hans": "Simplified Chinese", "zh_Hant": "Traditional Chinese", "en": "English"}

# Django's own collector, taught that `lazy` is our second name of gettext_lazy. It runs in a process without our settings, so that it
# looks at nothing but the folder it stands in.
COLLECTOR = """
import sys
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=lazy"]
Command().run_from_argv(["fangtang", "makemessages", *sys.argv[1:]])
"""

# A mainland office writes its own words in traditional characters too (審核, 發布, 權限; Taiwan's words would say 稽核, 釋出, 許可權), so
# OpenCC converts characters only. What it then writes otherwise than we do:
TRADITIONAL = {"臺": "台", "登錄": "登入", "“": "「", "”": "」"}


class Texts(Catalog):
    """A catalogue whose header is always the same: no dates, no tools, no people."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines, in order."""
        return [
            ("Project-Id-Version", "fangtang"),
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        """What a file says of itself counts for nothing."""


def path_of(language: str, ending: str = "po") -> Path:
    """The catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / f"django.{ending}"


def read(language: str) -> Texts:
    """The catalogue as it is stored."""
    catalog = Texts(locale=language, charset="utf-8")
    with path_of(language).open("rb") as source:
        PoFileParser(catalog, ignore_obsolete=True).parse(source)
    return catalog


def collect() -> None:
    """Bring new texts of the code into every catalogue; texts that are gone leave."""
    if not shutil.which("xgettext"):
        sys.exit("Collecting texts needs GNU gettext (Debian: apt-get install gettext).")
    for language in LANGUAGES:
        begin(language)
    names = [argument for language in LANGUAGES for argument in ("-l", language)]
    options = ["--no-obsolete", "--no-wrap", "--add-location=file", "--extension=html,txt,py"]
    without_settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", COLLECTOR, *names, *options], cwd=PACKAGE, env=without_settings, check=True)  # noqa: S603
    for language in LANGUAGES:
        write(without_guesses(read(language)), language)


def begin(language: str) -> None:
    """A catalogue that is not there yet begins with its header, which says how many plural forms follow."""
    if not path_of(language).exists():
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        write(Texts(locale=language, charset="utf-8"), language)


def without_guesses(catalog: Texts) -> Texts:
    """A new text begins empty: what gettext takes over from one that looks alike is mostly wrong, and so are its remarks about it."""
    for message in catalog:
        if message.id and message.fuzzy:
            message.flags.discard("fuzzy")
            message.string = ("",) * catalog.num_plurals if message.pluralizable else ""
        message.previous_id, message.user_comments = [], []
    return catalog


def fill_traditional() -> int:
    """Give empty traditional texts the converted simplified one; the number filled."""
    simplified, traditional = read("zh_Hans"), read("zh_Hant")
    empty = [message for message in traditional if message.id and not any(strings_of(message))]
    for message in empty:
        source = simplified.get(message.id, message.context)
        converted = [traditional_of(string) for string in strings_of(source)] if source else [""]
        message.string = tuple(converted) if message.pluralizable else converted[0]
    write(traditional, "zh_Hant")
    return sum(all(strings_of(message)) for message in empty)


def traditional_of(text: str) -> str:
    """The same words in traditional characters, with their quotation marks."""
    from opencc import OpenCC

    converted = str(OpenCC("s2tw").convert(text))
    for theirs, ours in TRADITIONAL.items():
        converted = converted.replace(theirs, ours)
    return converted


def fill_english() -> None:
    """English texts are their own message ids."""
    catalog = read("en")
    for message in catalog:
        if message.id:
            message.string = message.id
    write(catalog, "en")


def write(catalog: Texts, language: str) -> None:
    """Store a catalogue in its steady form."""
    catalog.header_comment = f"# Fangtang 方塘 in {NAMES[language]}. Kept by `make texts`."
    catalog.fuzzy = False
    with path_of(language).open("wb") as target:
        write_po(target, catalog, width=0, sort_output=True, include_lineno=False)


def compile_all() -> None:
    """Write the compiled form of every catalogue."""
    for language in LANGUAGES:
        with path_of(language, "mo").open("wb") as target:
            write_mo(target, read(language))


def missing(language: str) -> list[str]:
    """Message ids that have no text in this language, or one marked fuzzy."""
    return [str(message.id) for message in read(language) if message.id and (message.fuzzy or not all(strings_of(message)))]


def strings_of(message: Message) -> list[str]:
    """Every form of a message's text; one empty form for none."""
    value: Any = message.string
    return list(value) if isinstance(value, (tuple, list)) else [value or ""]


def main() -> None:
    """Collect, fill, compile; say what is missing."""
    collect()
    fill_english()
    sys.stdout.write(f"zh_Hant: {fill_traditional()} filled from zh_Hans\n")
    compile_all()
    for language in LANGUAGES:
        sys.stdout.write(f"{language}: {len(missing(language))} missing\n")


if __name__ == "__main__":
    main()
