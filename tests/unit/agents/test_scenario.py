"""A scenario is checked before anything plays it, and what is wrong with it is named by its key."""

import json
from pathlib import Path

import pytest

from adapters.agents.scenario import ScenarioError, choose, load


def write(folder: Path, *turns: object, **more: object) -> Path:
    """A scenario with these turns."""
    file = folder / "scenario.json"
    file.write_text(json.dumps({"turns": list(turns), **more}))
    return file


def coder(*actions: object, attempt: object = 1) -> dict[str, object]:
    """A turn of the coder."""
    return {"role": "coder", "attempt": attempt, "actions": list(actions)}


def test_every_action_is_known(tmp_path: Path) -> None:
    actions = [
        {"say": "hi"}, {"write": "a/b", "text": "c"}, {"delete": "a/b"}, {"run": ["ls"]}, {"sleep_s": 0.5},
        {"result": {"summary": "s"}}, {"exit": 3},
    ]  # fmt: skip
    (turn,) = load(write(tmp_path, coder(*actions), about="who"))
    assert turn == {"role": "coder", "attempt": 1, "actions": actions}


@pytest.mark.parametrize(
    ("turn", "key"),
    [
        ("coder", "'turns[0]' must be an object"),
        ({"role": "boss", "actions": []}, "'turns[0].role' must be one of"),
        ({"role": "coder"}, "'turns[0].actions' must be a list"),
        (coder(attempt=0), "'turns[0].attempt' must be a whole number"),
        (coder(attempt=True), "'turns[0].attempt' must be a whole number"),
        ({**coder(), "when": 1}, "'turns[0].when' is not a key"),
        (coder("say hi"), "'turns[0].actions[0]' must be an object"),
        (coder({}), "'turns[0].actions[0]' must hold exactly one of"),
        (coder({"say": "a", "exit": 1}), "'turns[0].actions[0]' must hold exactly one of"),
        (coder({"say": 7}), "'turns[0].actions[0].say' must be text"),
        (coder({"say": "a", "text": "b"}), "'turns[0].actions[0].text' is not a key"),
        (coder({"write": "a"}), "'turns[0].actions[0].text' must be the text"),
        (coder({"write": "../a", "text": ""}), "'turns[0].actions[0].write' must be a path inside"),
        (coder({"delete": "/etc/passwd"}), "'turns[0].actions[0].delete' must be a path inside"),
        (coder({"run": "ls"}), "'turns[0].actions[0].run' must be a list of words"),
        (coder({"run": []}), "'turns[0].actions[0].run' must be a list of words"),
        (coder({"run": ["ls", 1]}), "'turns[0].actions[0].run' must be a list of words"),
        (coder({"sleep_s": 61}), "'turns[0].actions[0].sleep_s' must be from 0 to 60"),
        (coder({"exit": True}), "'turns[0].actions[0].exit' must be an exit code"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(turn: object, key: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, turn))
    assert str(caught.value).startswith(key)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it is not valid JSON"),
        ("[" * 100_000, "it is not valid JSON"),
        ("[]", "it must be a JSON object"),
        ("{}", "'turns' must be a list"),
        ('{"turns": []}', "'turns' must be a list"),
        ('{"turns": [], "agent": "x"}', "'agent' is not a key"),
        (" " * 1_100_000, "it is larger than"),
    ],
)
def test_what_is_no_scenario_at_all_is_said(content: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(content)
    with pytest.raises(ScenarioError, match=message):
        load(file)


def test_a_turn_is_chosen_by_role_and_attempt_and_the_last_one_stays(tmp_path: Path) -> None:
    turns = load(write(tmp_path, coder({"say": "1"}), coder({"say": "3"}, attempt=3)))
    chosen = [choose(turns, "coder", attempt) for attempt in (1, 2, 3, 9)]
    assert [turn and turn["attempt"] for turn in chosen] == [1, 1, 3, 3]
    assert choose(turns, "verifier", 1) is None
