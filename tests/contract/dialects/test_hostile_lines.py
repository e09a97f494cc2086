"""No line breaks a dialect, whatever is in it, and one end comes of it: what an agent says is not to be trusted."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.known import DIALECTS
from factory.model.agent_event import Calling, Finished, Usage
from tests.contract.dialects.recording import FOLDER, Line, Recording, cases, recorded
from tests.contract.dialects.rig import a_job, replay

FOLDERS = {
    "claude": "claude-code-",
    "codex": "codex-",
    "pi": "pi-",
    "opencode-run": "opencode-",
    "claude-agent-acp": "acp-claude-",
    "codex-acp": "acp-codex-",
    "opencode": "acp-opencode-",
    "pi-acp": "acp-pi-",
}
"""Dialect -> how the folders of its recordings begin."""
LONGEST = 3000
"""A line that is longer says nothing more about its form."""

_KINDS = ("type", "subtype", "method", "sessionUpdate")
"""Keys whose values tell one kind of line from another."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=8), values, max_size=4)


def lines_of(dialect: str) -> list[Message]:
    """Recorded lines of one dialect, each form of them once."""
    found: dict[str, Message] = {}
    for folder in sorted(path.name for path in FOLDER.iterdir() if path.name.startswith(FOLDERS[dialect])):
        for case in cases(folder):
            for message in recorded(folder, case).heard:
                if len(json.dumps(message)) < LONGEST:
                    found.setdefault(json.dumps(_form(message)), message)
    return list(found.values())


def opening_of(dialect: str) -> list[Message]:
    """What the agent says until it is prompted, where that is a conversation of its own (ACP)."""
    folder = next(path.name for path in sorted(FOLDER.iterdir()) if path.name.startswith(FOLDERS[dialect]))
    said: list[Message] = []
    for line in recorded(folder, "success_edit").lines:
        if line.ours and line.message.get("method") == "session/prompt":
            return said
        said += [] if line.ours else [line.message]
    return []


def _form(value: Any) -> Any:
    """Its keys, and the words that tell one kind from another."""
    if isinstance(value, dict):
        return {key: inner if key in _KINDS else _form(inner) for key, inner in value.items()}
    return [_form(inner) for inner in value[:1]] if isinstance(value, list) else None


RECORDED = {name: lines_of(name) for name in FOLDERS}
OPENINGS = {name: opening_of(name) for name in FOLDERS}


@st.composite
def spoilt(draw: st.DrawFn, dialect: str) -> Message:
    """A recorded line in which one value is another, or is gone."""
    message: Any = copy.deepcopy(draw(st.sampled_from(RECORDED[dialect])))
    place = message
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        if draw(st.booleans()):
            place[key] = draw(values)
        else:
            del place[key]
        return dict(message)


@pytest.mark.parametrize("dialect", sorted(FOLDERS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_line_breaks_a_dialect(dialect: str, data: st.DataObject) -> None:
    known = st.sampled_from(RECORDED[dialect])
    opened = OPENINGS[dialect] if data.draw(st.booleans()) else []
    heard = opened + data.draw(st.lists(spoilt(dialect) | known | objects, max_size=8))
    made = Recording("made", "made", tuple(Line(message) for message in heard), 1, "", {})
    stop_after = data.draw(st.none() | st.integers(1, 12))
    replayed = replay(DIALECTS[dialect], made, a_job(schema={}), interrupt_after=stop_after)
    assert replayed.events[-1:] == replayed.of(Finished)
    counted = [usage.tokens for usage in replayed.of(Usage)] + [call.tokens for call in replayed.of(Calling)]
    for tokens in counted:
        assert min(tokens.input, tokens.output, tokens.cache_read, tokens.cache_write) >= 0
    json.dumps(replayed.said)


@pytest.mark.parametrize("dialect", sorted(FOLDERS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_stream_may_be_cut_off_anywhere(dialect: str, data: st.DataObject) -> None:
    folder = data.draw(st.sampled_from(sorted(path.name for path in FOLDER.iterdir()
                                              if path.name.startswith(FOLDERS[dialect]))))  # fmt: skip
    was = recorded(folder, data.draw(st.sampled_from(cases(folder))))
    kept = data.draw(st.integers(0, len(was.lines)))
    replayed = replay(DIALECTS[dialect], Recording(folder, "cut", was.lines[:kept], -9, "", {}))
    assert replayed.events[-1:] == replayed.of(Finished)
    assert replayed.finished.tokens.input >= replayed.used.input


@pytest.mark.parametrize("dialect", sorted(FOLDERS))
@settings(max_examples=25, deadline=None)
@given(text=st.text(max_size=2000))
def test_nothing_on_standard_error_breaks_the_end(dialect: str, text: str) -> None:
    for exit_code in (None, 0, 1, -9):
        assert DIALECTS[dialect].conversation(a_job()).ended(exit_code, text).outcome == "crashed"
