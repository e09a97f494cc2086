"""What a driver hears, keeps and tells, with an agent that is scripted."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.agents.dialects.titles import LONGEST_TEXT
from adapters.agents.driving import record
from adapters.agents.journal import entries
from factory.model.agent_event import Finished, Note, Received, Started, Text, ToolCall, ToolResult, Usage
from factory.model.step import Tokens
from tests.contract.driver_rig import Rig, a_rig
from tests.support.fake_claude import MODEL

SECRET = "sk-ant-api03-" + "a1b2c3d4" * 5


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    return a_rig(tmp_path, monkeypatch)


def written(rig: Rig) -> dict[str, str]:
    return {"file_path": str(rig.folder / "tree" / "new.txt"), "content": "new"}


async def test_an_edit_is_told_kept_counted_and_priced(rig: Rig) -> None:
    rig.plays({"call": 100_000}, {"use": "Write", "input": written(rig)}, {"call": 20_000}, {"text": "It is done."})
    result = await rig.run()
    assert (rig.folder / "tree" / "new.txt").read_text() == "new"
    assert (result.outcome, result.exit_code, result.end_reason, result.problem) == ("stopped", 0, "exit", "")
    assert (result.cost_micros, result.priced_micros, result.basis) == (120_000, 120_000, "computed")
    assert (result.tokens, result.model) == (Tokens(120_000), MODEL)
    assert result.summary == "Done."
    kinds = [type(event) for event in rig.events() if not isinstance(event, Note)]
    assert kinds[0] is Started
    assert kinds[-1] is Finished
    assert [event.title for event in rig.of(ToolCall)] == ["new.txt"]
    assert [event.tokens.input for event in rig.of(Usage)] == [100_000, 20_000]
    assert result.session == rig.of(Started)[0].session
    assert result.gauge is not None
    assert (result.gauge.spent, result.gauge.last_call) == (120_000, 20_000)


async def test_the_state_that_is_shown_is_the_one_at_the_end(rig: Rig) -> None:
    rig.plays({"call": 100_000}, {"use": "Read", "input": {"file_path": "calc.py"}})
    result = await rig.run()
    live = rig.session().live()
    assert live is not None
    assert (live.gauge.spent, live.gauge.doing, live.session) == (100_000, "calc.py", result.session)
    assert rig.heard.seen


async def test_the_log_is_for_people_and_the_stream_is_as_it_came(rig: Rig) -> None:
    rig.plays({"text": "Hello."}, {"raw": "no message"}, {"raw": "[1, 2]"})
    result = await rig.run()
    assert result.log is not None
    assert "Hello.\n· no message\n· [1, 2]\n■ stopped" in result.log.read_text()
    stream = (rig.place() / "stream.jsonl").read_text().splitlines()
    assert "no message" in stream
    assert json.loads(stream[-1])["type"] == "result"


async def test_secrets_are_in_nothing_that_it_leaves(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "wave-through-this")
    rig.settings = replace(rig.settings, env=("THE_KEY",))
    told = f'the key is wave-through-this and API_TOKEN={SECRET}"}}'
    rig.plays({"text": told}, {"use": "Bash", "input": {"command": f"echo '{SECRET}'"}}, {"call": 1})
    result = await rig.run()
    assert result.outcome == "stopped"
    assert len(rig.of(ToolResult)) == 1, "what is redacted is still a line of the journal"
    assert "the key is" in rig.of(Text)[0].text
    for name in ("events.jsonl", "stream.jsonl", "live.json", "out.log", "result.json", "job.json", "task.json"):
        kept = (rig.place() / name).read_text()
        assert SECRET not in kept, name
        assert "wave-through-this" not in kept, name


async def test_a_huge_output_is_read_whole(rig: Rig) -> None:
    rig.plays({"flood": 100, "of": 100_000}, {"flood": 1, "of": 12_000_000}, {"call": 1000})
    result = await rig.run(rig.task(wall_s=60.0))
    assert (result.outcome, result.cost_micros) == ("stopped", 1000)
    assert (rig.place() / "stream.jsonl").stat().st_size > 22_000_000
    assert {(len(event.text), event.truncated) for event in rig.of(ToolResult)} == {(LONGEST_TEXT, True)}
    assert (rig.place() / "events.jsonl").stat().st_size < 10_000_000


def test_a_journal_is_kept_up_to_its_cap_and_its_end_always_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "CAP_BYTES", 1000)
    kept = record.Record(tmp_path, ())
    for _ in range(100):
        kept.event(Note("one"))
    kept.event(Finished("stopped"))
    kept.flush()
    found = [entry.event for entry, _ in entries(tmp_path)]
    assert (len(found) + kept.left_out, found[-1]) == (101, Finished("stopped"))
    assert (tmp_path / "events.jsonl").stat().st_size < 1500


async def test_a_limit_that_the_agent_has_come_to_is_said_with_its_name(rig: Rig) -> None:
    rig.plays({"fail": "You have hit your session limit|1795712400", "status": 429})
    result = await rig.run()
    assert (result.outcome, result.resets_at) == ("rate_limit", "2026-11-26T17:00:00Z")


async def test_an_instruction_reaches_the_agent_and_has_its_receipt(rig: Rig) -> None:
    rig.plays({"call": 1}, {"hear": True})
    waiting = rig.start()
    await rig.live(lambda live: live.gauge.spent == 1)
    for _ in range(2):
        rig.session().instruct("msg_1", "Use fewer words.")
    assert (await waiting).outcome == "stopped"
    assert [event.text for event in rig.of(Text)] == ["heard: Use fewer words."]
    assert rig.of(Received) == [Received("msg_1")]
    live = rig.session().live()
    assert live is not None
    assert live.received == ("msg_1",)


async def test_messages_that_come_at_the_same_moment_are_all_heard(rig: Rig) -> None:
    rig.plays({"call": 1}, *[{"hear": True}] * 5)
    waiting = rig.start()
    await rig.live(lambda live: live.gauge.spent == 1)
    for n in range(5):
        rig.session().instruct(f"msg_{n}", f"word {n}")
    assert (await waiting).outcome == "stopped"
    assert [event.text for event in rig.of(Text)] == [f"heard: word {n}" for n in range(5)]


async def test_what_is_no_message_of_ours_in_the_inbox_is_left_alone(rig: Rig) -> None:
    rig.plays({"call": 1}, {"hear": True})
    waiting = rig.start()
    await rig.live(lambda live: live.gauge.spent == 1)
    inbox = rig.place() / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "a.json").write_text("{")
    (inbox / "b.json").write_text('{"kind": "limit", "id": "b", "said": {"micros": "much"}}')
    (inbox / "c.json").write_text('{"kind": "sing", "id": "c", "said": {}}')
    os.mkfifo(inbox / "d.json")
    rig.session().instruct("msg_1", "Go on.")
    assert (await waiting).outcome == "stopped"


async def test_orders_that_cannot_be_read_are_a_crash_with_one_end(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.plays()
    monkeypatch.setattr(
        "adapters.agents.registry.write_orders", lambda folder, _: (folder / "job.json").write_text("{")
    )
    result = await rig.run()
    assert (result.outcome, result.exit_code) == ("crashed", 64)
    assert result.log is not None
    assert "job.json cannot be read" in result.log.read_text()
    assert (await rig.finished()).outcome == "crashed"


async def test_a_program_that_cannot_be_started_is_a_crash_and_said(rig: Rig) -> None:
    rig.plays()
    broken = rig.folder / "gone"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o700)
    rig.settings = replace(rig.settings, program=str(broken))
    result = await rig.run()
    assert (result.outcome, result.reason) == (
        "crashed",
        f"{rig.folder / 'gone'} cannot be started: No such file or directory",
    )
    assert (await rig.finished()).outcome == "crashed"


async def test_a_prompt_with_a_nul_starts_nothing_and_says_so(rig: Rig) -> None:
    rig.plays()
    rig.settings = replace(rig.settings, model="a\0b")
    result = await rig.run()
    assert result.outcome == "crashed"
    assert "its driver failed" in result.reason
    assert (await rig.finished()).outcome == "crashed"


async def test_what_an_agent_needs_in_its_home_is_written_before_it_starts(rig: Rig) -> None:
    rig.settings = replace(rig.settings, name="codex", options={"base_url": "http://127.0.0.1:9/v1"})
    program = rig.bin / "codex"
    program.write_text('#!/bin/sh\ncp -r "$CODEX_HOME" seen\n')
    program.chmod(0o700)
    await rig.run()
    assert "http://127.0.0.1:9/v1" in (rig.folder / "tree" / "seen" / "config.toml").read_text()


def test_a_disk_that_is_full_stops_no_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = record.Record(tmp_path, ())

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    kept.event(Note("one"))
    kept.flush()
    monkeypatch.undo()
    assert "No space left" in kept.problem
