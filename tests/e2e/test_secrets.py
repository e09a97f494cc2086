"""A whole run beside every system, by an agent that says what it was given: no credential is kept or told anywhere."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.product import WAIT_S, agent
from tests.e2e.stage import ACCEPT, GOAL, Stage
from tests.e2e.terminal import need_tmux
from tests.e2e.town import all_arrived, staged
from tests.support.fake_mission_control import OPERATOR
from tests.support.leaks import leaked, leaks
from tests.support.town import Keys, Town

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

TOOL = "key-of-a-tool-that-its-agent-was-given"
FILES = Keys(mission="password of the mirror's user")
VARIABLES = Keys(mission="api-key-of-the-mirror", user="")
CODER = """
    import hashlib, json, os, pathlib, sys, time
    given = {{name: os.environ[name] for name in {names!r}}}
    for name, value in given.items():
        for to in (sys.stdout, sys.stderr):
            print(f"my {{name}} is {{value}}, and again:", file=to, flush=True)
            for piece in (value[:7], value[7:], "\\n"):
                to.write(piece)
                to.flush()
                time.sleep(0.2)
    print(dict(os.environ), flush=True)
    print(*given.values(), flush=True)  # on a line of its own: the one before is wrapped somewhere
    proof = {{name: hashlib.sha256(value.encode()).hexdigest() for name, value in given.items()}}
    pathlib.Path({proof!r}).write_text(json.dumps(proof))
    pathlib.Path("answer.txt").write_text("right\\n")
    said = {{"summary": f"It answers right, with {{given}}.", "cost_usd": 0.01}}
    pathlib.Path(os.environ["COCKPIT_RESULT_FILE"]).write_text(json.dumps(said))
"""


@pytest.mark.parametrize(("kind", "keys", "given"), [("file", FILES, ["TOOL"]), ("env", VARIABLES, ["TOOL", "WIKI"])])
def test_no_credential_is_in_anything_that_a_run_leaves(
    home: Path, tmp_path: Path, kind: str, keys: Keys, given: list[str]
) -> None:
    need_tmux()
    town, proof = Town(keys), tmp_path / "proof"
    town.mission.doors.key = keys.mission
    town.mission.doors.people[0] = replace(OPERATOR, password=keys.mission)
    secrets = {
        **keys.by_place(),
        "TOOL": TOOL,
        **dict(zip(("WIKI_ID", "WIKI_SECRET"), keys.wiki.split(":"), strict=True)),
    }
    with staged(home, tmp_path, town, kind) as stage:
        stage.at.environment["TOOL"] = TOOL
        leaky = agent(tmp_path / "agents", "leaky", CODER.format(names=given, proof=str(proof)))
        with (home / "config.toml").open("a") as config:
            config.write(f"[agents.leaky]\nuse = {json.dumps(leaky)}\nenv = {json.dumps(given)}\n")
        town.is_quoting = True
        run = stage.at.start(GOAL, stage.repository, "--accept", ACCEPT, "--coder", "leaky")
        assert stage.at.wait(run) == "artifacts_ready"
        recorded(stage, run)
        stage.at.drive(run)
        assert stage.at.approve(run).exit_code == 0
        assert stage.at.ok("wait", run, "--for", "done", "--timeout", str(WAIT_S))["reached"] == "done"
        told = [stage.at.call(*words).value for words in (("outbox", "list"), ("status", run), ("doctor",))]
        assert "does not let us in" in json.dumps(told)
        town.is_quoting = False
        all_arrived(stage)
        told += [{"events": stage.at.events()}, stage.at.status(run)]
    assert json.loads(proof.read_text()) == {name: sha256(secrets[name]) for name in given}, "the agent had them"
    assert any("[redacted:value]" in log.read_text() for log in (home / "agents").rglob("out.log"))
    assert list((home / "recordings").glob("*.cast"))
    kept = {home / name for name in keys.by_place()} if kind == "file" else set()
    assert leaks(tmp_path, secrets, without=kept) == []
    assert leaked([json.dumps(each).encode() for each in told], secrets) == []
    sent = [part for url, body in town.got if "/auth/login" not in url for part in (url.encode(), body)]
    assert len(sent) > 20
    assert leaked(sent, secrets) == []


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def recorded(stage: Stage, run: str) -> None:
    """Somebody records what the agent said, and the state of the systems."""
    with stage.window(run[-4:]) as window:
        window.keys("R")
        window.shows("REC")
        window.keys("o")
        window.shows("[redacted:value]")
        window.keys("Escape")
        window.shows("NEXT")
        window.keys("R")
        window.shows("Recorded", without="REC ")
