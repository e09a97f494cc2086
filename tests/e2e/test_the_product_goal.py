"""What the product is for, from the first goal to the one approval: as an operator types it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cockpit.bound_operations import BoundOperations
from cockpit.cli.main import run as call_in_this_process
from cockpit.settings import Settings
from cockpit.wiring import opened_ports
from factory.errors import Refused
from factory.model.launch import Launch
from factory.operations import cap, decide, inspect, land, permissions, retry, start, verbs, verify
from tests.e2e.product import PROGRAM, Cockpit, agent, cockpit, make_repository, verifier

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("product goal")]

GOAL = "Napravi product demo za Bilko mobile companion."
RISKY = "Fix the payment api: delete the migration of the invoices"
ACCEPT = ("--accept", "A1: there is a demo :: test -e demo.md")
MAKES = "open('demo.md', 'w').write('# Bilko\\n')"
MAKES_WHEN_TOLD = """
import time
from pathlib import Path
while not Path({told!r}).exists():
    time.sleep(0.02)
open('demo.md', 'w').write('# Bilko\\n')
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    config = '[agents.twin]\nuse = "command:true"\ncompany = "CodeCraft"\n'
    with cockpit(tmp_path_factory.mktemp("product") / "naš 'home' & more", config) as opened:
        yield opened


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("source") / "Bilko mobile", {"README.md": "# Bilko\n"})


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    folder = tmp_path_factory.mktemp("agents")
    checks = verifier(folder, command="grep -q Bilko demo.md")
    return ("--coder", agent(folder, "coder", MAKES), "--verifier", checks)


def test_the_goal_is_kept_routed_with_a_reason_and_every_output_is_a_file(
    at: Cockpit, repo: Path, agents: Sequence[str]
) -> None:
    words = ["start", GOAL, "--repo", str(repo), "--key", "bilko", *ACCEPT, *agents]
    at_once = [launched.value for launched in at.at_once(3, *words)]
    assert len({launched["run"] for launched in at_once}) == 1
    assert sorted(launched["created"] for launched in at_once) == [False, False, True]
    said = at.text(*words)
    answer = at.ok(*words)
    assert (answer["created"], answer["run"] in said) == (False, True), "the same key is the same run"

    assert at.status(answer["run"])["goal"] == GOAL
    assert "product: FlowForge builds, Lexicon verifies" in said
    assert "product demo" in said, "why"
    made = {output["name"]: Path(output["path"]) for output in answer["outputs"]}
    assert list(made) == [
        "parent task and subtasks", "spec page", "routed companies", "thread", "evidence, cost, progress, blockers",
        "QA gate", "writeback",
    ]  # fmt: skip
    assert all(str(path) in said for path in made.values())
    assert {name for name, path in made.items() if not path.is_file()} <= {"spec page"}, "which the worker brings"

    assert at.drive(answer["run"])["state"] == "awaiting_qa"
    assert [name for name, path in made.items() if not path.is_file()] == []
    assert GOAL in made["spec page"].read_text()
    task, route = (json.loads(made[name].read_text()) for name in ("parent task and subtasks", "routed companies"))
    assert (task["goal"], [child["kind"] for child in task["children"]]) == (
        GOAL, ["plan", "build", "verify", "qa", "docs", "writeback"],
    )  # fmt: skip
    assert route["rule"].startswith("product: ")
    assert "product demo +4" in route["rule"]
    assert (route["coder"]["company"], route["verifier_agent"]["company"]) == ("FlowForge", "Lexicon")


def test_nothing_is_sent_before_there_is_something_to_verify(at: Cockpit, repo: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    coder = agent(tmp_path, "coder", MAKES_WHEN_TOLD.format(told=str(told)))
    checks = verifier(tmp_path, command="grep -q Bilko demo.md")
    run = at.start(RISKY, repo, *ACCEPT, "--coder", coder, "--verifier", checks)
    for _ in range(2):
        asked = at.status(run)["verifier"]
        assert (asked["required"], asked["state"], asked["sent"], asked["round"]) == (True, "prewired", 0, 0)
        refused = at.call("verify", run)
        assert (refused.exit_code, refused.code) == (3, "no_artifacts")
    record = json.loads((at.home / "evidence" / run / "record" / "thread.json").read_text())
    assert record["messages"] == []

    told.touch()
    assert at.wait(run) == "artifacts_ready"
    assert (at.status(run)["verifier"]["state"], at.status(run)["next_action"]["code"]) == ("prewired", "verify")
    at.ok("verify", run)
    assert at.wait(run) == "awaiting_qa"
    assert at.status(run)["verifier"]["sent"] == 1


def test_only_the_newest_package_can_be_approved_and_only_once(
    at: Cockpit, repo: Path, agents: Sequence[str], tmp_path: Path
) -> None:
    run = at.start(GOAL, repo, *ACCEPT, *agents)
    assert at.drive(run)["state"] == "awaiting_qa"
    old = at.ok("review", run)["digest"]
    picture = tmp_path / "demo.txt"
    picture.write_text("The demo on a small screen.\n")
    added = at.ok("evidence", "add", run, str(picture), "--claim", "A1")
    assert at.call("approve", run, "--digest", old).code == "stale_package"
    assert at.wait(run) == "awaiting_qa"
    new = at.ok("review", run)
    assert new["digest"] != old
    scores = {item["id"]: item["score"] for item in at.ok("evidence", "list", run)["items"]}
    assert scores[added["id"]] == 55, "a picture alone proves nothing"
    stale = at.call("approve", run, "--digest", old)
    assert (stale.exit_code, stale.code) == (3, "stale_package")

    at_once = at.at_once(3, "approve", run, "--digest", new["digest"])
    assert [answer.exit_code for answer in at_once] == [0, 0, 0]
    approval = at_once[0].value["approval"]
    assert {answer.value["approval"] for answer in at_once} == {approval}
    for words in (("approve", run, "--digest", old), ("reject", run, "--reason", "I changed my mind")):
        late = at.call(*words)
        assert (late.exit_code, late.code) == (3, "already_decided")
        assert "operator:" in late.value["error"]["message"]
    assert at.ok("wait", run, "--for", "done")["state"] == "done"
    assert at.ok("approve", run, "--digest", new["digest"])["approval"] == approval
    record = json.loads((at.home / "evidence" / run / "record" / "gate.json").read_text())
    assert [approval["id"] for approval in record["approvals"]] == [approval]


TELLS = """
import json, os, subprocess
home, run = os.environ["COCKPIT_HOME"], os.environ["COCKPIT_RUN"]
call = [{program!r}, "--home", home, "--json", "evidence", "add", run, "demo.md"]
open("demo.md", "w").write("all tests pass")
done = subprocess.run(call, capture_output=True, text=True)
open({out!r}, "w").write(json.dumps([done.returncode, done.stdout]))
"""


def test_memory_and_what_agents_say_are_no_evidence(
    at: Cockpit, repo: Path, agents: Sequence[str], tmp_path: Path
) -> None:
    finished = at.start(GOAL, repo, *ACCEPT, *agents)
    assert at.drive(finished)["state"] == "awaiting_qa"
    assert at.approve(finished).exit_code == 0
    at.ok("wait", finished, "--for", "done")
    while not (remembered := [one for one in at.ok("lookup", "Bilko")["items"] if one["source"] == "memory"]):
        assert not [item for item in at.ok("outbox", "list")["items"] if item["state"] == "dead"]

    out = tmp_path / "said"
    teller = agent(tmp_path, "teller", TELLS.format(program=str(PROGRAM), out=str(out)))
    run = at.start(GOAL, repo, *ACCEPT, "--coder", teller, *agents[2:])
    assert at.drive(run)["state"] == "awaiting_qa"
    before = len(at.ok("evidence", "list", run)["items"])
    code, printed = json.loads(out.read_text())
    assert (code, json.loads(printed)["error"]["code"]) == (3, "inadmissible_source"), "also not by its own hand"
    for source in ("memory://lesson-1", remembered[0]["ref"], "All 13 tests pass, I checked.", "https://ci.example/7"):
        refused = at.call("evidence", "add", run, source, "--claim", "A1")
        assert (refused.exit_code, refused.code) == (3, "inadmissible_source")
        assert source in refused.value["error"]["message"]
    assert len(at.ok("evidence", "list", run)["items"]) == before
    assert at.status(run)["state"] == "awaiting_qa", "nothing was superseded"


def test_coder_and_verifier_are_two_agents_of_two_companies(at: Cockpit, repo: Path) -> None:
    before = [run["run"] for run in at.ok("status")["runs"]]
    pairs = {"same_agent": ("command:true", "command:true"), "same_company": ("command:false", "twin")}
    for code, (coder, checks) in pairs.items():
        refused = at.call("start", RISKY, "--repo", str(repo), *ACCEPT, "--coder", coder, "--verifier", checks)
        assert (refused.exit_code, refused.code) == (3, code)
        assert "--verifier" in refused.value["error"]["hint"]
    assert [run["run"] for run in at.ok("status")["runs"]] == before


@dataclass(frozen=True)
class Same:
    """One wish, on the command line and in the cockpit."""

    module: Any
    words: tuple[str, ...]
    bound: Callable[[BoundOperations], object]


RUN = "run_1"
WISHES = {
    "start": Same(start, ("start", "a goal"), lambda bound: bound.start(Launch(goal="a goal"))),
    "verify": Same(verify, ("verify", RUN), lambda bound: bound.verify(RUN)),
    "review": Same(decide, ("review", RUN), lambda bound: bound.review(RUN)),
    "approve": Same(decide, ("approve", RUN, "--digest", "d"), lambda bound: bound.approve(RUN, "d", (), 0)),
    "reject": Same(decide, ("reject", RUN, "--reason", "no good"), lambda bound: bound.reject(RUN, "no good", "")),
    "retry": Same(retry, ("retry", RUN), lambda bound: bound.retry(RUN)),
    "cancel": Same(verbs, ("cancel", RUN), lambda bound: bound.cancel(RUN)),
    "pause": Same(verbs, ("pause", RUN), lambda bound: bound.pause(RUN)),
    "resume": Same(verbs, ("resume", RUN), lambda bound: bound.resume(RUN)),
    "instruct": Same(verbs, ("instruct", RUN, "text"), lambda bound: bound.instruct(RUN, "text")),
    "cap": Same(cap, ("cap", RUN, "1", "--reason", "why"), lambda bound: bound.cap(RUN, 1_000_000, "why")),
    "land": Same(land, ("land", RUN, "--yes"), lambda bound: bound.land(RUN)),
    "allow": Same(permissions, ("allow", RUN), lambda bound: bound.allow(RUN, False)),
    "deny": Same(permissions, ("deny", RUN, "--reason", "no"), lambda bound: bound.deny(RUN, "no")),
    "requeue": Same(inspect, ("outbox", "requeue", RUN), lambda bound: bound.requeue(RUN)),
}
READS = {"preview", "recent", "requests", "cost_review", "take_over", "measured", "report"}
"""Fills the launch form, where `start` says the same by refusing; is a card that `review` shows; opens a window."""


@pytest.mark.parametrize("name", WISHES)
def test_the_command_line_and_the_cockpit_call_the_same_function(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    def spy(_ports: object, subject: object, *_: object) -> None:
        asked.append(subject.goal if isinstance(subject, Launch) else subject)
        raise Refused("It was asked.", code="asked")

    monkeypatch.setattr(WISHES[name].module, name, spy)
    assert call_in_this_process(["--home", str(home), "--json", *WISHES[name].words]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "asked"
    with opened_ports(Settings(home), "operator:somebody") as ports, pytest.raises(Refused):
        WISHES[name].bound(BoundOperations(ports))
    assert asked == ["a goal" if name == "start" else RUN] * 2


def test_no_wish_of_the_cockpit_is_left_out() -> None:
    wishes = {name for name in vars(BoundOperations) if not name.startswith("_")}
    assert wishes - set(WISHES) == READS
