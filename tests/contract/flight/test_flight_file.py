"""An exported run is replayed like the run itself, without its secrets; a bad file does no harm."""

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.flight.export import Exporter
from adapters.flight.ledger_reel import LedgerReel
from adapters.flight.opening import Flight, open_flight, open_run
from adapters.ledger.ledger import SqlLedger
from adapters.ledger.open import open_ledger
from factory.errors import Malformed, Missing, Refused
from factory.model.audit import event_hash
from factory.model.run import Run
from factory.model.step import Attempt, Gauge
from tests.contract.flight.hostile import BAD, members, with_frames
from tests.contract.flight.script import RUN, Seen, played
from tests.contract.ledger.books import put
from tests.fakes.clock import START, FixedClock

KEY = "AKIAABCDEFGHIJKLMNOP"


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Seen]]:
    """A ledger with a run, and what it said after every write."""
    path = tmp_path_factory.mktemp("recorded") / "ledger.db"
    return path, played(path, 5, 60)


@pytest.fixture(scope="module")
def exported(recorded: tuple[Path, list[Seen]]) -> Path:
    """The run as a file, with evidence."""
    home = recorded[0].parent
    evidence = home / "evidence" / RUN
    (evidence / "store").mkdir(parents=True)
    (evidence / "store" / "abc-ünï.log").write_text("13 passed\n")
    (evidence / "store" / "binary").write_bytes(b"\0\1")
    (evidence / "link").symlink_to("/etc/passwd")
    with closing(LedgerReel(recorded[0], RUN)) as reel:
        done = Exporter(reel, evidence, "1.2.3").write(home / "run.flight")
    assert (done.files, done.redactions) == (1, 0)
    assert dict(done.left_out) == {
        f"evidence/{RUN}/link": "no text, or not readable",
        f"evidence/{RUN}/store/binary": "no text",
    }
    return done.path


@pytest.fixture
def flight(exported: Path) -> Iterator[Flight]:
    opened = open_flight(exported)
    yield opened
    opened.close()


def _elsewhere(seen: Seen, flight: Flight) -> Any:
    """The view with its paths as they are in an unpacked flight."""
    packages = tuple(replace(one, path=str(flight.evidence / "not-recorded")) for one in seen.view.packages)
    return replace(seen.view, packages=packages)


def test_every_moment_of_the_file_is_as_it_was(recorded: tuple[Path, list[Seen]], flight: Flight) -> None:
    ledger = flight.ledger
    for seen in (*recorded[1], *recorded[1][::-1]):
        ledger.seek(seen.seq, seen.beats)
        assert replace(ledger.view(RUN), as_of=seen.view.as_of) == _elsewhere(seen, flight)
        assert ledger.rows() == (seen.row,)


def test_it_is_what_was_recorded_and_says_so(flight: Flight, recorded: tuple[Path, list[Seen]]) -> None:
    proof = flight.check()
    assert (proof.ok, proof.moments, proof.redacted) == (True, len(flight.ledger.moments), 0)
    assert (
        proof.sentence
        == f"{proof.moments} moments are as they were recorded; files of evidence and logs were not checked."
    )
    own = open_run(recorded[0], RUN, Path("/nowhere"))
    assert own.check() == proof
    own.close()


def test_its_evidence_is_there_for_its_owner_alone_and_goes_with_it(flight: Flight, scratch: Path) -> None:
    (folder,) = scratch.iterdir()
    assert flight.folder == folder
    assert (flight.evidence / "store" / "abc-ünï.log").read_text() == "13 passed\n"
    for place in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(place.lstat().st_mode) == (0o700 if place.is_dir() else 0o600)
    flight.close()
    assert list(scratch.iterdir()) == []


def test_the_file_is_the_same_each_time_and_its_owners_alone(recorded: tuple[Path, list[Seen]], exported: Path) -> None:
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    with closing(LedgerReel(recorded[0], RUN)) as reel:
        again = Exporter(reel, exported.parent / "evidence" / RUN, "1.2.3")
        with pytest.raises(Refused, match="is there already") as refused:
            again.write(exported)
        assert refused.value.code == "exists"
        before = exported.read_bytes()
        again.write(exported, overwrite=True)
    assert exported.read_bytes() == before
    assert sorted(each.name for each in exported.parent.iterdir() if each.name.startswith(".")) == []


def _ledger_with_secrets(path: Path) -> SqlLedger:
    ledger = open_ledger(path, FixedClock())
    run = put(ledger, Run(id=RUN, goal=f'use {KEY} "or" my own word', namespace="default"))
    put(ledger, Attempt(id="att_1", run=RUN, step="s", n=1, folder=str(path.parent / "agents" / RUN / "s-1")))
    ledger.write("a", lambda tx: tx.note("look", RUN, run=RUN, detail={"token": 'kq8!"ueh7Zaq91', "n": 1}))
    put(ledger, replace(run, state="ready"))
    ledger.beat("att_1", START, "", Gauge(doing=f"curl {KEY}"))
    put(ledger, replace(ledger.get(Attempt, "att_1"), state="leased"))
    return ledger


def test_secrets_are_cut_out_and_the_moments_that_held_them_are_marked(tmp_path: Path) -> None:
    logs = tmp_path / "agents" / RUN / "s-1"
    logs.mkdir(parents=True)
    (logs / "out.log").write_text(f"key {KEY}\n")
    (logs / "credentials").write_text("nobody's business")
    (tmp_path / "evidence" / RUN / "store").mkdir(parents=True)
    (tmp_path / "evidence" / RUN / "store" / f"{KEY}.txt").write_text("a secret as a name")
    with (
        closing(_ledger_with_secrets(tmp_path / "ledger.db")),
        closing(LedgerReel(tmp_path / "ledger.db", RUN)) as reel,
    ):
        done = Exporter(reel, tmp_path / "evidence", "1", (b"my own word",)).write(tmp_path / "run.flight")
    everything = b"".join((*members(done.path).values(), *map(os.fsencode, members(done.path))))
    assert [why for name, why in done.left_out if KEY in name] == ["a secret is in its name"]
    assert all(secret not in everything for secret in (KEY.encode(), b"my own word", b"ueh7Zaq91", b"business"))
    assert done.redactions == 6
    opened = open_flight(done.path)
    assert (opened.check().ok, opened.check().redacted) == (True, 3)
    assert "3 without a secret cannot be checked" in opened.check().sentence
    opened.ledger.seek(10**9)
    assert opened.ledger.get(Run, RUN).goal == 'use [redacted:aws_key] "or" [redacted:value]'
    assert opened.ledger.get(Run, RUN).state == "ready"
    assert Path(opened.ledger.get(Attempt, "att_1").folder, "out.log").read_text().startswith("key [redacted")
    opened.close()


@pytest.mark.parametrize(
    "forge",
    [
        lambda frame: frame["event"].update(actor="operator:eve"),
        lambda frame: frame["lines"][0][4].update(goal="another"),
        lambda frame: frame["lines"].append([frame["event"]["seq"], RUN, "runs", RUN, {"state": "done"}]),
    ],
    ids=["an event", "a state", "a beat that is none"],
)
def test_what_was_changed_is_found(exported: Path, tmp_path: Path, forge: Any) -> None:
    def change(lines: list[bytes]) -> list[bytes]:
        seq, (event, states, beats, marks) = json.loads(lines[0])
        frame = {"event": event, "lines": states}
        forge(frame)
        if len(frame["lines"]) > len(states) or len(states) > 1:
            beats, states = [*beats, states.pop()], states
        return [json.dumps([seq, [frame["event"], states, beats, marks]]).encode() + b"\n", *lines[1:]]

    with_frames(change)(exported, tmp_path / "forged.flight")
    opened = open_flight(tmp_path / "forged.flight")
    proof = opened.check()
    assert not proof.ok
    assert proof.altered[0] == opened.ledger.first
    assert "is not what was recorded" in proof.sentence
    opened.close()


def test_an_event_with_a_new_hash_breaks_the_next_link(exported: Path, tmp_path: Path) -> None:
    def change(lines: list[bytes]) -> list[bytes]:
        opened = open_flight(exported)
        event = replace(opened.ledger.moments[1], actor="operator:eve")
        opened.close()
        seq, (values, *rest) = json.loads(lines[1])
        values |= {"actor": "operator:eve", "hash": event_hash(event)}
        return [lines[0], json.dumps([seq, [values, *rest]]).encode() + b"\n", *lines[2:]]

    with_frames(change)(exported, tmp_path / "forged.flight")
    opened = open_flight(tmp_path / "forged.flight")
    assert opened.check().altered == (opened.ledger.moments[2].seq,)
    opened.close()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    exported: Path, tmp_path: Path, scratch: Path, kind: str
) -> None:
    build, sentence = BAD[kind]
    bad = tmp_path / "in" / "bad.flight"
    bad.parent.mkdir()
    build(exported, bad)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Malformed, match=sentence) as malformed:
        open_flight(bad)
    assert malformed.value.message.endswith((".", ")"))
    assert sorted(tmp_path.rglob("*")) == before
    assert list(scratch.iterdir()) == []


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    for place in (tmp_path / "none.flight", tmp_path):
        with pytest.raises(Missing, match="There is no file"):
            open_flight(place)


def test_paths_of_a_strangers_machine_lead_nowhere(exported: Path) -> None:
    opened = open_flight(exported)
    opened.ledger.seek(10**9)
    assert opened.folder is not None
    view = opened.ledger.view(RUN)
    for place in (*(one.path for one in view.packages), *(one.folder for one in view.attempts if one.folder)):
        assert Path(place).is_relative_to(opened.folder)
    opened.close()
