"""What operators ask of the store: fangtang site."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fangtang.config import cli
from fangtang.kernel.errors import Invalid, NotPossible
from fangtang.snapshots import effects, keyring
from fangtang.snapshots.management.commands import sweep
from fangtang.snapshots.store import TreesStore, pins, records
from fangtang.snapshots.store.keys import PrivateKey
from tests import factories
from tests.snapshots import making
from tests.snapshots.exporting.bucket_server import serving

pytestmark = pytest.mark.django_db

NOW = making.NOW
KEY = "education"


@pytest.fixture
def store(office: factories.Office, settings, tmp_path: Path) -> Iterator[TreesStore]:
    """Three snapshots: one page, another in its place, and one more page."""
    settings.KEYS = tmp_path / "keys"
    effects.forget_store()
    found = effects.store()
    for number, changes in enumerate(({"a.html": b"one"}, {"a.html": b"second"}, {"b/c.html": b"third"})):
        found.commit(KEY, changes, at=NOW + timedelta(days=number), releases=range(number))
    yield found
    effects.forget_store()


def said(*words: str) -> str:
    out = StringIO()
    call_command("site", *words, stdout=out)
    return out.getvalue()


def told(*words: str) -> dict:
    return json.loads(said(*words, "--json"))


def roots(store: TreesStore) -> list[str]:
    return [one.root_sha256 for one in store.log(KEY)]


def test_the_log_has_a_line_for_each_switch(store: TreesStore) -> None:
    pins.pin(store.layout, KEY, roots(store)[1], reason="election", at=NOW)
    lines = said("log", KEY).splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3"]
    assert f"{timezone.localtime(NOW):%Y-%m-%d %H:%M:%S}  {roots(store)[0][:12]}     0 releases" in lines[0]
    assert (lines[0].endswith("releases"), lines[1].endswith("  pinned"), lines[2].endswith("2 releases  standing")) == (True, True, True)
    assert roots(store)[0] in said("log", KEY, "--full")
    found = told("log", KEY)
    assert [(one["serial"], one["root"], one["marks"]) for one in found] == [
        (1, roots(store)[0], []),
        (2, roots(store)[1], ["pinned"]),
        (3, roots(store)[2], ["standing"]),
    ]


def test_show_says_what_stands_and_who_signed_it(store: TreesStore) -> None:
    found = told("show", KEY)["sites"][0]
    assert (found["serial"], found["root"], found["previous"]) == (3, roots(store)[2], roots(store)[1])
    assert (found["files"], found["bytes"], found["releases"]) == (2, len(b"second") + len(b"third"), [0, 1])
    known = keyring.known()
    assert known is not None
    assert (found["signature"], found["keys"]) == ("good", list(known.release_keys))
    text = said("show", KEY)
    assert all(f"  {name}" in text for name in ("root", "serial", "previous", "record", "signature", "releases", "files", "compressed"))
    assert said("show").startswith(f"{KEY}\n")


def test_show_knows_earlier_snapshots_and_earlier_keys(store: TreesStore) -> None:
    call_command("keys", "rotate", stdout=StringIO())
    assert told("show", KEY)["sites"][0]["signature"] == "good"
    found = told("show", KEY, "--serial", "1")["sites"][0]
    assert (found["root"], found["files"], found["signature"]) == (roots(store)[0], 1, "good by trust 1")
    place = Path(store.layout.site(KEY), "record.json")
    place.write_bytes(records.write(records.believed(place.read_bytes()), [PrivateKey.generate()]))
    assert told("show", KEY)["sites"][0]["signature"] == "bad"
    with pytest.raises(Invalid, match="unknown_serial"):
        said("show", KEY, "--serial", "7")
    with pytest.raises(Invalid, match="serial_of_one"):
        said("show", "--serial", "1")


def test_show_counts_what_is_compressed(store: TreesStore) -> None:
    entry = store.layout.find(roots(store)[2], ["a.html"])
    assert entry
    place = store.layout.folder / "variants" / entry.sha256[:2]
    place.mkdir(parents=True)
    (place / f"{entry.sha256}.br").write_bytes(b"packed")
    (place / f"{entry.sha256}.gz").write_bytes(b"")
    assert told("show", KEY)["sites"][0]["variants"] == {"br": 1, "gz": 0, "zst": 0}


def test_a_site_that_was_never_built(store: TreesStore, office) -> None:
    factories.site("water", unit=office.unit)
    assert "water\n  never built" in said("show")
    for words in (("diff", "water"), ("pin", "water", "--reason", "x"), ("export", "water", "--to", "/nowhere")):
        with pytest.raises(Invalid, match="never_built"):
            said(*words)
    with pytest.raises(CommandError, match="No site has the key nowhere"):
        said("log", "nowhere")


def test_diff_shows_what_a_release_changed(store: TreesStore) -> None:
    assert said("diff", KEY).splitlines() == ["A           5  b/c.html", "· 1 added, 0 changed, 0 removed; +5 bytes"]
    assert said("diff", KEY, "1", "2").splitlines() == ["M           6  a.html", "· 0 added, 1 changed, 0 removed; +3 bytes"]
    assert said("diff", KEY, roots(store)[2][:10], "2").splitlines() == ["D           5  b/c.html", "· 0 added, 0 changed, 1 removed; -5 bytes"]
    assert said("diff", KEY, "1").splitlines()[-1] == said("diff", KEY, "1", "--stat").strip() == "· 1 added, 1 changed, 0 removed; +8 bytes"
    found = told("diff", KEY, "1")
    assert [(one["kind"], one["path"]) for one in found["files"]] == [("M", "a.html"), ("A", "b/c.html")]
    assert (found["from"], found["to"], found["bytes"]) == (roots(store)[0], roots(store)[2], 8)


@pytest.mark.parametrize("word", ["9", "zz", "deadbeef", "../1", ""])
def test_what_never_stood_is_said(store: TreesStore, word: str) -> None:
    for words in (("rollback", KEY, "--to", word), ("pin", KEY, word, "--reason", "x")):
        if word:
            with pytest.raises(Invalid, match="unknown_root"):
                said(*words)


def test_a_beginning_that_several_roots_share_is_refused(store: TreesStore) -> None:
    """Of 17 roots two begin alike."""
    for number in range(17):
        store.commit(KEY, {"a.html": b"%d" % number}, at=NOW)
    letters = [root[0] for root in roots(store) if root[0].isalpha()]
    digits = [root[0] for root in roots(store) if root[0] == "0"]
    shared = next((one for one in [*letters, *digits] if [*letters, *digits].count(one) > 1), None)
    if shared:
        with pytest.raises(Invalid, match="ambiguous_root"):
            said("diff", KEY, shared)


def test_back_and_back_again(store: TreesStore) -> None:
    said("rollback", KEY)
    assert store.root(KEY) == roots(store)[1]
    said("rollback", KEY, "--to", "1")
    assert store.root(KEY) == roots(store)[0]
    said("rollback", KEY, "--to", roots(store)[2][:9])
    assert store.root(KEY) == roots(store)[2]


def test_verify_passes_what_is_sound(store: TreesStore, capsys: pytest.CaptureFixture[str]) -> None:
    said("verify")
    assert "every root what its record says" in capsys.readouterr().out
    assert told("verify") == {"sites": [KEY], "is_sound": True, "first": None}
    call_command("keys", "rotate", stdout=StringIO())
    assert told("verify", KEY)["is_sound"]


@pytest.mark.parametrize("planted", ["byte", "gone", "current", "stranger", "unsigned", "trust", "no trust"])
def test_verify_names_the_first_bad_thing(store: TreesStore, planted: str, capsys: pytest.CaptureFixture[str]) -> None:
    site, known = Path(store.layout.site(KEY)), Path(store.layout.trust, "1.json")
    record = records.believed((site / "record.json").read_bytes())
    if planted == "byte":
        (site / "current/b/c.html").chmod(0o644)
        (site / "current/b/c.html").write_bytes(b"THIRD")
    elif planted == "gone":
        (site / "current/a.html").unlink()
    elif planted == "current":
        (site / "current").unlink()
        (site / "current").symlink_to(f"../../trees/{roots(store)[0][:2]}/{roots(store)[0]}")
    elif planted == "stranger":
        (site / "record.json").write_bytes(records.write(record, [PrivateKey.generate()]))
    elif planted == "unsigned":
        (site / "record.json").write_bytes(records.write(record, []))
    elif planted == "trust":
        call_command("keys", "rotate-root", stdout=StringIO())
        Path(store.layout.trust, "2.json").unlink()
    else:
        known.unlink()
    with pytest.raises(SystemExit) as left:
        said("verify")
    assert left.value.code == 1
    expected = {
        "byte": f"{KEY}: /b/c.html is changed",
        "gone": f"{KEY}: /a.html is missing",
        "trust": "the trust is not the one",
        "no trust": "the trust is not",
    }
    assert expected.get(planted, f"{KEY}: the record is not signed by today's key") in capsys.readouterr().out
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("site", "verify", "--json", stdout=out)
    assert json.loads(out.getvalue())["is_sound"] is False


def test_pins_and_collecting(store: TreesStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said("pin", KEY, "1", "--reason", "选举")
    assert [one.reason for one in pins.pinned(store.layout, KEY)] == ["选举"]
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr(timezone, "now", lambda: later)
    said("gc", "--dry-run")
    assert "would go: 1 directories, 1 files, 6 bytes" not in capsys.readouterr().out, "the page of the second snapshot stands in the third too"
    said("gc")
    assert told("log", KEY)[1]["marks"] == ["collected"]
    assert [one["marks"] for one in told("log", KEY)] == [["pinned"], ["collected"], ["standing"]]
    with pytest.raises(NotPossible, match="collected"):
        said("diff", KEY, "2")
    with pytest.raises(NotPossible, match="collected"):
        said("export", KEY, "--to", "/nowhere", "--serial", "2")
    said("unpin", KEY, "1")
    assert "is pinned no more" in capsys.readouterr().out
    said("gc", "--days", "1")
    assert told("log", KEY)[0]["marks"] == ["collected"]
    for days in ("0", "3651", "-1", "x"):
        with pytest.raises(CommandError, match="not a number of days"):
            said("gc", "--days", days)


def test_the_sweeper_collects_once_a_day_and_signs_again_in_time(store: TreesStore) -> None:
    start = NOW + timedelta(days=2)
    assert effects.renew(now=start) == []
    assert effects.renew(now=start + timedelta(days=4)) == [KEY], "less than half of seven days is left"
    assert effects.renew(now=start + timedelta(days=4, minutes=30)) == [], "nobody looks again within the hour"
    assert effects.renew(now=start + timedelta(days=4, hours=2)) == []
    record = store.standing(KEY)
    assert record is not None
    assert (record.given, record.snapshot.serial) == (start + timedelta(days=4), 3)

    later = timezone.now() + timedelta(days=400)
    done = effects.collect(now=later)
    assert done is not None
    assert done.trees == 2
    assert effects.collect(now=later + timedelta(hours=23)) is None
    assert effects.collect(now=later + timedelta(hours=25)) is not None
    assert effects.collect(now=later) is not None, "a stamp from the future counts for nothing"


def test_a_record_of_another_key_is_signed_again_and_a_broken_one_holds_up_nobody(store: TreesStore, office) -> None:
    store.commit("awater", {"a": b"1"}, at=NOW)
    place = Path(store.layout.site(KEY), "record.json")
    place.write_bytes(records.write(records.believed(place.read_bytes()), []))
    Path(store.layout.site("awater"), "record.json").write_bytes(b"broken")
    assert effects.renew(now=NOW + timedelta(days=2)) == [KEY]
    known = keyring.known()
    assert known is not None
    assert records.is_signed(place.read_bytes(), known)


def test_the_sweep_does_both(store: TreesStore, settings) -> None:
    sweep.sweep()
    assert {place.name for place in Path(settings.SNAPSHOT_ROOT).glob("*.stamp")} == {"renewed.stamp", "collected.stamp"}


def test_exports_to_each_place(store: TreesStore, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said("export", KEY, "--to", str(tmp_path / "www"))
    assert (tmp_path / "www/b/c.html").read_bytes() == b"third"
    said("export", KEY, "--to", str(tmp_path / "www"), "--check")
    assert "education serial 3: 0 files written (0 bytes), 4 were there, 0 removed" in capsys.readouterr().out
    said("export", KEY, "--to", str(tmp_path / "site.tar.gz"), "--serial", "1")
    with tarfile.open(tmp_path / "site.tar.gz") as tar:
        assert "a.html" in tar.getnames()
        assert "b/c.html" not in tar.getnames()
    said("export", KEY, "--to", str(tmp_path / "site.warc.gz"))
    assert subprocess.run(["warcio", "check", str(tmp_path / "site.warc.gz")], check=False).returncode == 0
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    with serving() as bucket:
        said("export", KEY, "--to", "s3://b/site", "--endpoint", bucket.address)
        assert bucket.objects["site/b/c.html"].content == b"third"
    for to in ("s3://b/site", str(tmp_path / "site.tar")):
        with pytest.raises(Invalid, match="export_unchecked"):
            said("export", KEY, "--to", to, "--check")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["export", KEY, "--to", "{folder}/mine"], "is neither empty nor an export of ours"),
        (["export", KEY, "--to", "s3:/x"], "is not written as s3://bucket/prefix"),
        (["export", KEY, "--to", "s3://b/x", "--endpoint", "x"], "x is no address of a bucket service"),
        (["export", KEY, "--to", "{store}/sites/x"], "lies inside the snapshots"),
        (["log", "{broken}"], "history is damaged (line 4 is not a record)"),
        (["export", KEY, "--to", "{folder}/no/where.tar"], "could not be written (No such file or directory)"),
        (["diff", KEY, "77"], "never stood at the root 77"),
        (["show", KEY, "--serial", "77"], "has no snapshot with the serial 77"),
    ],
)
def test_refusals_are_one_line(store: TreesStore, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], expected: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/precious.txt").touch()
    if "{broken}" in words:
        with Path(store.layout.site(KEY), "history").open("ab") as history:
            history.write(b"hello\n")
    with pytest.raises(SystemExit) as left:
        cli.main(["site", *(word.format(folder=tmp_path, store=store.layout.folder, broken=KEY) for word in words)])
    lines = capsys.readouterr().err.splitlines()
    assert (left.value.code, len(lines)) == (1, 1)
    assert expected in lines[0]


@pytest.mark.parametrize(
    "words",
    [
        *(["rollback", KEY, "--to", ""], ["pin", KEY, "", "--reason", "x"], ["unpin", KEY, ""], ["diff", KEY, ""], ["diff", KEY, "1", ""]),
        *(["pin", KEY, "--reason", reason] for reason in ("", " ", "\udcff")),
        *(["export", KEY, "--to", place] for place in ("", "file:///srv/www", "https://example.gov/x", "S3:x", "ftp://x/site.tar")),
        ["export", KEY, "--to", "s3://b/x", "--endpoint", "no address"],
    ],
)
def test_an_empty_or_impossible_word_means_nothing(store: TreesStore, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable of a script that nobody has set must not roll a site back."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = [*store.log(KEY), *pins.pinned(store.layout, KEY)]
    with pytest.raises((CommandError, Invalid)):
        said(*words)
    assert [*store.log(KEY), *pins.pinned(store.layout, KEY)] == before
    assert not list((tmp_path / "here").iterdir())


def test_a_key_that_nobody_may_read_stops_the_command_in_one_line(store: TreesStore, settings, capsys: pytest.CaptureFixture[str]) -> None:
    (Path(settings.KEYS) / "release.pem").write_text("no key")
    os.utime(Path(settings.KEYS) / "release.pem", (1, 1))
    with pytest.raises(SystemExit):
        cli.main(["site", "rollback", KEY])
    assert "cannot be read (not a private key without password)" in capsys.readouterr().err
