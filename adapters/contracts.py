"""What the factory expects of what others bring, as checks for their tests.

Each raises `AssertionError` with a sentence. `cockpit new` writes a test that calls one of them.
"""

import json
import os
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.knowledge.pages import JinjaPages
from adapters.knowledge.plain import BEGIN, END
from adapters.spec_file import read_spec
from factory.errors import Refused, SourceError, Unreachable
from factory.model.definition import Definition
from factory.model.outbox import OutboxItem
from factory.model.run import Run
from factory.model.view import RunView
from factory.ports.knowledge import nothing_known
from factory.rules.goal import check_goal
from factory.rules.routing import route, table_from
from factory.rules.workflows import workflow_from

AGENT_S = 60.0


def check_sink(make: Callable[[], Any]) -> None:
    """A sink takes an item, takes it again without harm, confirms it, and refuses what it can never take.

    Args:
        make: Makes the sink, ready to be used, against a real or a fake system.
    """
    sink, item = make(), _item('{"id": "lesson-1", "text": "Round once, at the end.", "kind": "lesson"}')
    outcome, reference = sink.deliver(item, nothing_known)[:2]
    assert outcome in ("accepted", "delivered"), f"deliver() answered {outcome!r}: say 'accepted' or 'delivered'."
    assert isinstance(reference, str), "deliver() must answer where the item is, as text."
    assert sink.deliver(item, lambda _key: reference)[1] == reference, "The same item again must be the same thing."
    assert isinstance(sink.confirm(item), bool), "confirm() must answer whether the item has arrived."
    try:
        sink.deliver(_item("no JSON"), nothing_known)
    except Refused:
        return
    except Unreachable as error:
        raise AssertionError("A payload that is no JSON never gets better: raise Refused, not Unreachable.") from error
    raise AssertionError("A payload that is no JSON was taken: raise factory.errors.Refused.")


def check_agent(argv: Sequence[str]) -> None:
    """A program of the `command` agent changes its worktree as a coder, and leaves a verdict as a verifier."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said = _asked(argv, folder, "coder")
        changed = [file for file in (folder / "worktree").iterdir() if file.name != "README.md"]
        assert changed, "As a coder it changed nothing in its worktree, which the factory calls a failure (no_change)."
        assert isinstance(said.get("summary", ""), str), '"summary" must be text.'
        verdict = _asked(argv, folder, "verifier").get("verdict")
        assert isinstance(verdict, dict), 'As a verifier it must leave a "verdict" in COCKPIT_RESULT_FILE.'
        words = ("pass", "changes_requested", "inconclusive")
        assert verdict.get("verdict") in words, f'"verdict" must be one of {", ".join(words)}.'
        assert verdict.get("subject") == "0" * 40, '"subject" must be the commit in COCKPIT_SUBJECT.'
        assert verdict.get("commands"), '"commands" names nothing: a pass without a command counts as inconclusive.'


def check_company(table: Path, company: str, goals: Sequence[str]) -> None:
    """A company is found by the goals that are meant for it, and is never its own verifier."""
    known = table_from(tomllib.loads(table.read_text("utf-8")))
    rows = [row for row in known.rows if row.builder == company]
    assert rows, f"No row of {table} has builder = {company!r}."
    assert all(row.verifier != company for row in rows), f"{company} cannot verify itself: name another company."
    assert goals, "Name some goals that are meant for it."
    for goal in goals:
        try:
            found = route(goal, known)
        except SourceError as error:
            raise AssertionError(f"{goal!r} is not routed: {error.message} Give its row words of that goal.") from error
        assert found.builder == company, f"{goal!r} goes to {found.builder}: give the row of {company} more points."


def check_template(folder: Path, role: str) -> None:
    """A page template keeps what the factory needs of a page, and nothing in it is left to do."""
    file = folder / f"{role}.md.j2"
    assert "TODO" not in file.read_text("utf-8"), f"{file} still says what is to do."
    text = JinjaPages(folder).render(role, RunView(run=Run(id="run_1", goal="A goal")))
    assert text.startswith("---\n"), "A page begins with its front matter: extend page.md.j2."
    assert (text.count(BEGIN), text.count(END)) == (1, 1), "A page has one generated block: extend page.md.j2."
    assert "## Notes" in text, "A page has a Notes block, which survives: extend page.md.j2."


def check_workflow(file: Path) -> None:
    """A workflow is one that the factory can do, and says something that the usual one does not."""
    text, usual = file.read_text("utf-8"), Definition()
    try:
        found = workflow_from(str(file), file.stem, tomllib.loads(text), usual)
    except SourceError as error:
        raise AssertionError(f"{error.message} {error.hint}") from error
    assert "TODO" not in text, f"{file} still says what is to do: TODO."
    alike = replace(found, name=usual.name, version=usual.version) == usual
    assert not alike, f"{file} is the usual workflow under another name: change a number."


def check_spec(file: Path) -> None:
    """A spec says what a launch needs of a person: a goal, what done means, and what it may cost."""
    try:
        said = read_spec(file)
        check_goal(said.get("goal", ""))
    except SourceError as error:
        raise AssertionError(f"{error.message} {error.hint}") from error
    assert "TODO" not in said["goal"], f"{file} has no goal yet: TODO."
    assert said.get("accept"), f"{file} names no criterion: say in 'accept' what must hold, and what shows it."
    assert "TODO" not in "".join(said["accept"]), f"{file} does not say yet what done means: TODO."
    assert said.get("budget_micros", 1), f"{file} has a budget of nothing: no agent could start."


def _item(payload: str) -> OutboxItem:
    return OutboxItem(id="out_1", run="run_1", target="sink:test", op="remember", dedupe_key="1", payload=payload)


def _asked(argv: Sequence[str], folder: Path, role: str) -> dict[str, Any]:
    """What a program left, after it was called as the factory calls it."""
    worktree, prompt, result = folder / "worktree", folder / "prompt.md", folder / f"{role}.json"
    worktree.mkdir(exist_ok=True)
    (worktree / "README.md").write_text("A project.\n")
    prompt.write_text("Write a file ANSWER with the word 42 in it.\n")
    names = {"RUN": "run_1", "STEP": "stp_1", "ATTEMPT": "1", "THREAD": "thr_1", "SUBJECT": "0" * 40, "ROLE": role}
    environment = {f"COCKPIT_{name}": value for name, value in names.items()} | {
        "COCKPIT_PROMPT_FILE": str(prompt), "COCKPIT_RESULT_FILE": str(result), "HOME": str(folder),
        "PATH": os.environ.get("PATH", os.defpath),
    }  # fmt: skip
    done = subprocess.run(
        argv, cwd=worktree, env=environment, capture_output=True, text=True, timeout=AGENT_S, check=False
    )
    assert role == "verifier" or not done.returncode, f"As a coder it ended with {done.returncode}: {done.stderr}"
    found = json.loads(result.read_text("utf-8")) if result.exists() else {}
    assert isinstance(found, dict), "COCKPIT_RESULT_FILE must hold a JSON object."
    return found
