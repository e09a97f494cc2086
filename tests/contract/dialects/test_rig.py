"""The rig itself: the recordings are all there, and it would notice a dialect that is wrong."""

from collections.abc import Iterable

import pytest

from adapters.agents.dialects.dialect import Abilities, Decision, Job, Message, Say, Start
from factory.model.agent_event import AgentEvent, Ask, Finished, Text, ToolCall, ToolResult, Usage
from factory.model.step import Tokens
from tests.contract.dialects.recording import FOLDER, cases, recorded
from tests.contract.dialects.rig import Replayed, assert_sound, replay

FOLDERS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


class Parrot:
    """A dialect that says back what it hears, asks at every message, and finds the third to be the last."""

    name = "parrot"
    can = Abilities(asks=True)

    def __init__(self) -> None:
        self.is_over = False
        self.heard = 0

    def start(self, job: Job) -> Start:
        return Start((job.program,))

    def conversation(self, job: Job) -> "Parrot":
        return Parrot()

    def take_over(self, job: Job) -> None:
        return None

    def open(self) -> Iterable[Say]:
        yield Say({"hello": True})

    def hear(self, message: Message) -> Iterable[AgentEvent | Say]:
        self.heard += 1
        self.is_over = self.heard >= 3
        yield Text(str(message))
        yield Ask(str(self.heard), ToolCall("t", "other", "look"))

    def answer(self, ask: str, decision: Decision) -> Iterable[AgentEvent | Say]:
        yield Say({"answer": ask, "allow": decision.allow})

    def instruct(self, text: str) -> Iterable[Say]:
        return ()

    def interrupt(self) -> Iterable[Say]:
        yield Say({"stop": True})

    def ended(self, exit_code: int | None, stderr: str) -> Finished:
        return Finished("stopped", raw_exit=exit_code)


@pytest.mark.parametrize("agent", FOLDERS)
def test_every_recording_can_be_read_and_none_is_left_out(agent: str) -> None:
    files = sorted(path.stem for path in (FOLDER / agent).glob("*.jsonl"))
    assert cases(agent) == files
    for case in files:
        recording = recorded(agent, case)
        assert len(recording.heard) + len(recording.said) == len(recording.lines)
        assert bool(recording.said) == agent.startswith("acp-")


def test_a_replay_opens_answers_interrupts_and_ends() -> None:
    heard = replay(Parrot(), recorded("codex-0.169.0", "killed_sigkill_in_command"), interrupt_after=2)
    assert heard.said == [
        {"hello": True},
        {"answer": "1", "allow": True},
        {"answer": "2", "allow": True},
        {"stop": True},
        {"answer": "3", "allow": True},
        {"answer": "4", "allow": True},
    ]
    assert heard.counts == {"Ask": 4, "Finished": 1, "Text": 4}
    assert heard.over_after == 3
    assert heard.finished.raw_exit == -9


def test_an_operator_may_leave_a_request_open() -> None:
    heard = replay(Parrot(), recorded("codex-0.169.0", "killed_sigkill_in_command"), decide=lambda _: None)
    assert heard.said == [{"hello": True}]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [Finished("stopped"), Finished("stopped")],
        [Finished("stopped"), Text("one more thing")],
        [ToolResult("nobody", ok=True), Finished("stopped")],
        [Usage(Tokens(input=1)), Finished("stopped")],
        [Usage(Tokens(input=1), micros=2), Finished("stopped", tokens=Tokens(input=1), micros=3)],
    ],
)
def test_what_is_not_sound_is_noticed(events: list[AgentEvent]) -> None:
    with pytest.raises(AssertionError):
        assert_sound(Replayed(events))
