"""What `fangtang --help` says: our commands, one line each. Needs no settings, so that it answers wherever one asks."""

from __future__ import annotations

TRYING = (
    ("up", "Run the reference city here: database, texts, server; Ctrl-C stops everything."),
    ("stack up|down|status", "The same in the background. (kill9: end it at one instant, as a power cut would.)"),
    ("seed", "Make the reference city 方塘市, or add articles to it (--size)."),
    ("port N", "Tell the sites on which port the embedded server listens."),
)
RUNNING = (
    ("migrate", "Make the tables of the database, or bring them up to this version."),
    ("collectstatic", "Collect the static files of the desk, for the web server."),
    ("found", "Found a body in an empty database: top unit, main site, first operator."),
    ("invite LOGIN", "Print an invitation for an operator who cannot sign in."),
    ("site build|retry", "Build the public sites; let failed releases be tried again."),
    ("site log|show|diff|verify", "List, compare and check their snapshots."),
    ("site rollback|pin|unpin|gc", "Put an earlier snapshot back; keep some, give up old ones."),
    ("site export", "Write a snapshot to a folder, a tar, a bucket or an archive file."),
    ("site nginx", "Print the configuration with which nginx serves the sites."),
    ("guard", "Watch what the sites show and put right what nobody signed, as a service."),
    ("mirror", "Keep verified copies of sites from another host, with public keys alone."),
    ("keys show|trust", "The keys that sign what the sites show; what mirrors are given."),
    ("keys rotate|rotate-root", "Replace a key while readers go on believing."),
    ("sweep", "Do what killed workers left (--loop: for ever, as a service)."),
    ("run_huey", "The background worker, as a service."),
    ("scan FILE|FOLDER", "Put the rules to texts and pages, without a database (--list: the rules)."),
    ("digest", "What this instance holds, as one comparable JSON value."),
)
IMPORTING = (
    ("import articles FILE", "Take over articles of a former website (JSONL, CSV), by a mapping."),
    ("import units FILE", "Make a unit, a site and a team for every name in a CSV; for trying things out."),
)
GROUPS = (("To try it", TRYING), ("To run it on a server", RUNNING), ("To move in", IMPORTING))

Lines = tuple[tuple[str, str], ...]


def overview() -> str:
    """All of them, in groups."""
    parts = [f"{title}:\n{_listed(lines)}" for title, lines in GROUPS]
    end = "One command in full: fangtang COMMAND --help. Django's own commands: fangtang django-help. Version: fangtang --version\n"
    return "\n".join(["Fangtang 方塘: a public body publishes and answers.\n\nfangtang COMMAND …\n", *parts, end])


def importing() -> str:
    """What can be imported."""
    return f"fangtang import articles|units FILE …\n{_listed(IMPORTING)}"


def names() -> list[str]:
    """The first word of each; of what is imported, the two words joined as Django knows them."""
    return sorted({line.split()[0] if line.split()[0] != "import" else "_".join(line.split()[:2]) for _, lines in GROUPS for line, _ in lines})


def _listed(lines: Lines) -> str:
    return "".join(f"  {name:<28}{text}\n" for name, text in lines)
