"""Every error is one JSON object with its exit code, a sentence for people, and never a traceback."""

import json
import shlex
from pathlib import Path

import pytest

import cockpit.wiring
from cockpit.cli import main
from factory.errors import SourceError
from tests.contract.command_line import Answer, CommandLine, Plant

OF_A_RUN = (
    "verify RUN",
    "review RUN",
    "approve RUN --digest 0",
    "reject RUN --reason because-of-this",
    "land RUN --yes",
    "retry RUN",
    "skip RUN --step docs",
    "cancel RUN",
    "pause RUN",
    "resume RUN",
    "instruct RUN text",
    "cap RUN 1 --reason why",
    "status RUN",
    "status RUN --watch",
    "wait RUN",
    "evidence list RUN",
    "evidence add RUN /etc/hostname",
    "evidence verify RUN",
    "evidence export RUN DIR",
)
"""Every command that names a run."""

USAGE = (
    "nope",
    "",
    "evidence",
    "evidence nope",
    "status --nope",
    "status a b",
    "start",
    "start goal --accept",
    "start goal --accept A1",
    "start goal --accept 'A1 text :: true'",
    "start goal --accept '1A: text :: true'",
    "start goal --accept 'A1: text :: '",
    "start goal --accept 'A1: text :: \"'",
    "start goal --accept 'A1: text :: a' --accept 'A1: text :: b'",
    "start goal --budget NaN",
    "start goal --budget nan",
    "start goal --budget inf",
    "start goal --budget -1",
    "start goal --budget 1e3",
    "start goal --budget 10000.01",
    "start goal --budget ''",
    "start goal --priority X",
    "start goal --prepare '\"'",
    "start ''",
    "start '  '",
    "approve RUN",
    "reject RUN",
    "skip RUN",
    "cap RUN NaN --reason why",
    "cap RUN 1",
    "cap RUN 1 --reason ''",
    "cap RUN 1 --reason why --scope day",
    "instruct RUN",
    "instruct RUN ''",
    "land RUN",
    "wait RUN --for nowhere",
    "wait RUN --timeout -1",
    "wait RUN --timeout nan",
    "wait RUN --timeout soon",
    "status --state nowhere",
    "status --limit 0",
    "status --md",
    "events --since x",
    "events --since -1",
    "evidence add RUN x --kind opinion",
    "evidence add RUN /etc/hostname --claim Z9",
    "lookup ''",
    "route ''",
    "--home",
    "--home=",
)


@pytest.fixture
def plant(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Plant:
    return Plant(CommandLine(home, capsys, monkeypatch), monkeypatch)


def words_of(line: str, run: str) -> list[str]:
    return [run if word == "RUN" else word for word in shlex.split(line)]


@pytest.mark.parametrize("line", USAGE)
def test_a_value_that_can_never_be_right_is_exit_2(plant: Plant, line: str) -> None:
    run = plant.delivered()
    head = plant.floor.ledger.head()
    plant.cli.json(*words_of(line, run)).failed(2, "usage")
    assert plant.floor.ledger.head() == head, "nothing is half done"


@pytest.mark.parametrize("line", OF_A_RUN)
def test_a_run_that_is_not_there_is_exit_4(plant: Plant, line: str) -> None:
    plant.launched()
    error = plant.cli.json(*words_of(line, "run_zzz")).failed(4, "not_found")
    assert "run_zzz" in error["message"]


@pytest.mark.parametrize("line", OF_A_RUN)
def test_without_any_run_last_is_exit_4(plant: Plant, line: str) -> None:
    plant.cli.json(*words_of(line, "last")).failed(4, "not_found")


@pytest.mark.parametrize("line", [line for line in OF_A_RUN if "verify" not in line.split()[1:]])
def test_an_ambiguous_prefix_is_exit_4_and_names_the_candidates(plant: Plant, line: str) -> None:
    first, second = plant.launched(), plant.launched()
    error = plant.cli.json(*words_of(line, "run_0")).failed(4, "not_found")
    assert first in error["message"] + error["hint"]
    assert second in error["message"] + error["hint"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("evidence show evd_zzz", "evd_zzz"),
        ("outbox requeue out_zzz", "out_zzz"),
        ("retry RUN --step nope", "nope"),
        ("skip RUN --step nope", "nope"),
    ],
)
def test_what_is_not_there_is_exit_4_and_named(plant: Plant, words: str, named: str) -> None:
    assert named in plant.cli.json(*words_of(words, plant.delivered())).failed(4, "not_found")["message"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("verify RUN", "no_artifacts"),
        ("approve RUN --digest 0", "not_ready"),
        ("land RUN --yes", "not_ready"),
        ("retry RUN", "not_ready"),
        ("skip RUN --step verify", "not_supported"),
        ("skip RUN --step qa", "not_supported"),
        ("cap RUN 1.01 --scope thread --reason why", "review_required"),
        ("evidence add RUN memory://1", "inadmissible_source"),
    ],
)
def test_what_a_guard_refuses_is_exit_3(plant: Plant, words: str, code: str) -> None:
    plant.cli.json(*words_of(words, plant.launched())).failed(3, code)


@pytest.mark.parametrize("verb", ["verify RUN", "pause RUN", "cancel RUN", "retry RUN", "instruct RUN text"])
def test_a_run_that_is_over_refuses_every_verb(plant: Plant, verb: str) -> None:
    run = plant.done()
    plant.cli.json(*words_of(verb, run)).failed(3, "terminal_state")


def test_the_ready_gate_refuses_and_creates_nothing(plant: Plant) -> None:
    words = ("start", "Make calc right", "--accept", "A1: right :: has calc.py right")
    agents = ("--coder", "coder-x", "--verifier", "verifier-y")
    repo = ("--repo", str(plant.floor.repo))
    plant.cli.json(*words, *agents, "--repo", str(plant.cli.home)).failed(3, "not_a_repository")
    plant.cli.json(*words, *repo, "--verifier", "verifier-y").failed(3, "no_agent")
    plant.cli.json(*words, *repo, "--coder", "coder-x", "--verifier", "coder-x").failed(3, "same_agent")
    plant.floor.workspace.dirty = ("calc.py",)
    assert "calc.py" in plant.cli.json(*words, *agents, *repo).failed(3, "dirty_repository")["message"]
    assert plant.floor.ledger.head().count == 0
    assert plant.workers.ensured == 0
    left_out = plant.cli.json(*words, *agents, *repo, "--allow-dirty")
    assert left_out.code == 0
    assert plant.floor.ledger.view(left_out.json["run"]).run.left_out == ("calc.py",)


@pytest.mark.parametrize(
    ("stdin", "named"),
    [(b"", "empty"), (b"a\0b", "NUL"), (b"\xff\xfe", "UTF-8"), (b"x" * (64 * 1024 + 1), "65,536")],
)
def test_a_goal_from_stdin_that_cannot_be_one_is_named(plant: Plant, stdin: bytes, named: str) -> None:
    repo = ("--repo", str(plant.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y")
    error = plant.cli.json("start", "-", *repo, "--accept", "A1: r :: true", stdin=stdin).failed(2, "usage")
    assert named in error["message"]


@pytest.mark.parametrize("goal", ["x" * 64 * 1024, "أصلح القسمة في api", "🛠️ fix the api 🛠️", "Napravi product demo"])
def test_a_goal_from_stdin_is_kept_as_it_is(plant: Plant, goal: str) -> None:
    repo = ("--repo", str(plant.floor.repo), "--coder", "coder-x", "--verifier", "verifier-y")
    answer = plant.cli.json("start", "-", *repo, "--accept", "A1: r :: has a b", stdin=f"{goal}\n".encode())
    assert plant.floor.ledger.view(answer.json["run"]).run.goal == goal


def test_an_argument_that_is_not_utf8_is_refused_by_its_place(plant: Plant) -> None:
    assert "Argument 4" in plant.cli.json("route", "\udcff").failed(2, "usage")["message"]


def test_an_agent_may_neither_approve_nor_land(plant: Plant) -> None:
    run = plant.awaiting_qa()
    digest = plant.cli.json("review", run).json["digest"]
    plant.floor.inside = run
    plant.cli.json("approve", run, "--digest", digest).failed(3, "agent_may_not_approve")
    refused = plant.cli.json("events").lines[-1]
    assert (refused["action"], refused["detail"]["code"]) == ("approval.refused", "agent_may_not_approve")
    plant.floor.inside = ""
    assert plant.cli.json("approve", run, "--digest", digest).code == 0
    plant.floor.inside = run
    plant.work()
    plant.cli.json("land", run, "--yes").failed(3, "agent_may_not_approve")


def test_people_get_the_sentence_and_the_fix_on_stderr_alone(plant: Plant) -> None:
    answer = plant.cli("status", "run_zzz")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("cockpit: ")
    assert "run_zzz" in answer.err


def test_a_defect_is_one_object_and_then_a_traceback(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "_carry_out", _break)
    with pytest.raises(ZeroDivisionError):
        main.run(["status", "--json"])
    out, _ = plant.cli._capture.readouterr()
    assert json.loads(out)["error"]["code"] == "defect"


def test_an_interrupt_is_exit_130_and_one_object(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    run = plant.launched()
    monkeypatch.setattr("cockpit.cli.waiting.time.sleep", _interrupt)
    plant.cli.json("wait", run).failed(130, "interrupted")


def test_a_reader_that_leaves_ends_the_call_without_a_word(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cockpit.cli.output.Output._print", _gone)
    answer = plant.cli.json("status")
    assert answer == Answer(141, "", "")


def test_a_system_that_refuses_is_exit_5(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cockpit.wiring, "opened_ports", _full)
    plant.cli.json("status").failed(5, "disk_full")


def test_a_source_error_keeps_its_own_code(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cockpit.wiring, "opened_ports", _odd)
    assert plant.cli.json("status").json["error"] == {"code": "odd", "message": "Odd.", "hint": "Even it."}


def _break(*_: object) -> int:
    return 1 // 0


def _interrupt(_: float) -> None:
    raise KeyboardInterrupt


def _gone(*_: object) -> None:
    raise BrokenPipeError


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device", "/somewhere")


def _odd(*_: object) -> None:
    raise SourceError("Odd.", "Even it.", "odd")
