"""A key reaches its agent by the environment, and stands in nothing that is kept, said or shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.agents.session import FolderSession
from tests.contract.agent_rig import program, task
from tests.contract.driver_rig import Rig, a_rig

SECRETS = ("wave-through-this-4711", 'w"ave\\through-this', "propušti-me-molim")
ELSEWHERE = "another-secret-of-the-operator"


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setenv("NOT_PASSED", ELSEWHERE)
    return a_rig(tmp_path, monkeypatch)


def forms(secret: str) -> set[bytes]:
    """How it may stand in a file."""
    quoted = (json.dumps(secret, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    return {form.encode() for form in (secret, *quoted)}


def holding(folder: Path, secret: str) -> list[str]:
    """The files of an attempt that hold a secret; its home is the agent's own."""
    files = [file for file in folder.rglob("*") if file.is_file() and "home" not in file.relative_to(folder).parts]
    assert {"job.json", "prompt.md", "events.jsonl", "stream.jsonl", "result.json", "out.log"} <= {
        file.name for file in files
    }
    return [file.name for file in files if any(form in file.read_bytes() for form in forms(secret))]


@pytest.mark.parametrize("secret", SECRETS)
async def test_a_key_is_in_nothing_that_an_attempt_leaves(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("THE_KEY", secret)
    rig.settings = replace(rig.settings, env=("THE_KEY",))
    rig.plays(
        {"text": f"I was given {secret}, see?"},
        {"use": "Bash", "input": {"command": 'for to in 1 2; do printf %s "$THE_KEY" >&$to; done'}},
        {"use": "Bash", "input": {"command": 'printf %s "$THE_KEY" > seen'}},
        {"use": "Bash", "input": {"command": "cat /proc/$PPID/cmdline > argv; env > env"}},
        {"raw": f"no message: {secret}"},
        {"fail": f"no: {secret}", "status": 401},
    )  # fmt: skip
    given = rig.task(prompt=f"Use {secret} where it is needed.")
    result = await rig.run(given)
    assert (given.worktree / "seen").read_text() == secret, "the agent has it"
    environment = (given.worktree / "env").read_text()
    assert "NOT_PASSED" not in environment
    assert f"HOME={rig.place()}/home\n" in environment, "a home of its own"
    assert secret.encode() not in (given.worktree / "argv").read_bytes()
    assert holding(rig.place(), secret) == []
    shown = repr((result, rig.events(), FolderSession(rig.place()).live()))
    assert secret not in shown
    assert "[redacted:value]" in shown
    assert "Use [redacted:value] where" in (rig.place() / "prompt.md").read_text()


async def test_a_key_in_a_last_word_is_not_in_the_result(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", SECRETS[0])
    rig.settings = replace(rig.settings, env=("THE_KEY",))
    rig.plays({"call": 1}, {"fail": f"denied for {SECRETS[0]}", "status": 401})
    result = await rig.run()
    assert SECRETS[0] not in f"{result}"
    assert SECRETS[0] not in (rig.place() / "result.json").read_text()


async def test_no_other_variable_of_the_operator_reaches_an_agent(rig: Rig, tmp_path: Path) -> None:
    printing = program(tmp_path, "import json, os; print(json.dumps(sorted(os.environ)))")
    rig.settings = replace(rig.settings, name="mine", use=printing)
    result = await rig.agents().run(task(tmp_path, "mine"), rig.heard)
    assert result.log is not None
    names = set(json.loads(result.log.read_text()))
    usual = {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "TERM", "USER", "LC_CTYPE"}
    assert {name for name in names - usual if not name.startswith(("COCKPIT_", "LC_"))} == set()
