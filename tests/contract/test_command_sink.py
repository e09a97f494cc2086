"""What a command sink gives its program, and what it makes of every end."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from adapters.sinks.command import CommandSink
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.rules.outbox import outbox_item

PATIENT_S = 30.0


def page(text: str = "Läuft ✓") -> OutboxItem:
    return outbox_item("run_1", "sink:hive", "page", {"ref": "run_1/status", "text": text}, "run_1/status")


def sink(tmp_path: Path, program: str, timeout_s: float = PATIENT_S) -> CommandSink:
    return CommandSink("sink:hive", [sys.executable, "-c", program], tmp_path, timeout_s)


def gone(pid: int) -> bool:
    """Whether a process ends soon."""
    deadline = time.monotonic() + PATIENT_S
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def test_the_program_gets_the_item_and_its_end_with_0_means_that_it_has_it(tmp_path: Path) -> None:
    item = page()
    program = "import sys; open('got', 'wb').write(sys.stdin.buffer.read())"
    assert sink(tmp_path, program).deliver(item) == ("delivered", item.id)
    assert json.loads((tmp_path / "got").read_bytes()) == {
        "id": item.id,
        "op": "page",
        "key": item.dedupe_key,
        "run": "run_1",
        "payload": {"ref": "run_1/status", "text": "Läuft ✓"},
    }


def test_it_sees_nothing_of_our_environment_but_the_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTACK_TOKEN", "wiki-secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    sink(tmp_path, "import json, os; json.dump(dict(os.environ), open('seen', 'w'))").deliver(page())
    seen = json.loads((tmp_path / "seen").read_text())
    assert "BOOKSTACK_TOKEN" not in seen
    assert (seen["COCKPIT_SINK"], seen["LANG"], seen["PATH"]) == ("sink:hive", "C.UTF-8", os.environ["PATH"])


@pytest.mark.parametrize("code", [1, 2, 64, 74, 76, 255])
def test_any_other_end_is_a_refusal_with_its_last_line(tmp_path: Path, code: int) -> None:
    program = f"import sys; print('first'); print('no such \\x1b[31mroom', file=sys.stderr); sys.exit({code})"
    with pytest.raises(Refused) as caught:
        sink(tmp_path, program).deliver(page())
    assert f"exit {code}" in caught.value.message
    assert caught.value.message.endswith("no such ␛[31mroom")


def test_75_and_a_signal_mean_try_again(tmp_path: Path) -> None:
    for program in ("raise SystemExit(75)", "import os; os.kill(os.getpid(), 9)"):
        with pytest.raises(Unreachable, match="sink:hive"):
            sink(tmp_path, program).deliver(page())


@pytest.mark.parametrize("argv", [["/nowhere/program"], ["a\0b"], []])
def test_a_program_that_cannot_be_started_is_an_outage(tmp_path: Path, argv: list[str]) -> None:
    with pytest.raises(Unreachable, match="cannot be started"):
        CommandSink("sink:hive", argv, tmp_path).deliver(page())


def test_one_that_does_not_end_is_ended_with_all_of_its_group(tmp_path: Path) -> None:
    script = "trap '' TERM; touch pids; sleep 600 & echo $$ $! > pids; wait"
    pids: list[str] = []
    for timeout_s in (1.0, PATIENT_S):  # on a busy machine the shorter time may be over before it has begun
        if not pids:
            with pytest.raises(Unreachable) as caught:
                CommandSink("sink:hive", ["sh", "-c", script], tmp_path, timeout_s).deliver(page())
            assert caught.value.code == "timeout"
            pids = (tmp_path / "pids").read_text().split() if (tmp_path / "pids").exists() else []
    assert len(pids) == 2
    assert all(gone(int(pid)) for pid in pids)


@pytest.mark.parametrize("start", ["sleep", "setsid sleep"])
def test_a_child_that_it_leaves_behind_with_our_pipe_holds_nothing_up(tmp_path: Path, start: str) -> None:
    began = time.monotonic()
    argv = ["sh", "-c", f"{start} 600 & echo $! > pid"]
    assert CommandSink("sink:hive", argv, tmp_path).deliver(page())[0] == "delivered"
    assert time.monotonic() - began < PATIENT_S
    pid = int((tmp_path / "pid").read_text())
    if start == "sleep":
        assert gone(pid)
    else:  # it left our group: the operator's own program meant to
        os.kill(pid, 9)


def test_one_that_reads_nothing_or_says_too_much_is_no_trouble(tmp_path: Path) -> None:
    big = page("x" * 2_000_000)
    assert sink(tmp_path, "pass").deliver(big)[0] == "delivered"
    assert (
        sink(tmp_path, "import sys; [s.write('y' * 3_000_000) for s in (sys.stdout, sys.stderr)]").deliver(big)[0]
        == "delivered"
    )


def test_a_secret_in_what_it_says_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        sink(tmp_path, "raise SystemExit('token=ghp_' + 'a1B2' * 9)").deliver(page())
    assert "a1B2a1B2" not in caught.value.message
