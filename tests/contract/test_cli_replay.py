"""`cockpit replay`: one moment as its status, and the whole as a file that needs no home."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from adapters.ledger.open import open_ledger
from cockpit.cli.main import run
from cockpit.cli.recordings import Recording
from tests.contract.command_line import CommandLine
from tests.contract.flight.hostile import members, with_frames
from tests.contract.flight.script import RUN, WORD, Seen, played
from tests.contract.test_cli_shapes import check_status
from tests.fakes.clock import FixedClock


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Seen]]:
    """A home with a run, and what its ledger said after every write."""
    home = tmp_path_factory.mktemp("home")
    return home, played(home / "ledger.db", 3, 25)


@pytest.fixture
def cli(
    seen: tuple[Path, list[Seen]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    return CommandLine(seen[0], capsys, monkeypatch)


def test_a_moment_is_its_status_and_its_seq(cli: CommandLine, seen: tuple[Path, list[Seen]]) -> None:
    for moment in (seen[1][2], seen[1][-1]):
        answer = cli.json("replay", RUN, "--at", str(moment.seq))
        check_status(answer.json)
        assert (answer.code, answer.json["seq"], answer.json["state"]) == (0, moment.seq, moment.view.run.state)
        assert [step["state"] for step in answer.json["steps"]] == [step.state for step in moment.view.steps]
    text = cli("replay", "1", "--at", str(seen[1][2].seq)).out
    assert text.startswith(f"{RUN}  {seen[1][2].view.run.state}")
    assert f"moment     {seen[1][2].seq}  2026-01-01T" in text


def test_a_moment_outside_the_recording_is_no_moment(cli: CommandLine) -> None:
    error = cli.json("replay", RUN, "--at", "999999").failed(2, "usage")
    assert "was recorded from" in error["message"]
    assert cli.json("replay", RUN, "--at", "0").failed(2, "usage")


def test_an_export_is_replayed_without_a_home(
    cli: CommandLine, seen: tuple[Path, list[Seen]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "my.flight"
    made = cli.json("replay", RUN, "--export", str(file))
    assert (made.code, made.json["path"], made.json["run"]) == (0, str(file), RUN)
    assert made.json["moments"] > 20
    assert {"files", "left_out", "redactions", "bytes"} <= set(made.json)
    cli.json("replay", RUN, "--export", str(file)).failed(3, "exists")
    nowhere = cli.json("replay", RUN, "--export", str(tmp_path / "nodir" / "x")).failed(5, "unreachable")
    assert nowhere["message"] == f"{tmp_path / 'nodir' / 'x'}: No such file or directory."
    assert cli("replay", RUN, "--export", str(file), "--force").out.startswith(f"{file}: ")
    none = tmp_path / "no-home"
    seq = seen[1][7].seq
    assert run(["--home", str(none), "--json", "replay", str(file), "--at", str(seq)]) == 0
    out, err = capsys.readouterr()
    value, known = json.loads(out), cli.json("replay", RUN, "--at", str(seq)).json
    same = (
        "run",
        "state",
        "goal",
        "step",
        "agent",
        "verifier",
        "cost",
        "steps",
        "claims",
        "next_action",
        "as_of",
        "seq",
    )
    assert {name: value[name] for name in same} == {name: known[name] for name in same}
    assert value["recording"]["ok"]
    assert "moments are as they were recorded; files" in err
    assert not none.exists()
    cli.json("replay", str(file), "--export", str(tmp_path / "again")).failed(2, "usage")


def test_what_agents_get_of_the_environment_is_not_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(tmp_path / "ledger.db", 4, 3)
    (tmp_path / "config.toml").write_text('[agents.claude]\nenv = ["MY_OWN"]\n')
    monkeypatch.setenv("MY_OWN", WORD)
    made = CommandLine(tmp_path, capsys, monkeypatch).json("replay", RUN, "--export", str(tmp_path / "x.flight"))
    assert made.json["redactions"] > 10
    whole = b"".join(members(tmp_path / "x.flight").values())
    assert WORD.encode() not in whole
    assert b"[redacted:value]" in whole


def test_what_cannot_be_looked_for_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(tmp_path / "ledger.db", 4, 3)
    (tmp_path / "config.toml").write_text('[agents.claude]\nenv = ["MY_OWN"]\n[memory]\nkey = "keyring:rag/key"\n')
    monkeypatch.delenv("MY_OWN", raising=False)
    made = CommandLine(tmp_path, capsys, monkeypatch).json("replay", RUN, "--export", str(tmp_path / "x.flight"))
    assert made.code == 0
    assert "Not looked for, because their values are not known here: env:MY_OWN, keyring:rag/key." in made.err


def test_a_forged_file_is_shown_with_a_warning(cli: CommandLine, seen: tuple[Path, list[Seen]], tmp_path: Path) -> None:
    cli.json("replay", RUN, "--export", str(tmp_path / "good.flight"))
    forge = with_frames(
        lambda lines: [lines[0].replace(b'"actor":"operator:ana"', b'"actor":"operator:eve"'), *lines[1:]]
    )
    forge(tmp_path / "good.flight", tmp_path / "forged.flight")
    answer = cli.json("replay", str(tmp_path / "forged.flight"), "--at", str(seen[1][0].seq))
    assert (answer.code, answer.json["recording"]["ok"]) == (3, False)
    assert "is not what was recorded" in answer.err


def test_what_cannot_be_replayed_says_why(cli: CommandLine, tmp_path: Path) -> None:
    cli.json("replay", "run_none", "--at", "1").failed(4, "not_found")
    cli.json("replay", str(tmp_path / "none.flight"), "--at", "1").failed(4, "not_found")
    (tmp_path / "diary.flight").write_text("Dear diary, ")
    cli.json("replay", str(tmp_path / "diary.flight"), "--at", "1").failed(6, "malformed")
    cli.json("replay", RUN, "--at", "1", "--export", "x").failed(2, "usage")
    cli.json("replay", RUN, "--at", "one").failed(2, "usage")
    cli.json("replay", RUN, "--at", "1", "--speed", "0").failed(2, "usage")
    assert "needs a terminal" in cli.json("replay", RUN).failed(2, "usage")["message"]
    answer = cli("replay", RUN)
    assert (answer.code, answer.out) == (2, "")
    assert "--at SEQ" in answer.err


def test_on_a_terminal_the_screen_opens_at_the_first_moment(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.json("replay", RUN, "--export", str(tmp_path / "good.flight"))
    with_frames(lambda lines: [lines[0].replace(b"operator:ana", b"operator:eve"), *lines[1:]])(
        tmp_path / "good.flight", tmp_path / "forged.flight"
    )
    opened: list[tuple[int, float, str, bool]] = []

    def screen(call: object, recording: Recording, speed: float, rest: Callable[[], str]) -> int:
        flight = recording.flight
        opened.append((flight.ledger.place, speed, rest(), flight.evidence.is_relative_to(cli.home)))
        return 0

    monkeypatch.setattr("cockpit.cli.replaying.has_terminal", lambda: True)
    monkeypatch.setattr("cockpit.cli.replay_screen.open_replay", screen)
    assert cli("replay", RUN, "--speed", "4").code == 0
    assert "as they were recorded" in cli("replay", str(tmp_path / "good.flight")).err
    changed = "This is not what was recorded"
    assert changed in cli("replay", str(tmp_path / "forged.flight")).err
    assert [(place, speed, note[: len(changed)], mine) for place, speed, note, mine in opened] == [
        (0, 4.0, "", True), (0, 1.0, "", False), (0, 1.0, changed, False),
    ]  # fmt: skip


def test_a_run_from_before_the_history_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    played(tmp_path / "ledger.db", 4, 3)
    with closing(open_ledger(tmp_path / "ledger.db", FixedClock())) as ledger, ledger._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM history")
    answer = CommandLine(tmp_path, capsys, monkeypatch).json("replay", RUN, "--at", "9")
    assert "before its ledger kept a history" in answer.failed(3, "not_recorded")["message"]
