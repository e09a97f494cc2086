"""What an agent keeps in a database of its own is heard while it works, and disturbs nobody."""

import json
import sqlite3
from pathlib import Path

from adapters.agents.dialects.known import DIALECTS
from adapters.agents.dialects.opencode_steps import NEW_STEPS
from adapters.agents.driving.rollout_rows import RolloutRows
from factory.model.agent_event import Note, Usage
from factory.model.step import Tokens
from tests.contract.dialects.recording import recorded
from tests.contract.dialects.rig import a_job


def books(file: Path) -> sqlite3.Connection:
    made = sqlite3.connect(file)
    made.execute("PRAGMA journal_mode = wal")
    made.execute("CREATE TABLE part (id TEXT PRIMARY KEY, data TEXT NOT NULL)")
    return made


def step(output: int, reason: str = "tool-calls", cost: float = 0) -> dict[str, object]:
    tokens = {"total": 1000 + output, "input": 1000, "output": output, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    return {"type": "step-finish", "reason": reason, "tokens": tokens, "cost": cost}


def put(made: sqlite3.Connection, name: str, data: object) -> None:
    with made:
        made.execute("INSERT INTO part VALUES (?, ?)", (name, json.dumps(data)))


def test_steps_are_heard_once_each_from_a_file_that_is_made_later(tmp_path: Path) -> None:
    rows = RolloutRows(tmp_path / "a file?.db", NEW_STEPS)
    assert list(rows.new()) == []
    made = books(tmp_path / "a file?.db")
    put(made, "z", step(1))
    put(made, "a", {"type": "text", "text": "no step"})
    put(made, "m", step(2))
    assert [json.loads(said)["tokens"]["output"] for said in rows.new()] == [1, 2]
    put(made, "b", step(3))
    assert [json.loads(said)["tokens"]["output"] for said in rows.new()] == [3]
    assert list(rows.new()) == []


def test_what_an_earlier_process_used_is_not_heard_again(tmp_path: Path) -> None:
    made = books(tmp_path / "books.db")
    put(made, "a", step(1))
    rows = RolloutRows(tmp_path / "books.db", NEW_STEPS)
    put(made, "b", step(2))
    assert [json.loads(said)["tokens"]["output"] for said in rows.new()] == [2]


def test_a_file_that_is_no_database_or_has_another_form_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "books.db").write_bytes(b"no database" * 1000)
    assert list(RolloutRows(tmp_path / "books.db", NEW_STEPS).new()) == []
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE parts (id)")
    assert list(RolloutRows(tmp_path / "other.db", NEW_STEPS).new()) == []


def test_what_the_steps_tell_is_not_told_again_at_the_end_of_the_turn() -> None:
    recording = recorded("acp-opencode-1.18.33", "success_edit")
    talk = DIALECTS["opencode"].conversation(a_job(program="opencode"))
    list(talk.open())
    events = [event for message in recording.heard[:-1] for event in talk.hear(message)]
    told = [usage for said in (step(40), step(60, "stop", 0.01)) for usage in talk.hear_rollout(said)]  # type: ignore[attr-defined]
    events += talk.hear(recording.heard[-1])
    assert talk.is_over
    assert [event for event in events if isinstance(event, Usage | Note)] == []
    assert [usage.micros for usage in told] == [None, 10_000]
    end = talk.ended(0, "")
    assert (end.tokens, end.micros) == (Tokens(2000, 100), 10_000)


def test_a_call_that_was_cut_off_counts_as_large_as_the_one_before() -> None:
    recording = recorded("acp-opencode-1.18.33", "killed_sigterm_in_command")
    talk = DIALECTS["opencode"].conversation(a_job(program="opencode"))
    list(talk.open())
    for message in recording.heard:
        list(talk.hear(message))
    list(talk.hear_rollout(step(40)))  # type: ignore[attr-defined]
    assert talk.ended(None, "").tokens == Tokens(1000 + 1040, 40)
