"""The scripted agent: plays one turn of a scenario for real, in the worktree. It has no model, and says so.

Run as `python -I -S scripted.py SCENARIO`, with the environment of every command agent. Stdlib only.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MALFORMED = 64
"""Exit code for a scenario that has no such turn or cannot be read."""


def main(scenario: str) -> int:
    """Play the turn for the role and the attempt that the environment names; the exit code."""
    # This file is run by its path: nothing set it up.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from adapters.agents.scenario import ScenarioError, choose, load

    role, attempt = os.environ.get("COCKPIT_ROLE", ""), int(os.environ.get("COCKPIT_ATTEMPT") or "1")
    try:
        turn = choose(load(Path(scenario)), role, attempt)
    except (OSError, ScenarioError) as error:
        return _give_up(f"{scenario}: {error}.")
    if turn is None:
        return _give_up(f"{scenario} has no turn for the {role}.")
    _say(f"scripted agent, no model: the {role}'s turn {turn['attempt']} of {Path(scenario).name}")
    for action in turn["actions"]:
        code = _do(action)
        if code is not None:
            return code
    return 0


def _do(action: dict[str, Any]) -> int | None:
    """Do one action; an exit code ends the turn."""
    match action:
        case {"say": text}:
            _say(text)
        case {"write": path, "text": text}:
            _say(f"write {path}")
            _inside(path).parent.mkdir(parents=True, exist_ok=True)
            _inside(path).write_text(text, encoding="utf-8")
        case {"delete": path}:
            _say(f"delete {path}")
            _inside(path).unlink(missing_ok=True)
        case {"run": words}:
            _run(_filled(words))
        case {"sleep_s": seconds}:
            time.sleep(seconds / _speed())
        case {"result": result}:
            _say("leave a result")
            Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(_filled(result)), encoding="utf-8")
        case {"exit": code}:
            return int(code)
    return None


def _run(words: list[str]) -> None:
    """Run a command; its end is said, and decides nothing."""
    _say(f"run {' '.join(words)}")
    try:
        # What a command leaves in the worktree is committed with the rest: no byte code.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        code = subprocess.run(words, stdin=subprocess.DEVNULL, env=environment, check=False).returncode
    except OSError as error:
        _say(f"{words[0]}: {error.strerror}")
    else:
        _say(f"exit {code}")


def _inside(path: str) -> Path:
    """A path of the worktree; a link out of it is refused."""
    root = Path.cwd().resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root):
        raise SystemExit(_give_up(f"{path} leads out of the worktree."))
    return found


def _filled(value: Any) -> Any:
    """The value with every `${COCKPIT_…}` replaced."""
    if isinstance(value, str):
        return re.sub(r"\$\{(COCKPIT_[A-Z_]+)\}", lambda name: os.environ.get(name[1], ""), value)
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items()}
    return value


def _speed() -> float:
    """How much faster than written (`COCKPIT_SPEED`)."""
    try:
        return max(float(os.environ.get("COCKPIT_SPEED", "1")), 0.01)
    except ValueError:
        return 1.0


def _say(text: str) -> None:
    sys.stdout.write(f"scripted: {text}\n")
    sys.stdout.flush()


def _give_up(sentence: str) -> int:
    _say(sentence)
    return MALFORMED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
