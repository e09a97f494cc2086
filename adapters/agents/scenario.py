"""Reads the scenario of a scripted agent. Stdlib only: the agent is a program of its own.

    {"turns": [{"role": "coder", "attempt": 1, "actions": [
        {"say": "text"}, {"write": "path", "text": "…"}, {"delete": "path"}, {"run": ["program", "argument"]},
        {"sleep_s": 0.5}, {"result": {"summary": "…", "cost_usd": 0.01}}, {"exit": 1}]}]}

In strings of `run` and `result`, `${COCKPIT_SUBJECT}` and the like stand for the agent's own variables.
"""

import json
from pathlib import Path
from typing import Any

ROLES = ("coder", "verifier", "planner")
LONGEST_SLEEP_S = 60.0
LARGEST = 1 << 20

Turn = dict[str, Any]


class ScenarioError(Exception):
    """What is wrong with a scenario: the end of a sentence that names the key."""


def load(file: Path) -> tuple[Turn, ...]:
    """The turns of a scenario, checked.

    Raises:
        ScenarioError: it is malformed. OSError: it cannot be read.
    """
    if file.stat().st_size > LARGEST:
        raise ScenarioError(f"it is larger than {LARGEST} bytes")
    try:
        scenario = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"it is not valid JSON: {error}") from error
    if not isinstance(scenario, dict):
        raise ScenarioError("it must be a JSON object with the key 'turns'")
    _known(scenario, {"about", "turns"}, "")
    turns = scenario.get("turns")
    if not isinstance(turns, list) or not turns:
        raise ScenarioError("'turns' must be a list with at least one turn")
    return tuple(_turn(turn, f"turns[{index}]") for index, turn in enumerate(turns))


def choose(turns: tuple[Turn, ...], role: str, attempt: int) -> Turn | None:
    """The turn of a role for an attempt: its own, else the last one before it; None when there is none."""
    fitting = [turn for turn in turns if turn["role"] == role and turn["attempt"] <= attempt]
    return max(fitting, key=lambda turn: int(turn["attempt"]), default=None)


def _turn(turn: object, key: str) -> Turn:
    if not isinstance(turn, dict):
        raise ScenarioError(f"'{key}' must be an object")
    _known(turn, {"role", "attempt", "actions"}, f"{key}.")
    if turn.get("role") not in ROLES:
        raise ScenarioError(f"'{key}.role' must be one of {', '.join(ROLES)}")
    attempt = turn.get("attempt", 1)
    if not isinstance(attempt, int) or isinstance(attempt, bool) or attempt < 1:
        raise ScenarioError(f"'{key}.attempt' must be a whole number from 1")
    actions = turn.get("actions")
    if not isinstance(actions, list):
        raise ScenarioError(f"'{key}.actions' must be a list")
    for index, action in enumerate(actions):
        _action(action, f"{key}.actions[{index}]")
    return {"role": turn["role"], "attempt": attempt, "actions": actions}


def _action(action: object, key: str) -> None:
    if not isinstance(action, dict):
        raise ScenarioError(f"'{key}' must be an object")
    verbs = action.keys() & _ACTIONS.keys()
    if len(verbs) != 1:
        raise ScenarioError(f"'{key}' must hold exactly one of {', '.join(_ACTIONS)}")
    verb = verbs.pop()
    _known(action, {verb, "text"} if verb == "write" else {verb}, f"{key}.")
    kinds, wanted = _ACTIONS[verb]
    value = action[verb]
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise ScenarioError(f"'{key}.{verb}' must be {wanted}")
    if verb == "write" and not isinstance(action.get("text"), str):
        raise ScenarioError(f"'{key}.text' must be the text to write")
    if verb == "run" and not (value and all(isinstance(word, str) for word in value)):
        raise ScenarioError(f"'{key}.run' must be {wanted}")
    if verb in ("write", "delete") and (Path(value).is_absolute() or ".." in Path(value).parts or not value):
        raise ScenarioError(f"'{key}.{verb}' must be a path inside the worktree")
    if verb == "sleep_s" and not 0 <= value <= LONGEST_SLEEP_S:
        raise ScenarioError(f"'{key}.sleep_s' must be from 0 to {LONGEST_SLEEP_S:.0f}")


_ACTIONS: dict[str, tuple[Any, str]] = {
    "say": (str, "text"),
    "write": (str, "a path"),
    "delete": (str, "a path"),
    "run": (list, "a list of words"),
    "sleep_s": ((int, float), "a number of seconds"),
    "result": (dict, "an object"),
    "exit": (int, "an exit code"),
}


def _known(found: dict[str, Any], keys: set[str], where: str) -> None:
    """Refuse a key that would be silently ignored."""
    if unknown := found.keys() - keys:
        raise ScenarioError(f"'{where}{min(unknown)}' is not a key of a scenario")
