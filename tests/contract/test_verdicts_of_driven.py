"""A verdict on its way from a driven verifier's last word to the one that counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.agents.claims import read_claims
from adapters.agents.driving.result import result_object
from factory.model.agent_event import Finished
from factory.model.thread import Verdict
from factory.rules.meter import Meter
from factory.rules.proof import Ran, judge

COMMIT = "c" * 40
GREEN = {"A1": Ran("A1", "passed")}


def a_verdict(word: str, command: str = "") -> dict[str, Any]:
    """As the schema wants it: every key is there, and no command is an empty one."""
    finding = {"severity": "block", "text": "it is off", "command": command}
    criteria = [{"id": "A1", "status": "refuted"}]
    return {"verdict": word, "subject": COMMIT, "criteria": criteria, "findings": [finding], "commands": []}


def counted(folder: Path, finished: Finished, ran: dict[int, Ran] | None = None) -> Verdict:
    """What counts of its last word."""
    (folder / "result.json").write_text(json.dumps(result_object(finished, Meter())))
    return judge(read_claims(folder / "result.json").verdict, COMMIT, GREEN, ran or {}, 1)


def by_schema(said: dict[str, Any]) -> Finished:
    return Finished("stopped", result=said)


def by_message(said: dict[str, Any]) -> Finished:
    return Finished("stopped", text=f"I looked at it.\n\n```json\n{json.dumps(said, indent=1)}\n```")


@pytest.mark.parametrize("ending", [by_schema, by_message])
def test_an_empty_command_is_none_and_a_block_without_one_asks_for_nothing(tmp_path: Path, ending: Any) -> None:
    verdict = counted(tmp_path, ending(a_verdict("changes_requested")))
    assert (verdict.word, verdict.said) == ("inconclusive", "changes_requested")
    assert verdict.findings[0].command == ()
    assert "it names no command" in verdict.reasons[1]


@pytest.mark.parametrize("ending", [by_schema, by_message])
def test_a_command_that_fails_here_gets_the_changes(tmp_path: Path, ending: Any) -> None:
    ran = {0: Ran("finding-0", "failed", "exit 1")}
    verdict = counted(tmp_path, ending(a_verdict("changes_requested", "python3 -m pytest -k off")), ran)
    assert verdict.word == "changes_requested"


@pytest.mark.parametrize(
    "text",
    [
        "All good, it passes.",
        '```json\n{"verdict": "fine"}\n```',
        '```json\n{"verdict": "pass"\n```',
        '```json\n["pass"]\n```',
        '```json\n{"verdict": "pass"}\n```',
        "",
    ],
)
def test_prose_and_what_is_no_verdict_is_inconclusive(tmp_path: Path, text: str) -> None:
    verdict = counted(tmp_path, Finished("stopped", text=text))
    assert verdict.word == "inconclusive"
    assert "no usable verdict" in verdict.reasons[0]
