"""Whole runs from one line of text, for tests of metrics: who worked for how many minutes, and what came of it.

`b10 v5=changes b8 v5=pass +` is a coder of 10 minutes, a verifier of 5 that asks for changes, and so on to an approval.

- `b10`, `v5=pass`, `v5=changes`, `v5=unsure`: a coder delivers a new commit; a verifier gives its verdict on it. Check
  A1 runs on that commit, in one minute, and fails where changes are asked for (`v5=baseless`: it does not fail).
- `b10!exit_3`, `b15!wall_clock`, `b1!unconnected`: an attempt that ended so.
- `b10^2`, `b10~3`: it was silent for 2 minutes before its first output, or for 3 minutes later on.
- `b10@9000`: it was told so many characters, else 1,000.
- `+`, `-`: QA approves or rejects, 30 minutes later; `x`: the run is cancelled. `w60`: an hour passes.

A coder costs $0.10 an attempt, a verifier $0.02.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from factory.model.audit import Event
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import CommandRecord, Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.run import Agent, Run
from factory.model.step import Attempt
from factory.model.thread import Message, Thread, Verdict
from factory.model.view import RunView
from tests.unit.rules.made import BASE, RUN, counts, item

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CODER, VERIFIER = "command:/bin/coder", "command:/bin/verifier"
COSTS = {"coder": 100_000, "verifier": 20_000}
CAP = 1_000_000
_ACT = re.compile(r"([bvw])(\d+)(?:([~^])(\d+))?(?:@(\d+))?(?:([!=])(\w+))?|([-+x])")
_WORDS: dict[str, tuple[Any, Any]] = {
    "pass": ("pass", "pass"),
    "changes": ("changes_requested", "changes_requested"),
    "baseless": ("inconclusive", "changes_requested"),
    "unsure": ("inconclusive", "inconclusive"),
    "nothing": ("inconclusive", ""),
}
"""What counts, and what was said."""


@dataclass(frozen=True)
class Told:
    """A run, and those of its events that metrics look at."""

    view: RunView
    events: tuple[Event, ...]


def tell(text: str, n: int = 1, coder: str = CODER, verifier: str = VERIFIER, **changes: Any) -> Told:
    """Run `n`, which begins on day `n` at nine; `changes` are fields of the run."""
    made = Run(
        id=f"run_{n}",
        goal=f"Goal {n}",
        criteria=RUN.criteria[:1],
        coder=Agent(coder, "CodeCraft"),
        verifier=Agent(verifier, "Proveo"),
        base_commit=BASE,
        state="running",
    )
    story = _Story(made, FIRST + timedelta(days=n - 1))
    for act in text.split():
        found = _ACT.fullmatch(act)
        assert found, act
        story.play(found)
    return story.told(changes)


@dataclass
class _Story:
    run: Run
    clock: datetime
    parts: dict[type, list[Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    commit: str = ""
    builds: int = 0
    born: str = ""

    def __post_init__(self) -> None:
        self.born = self.now
        self.reopen()
        self.add(Budget(id=self.id("bud"), run=self.run.id, scope="run", subject=self.run.id, limit_micros=CAP))

    @property
    def now(self) -> str:
        return self.clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def mine(self) -> str:
        return self.run.id.removeprefix("run_")

    def id(self, prefix: str) -> str:
        """`att_7_2`: the second attempt of run 7."""
        return f"{prefix}_{self.mine}_{sum(each.id.startswith(prefix) for each in self.all()) + 1}"

    def all(self) -> list[Any]:
        return [each for kind in self.parts.values() for each in kind]

    def add(self, entity: Any) -> Any:
        stored = replace(entity, created_at=self.now)
        self.parts.setdefault(type(entity), []).append(stored)
        return stored

    def of(self, kind: type) -> tuple[Any, ...]:
        return tuple(self.parts.get(kind, ()))

    def reopen(self) -> None:
        """A build step and its thread, anew."""
        self.builds += 1
        self.add(Thread(id=self.id("thr"), run=self.run.id, step=self.step("b")))

    def step(self, kind: str) -> str:
        return f"stp_{self.mine}_{'build' if kind == 'b' else 'verify'}_{self.builds}"

    def play(self, act: re.Match[str]) -> None:
        who, minutes, silence, silent, chars, how, what, end = act.groups()
        if who == "w":
            self.clock += timedelta(minutes=int(minutes))
        elif who:
            self.attempt(who, int(minutes), silence, int(silent or 0), int(chars or 1_000), how, what)
        elif end == "x":
            self.run = replace(self.run, state="cancelled", updated_at=self.now)
        else:
            self.decide("approve" if end == "+" else "reject")

    def attempt(self, who: str, minutes: int, silence: str, silent: int, chars: int, how: str, what: str) -> None:
        role: Literal["coder", "verifier"] = "coder" if who == "b" else "verifier"
        id, begun, reason = self.id("att"), self.now, what if how == "!" else ""
        self.event("attempt.start", id, 0, {"prompt_chars": chars})
        if silence:
            clock = "first_output" if silence == "^" else "idle"
            self.event("step.stall", self.step(who), 1, {"attempt": id, "clock": clock})
            self.event("step.progress", self.step(who), 1 + silent, {})
        self.clock += timedelta(minutes=minutes)
        agent = self.run.coder.name if who == "b" else self.run.verifier.name
        n = sum(one.step == self.step(who) for one in self.of(Attempt)) + 1
        made = Attempt(
            id=id, run=self.run.id, step=self.step(who), n=n, role=role, agent=agent, started_at=begun,
            ended_at=self.now, state=_state(reason), end_reason=reason or "exit",
            subject="" if who == "b" else self.commit, outcome="unconnected" if reason == "unconnected" else "",
        )  # fmt: skip
        if who == "b" and not reason:
            self.commit = f"{self.mine}-{id}".ljust(40, "0")
            made = replace(made, commit=self.commit)
        self.add(made)
        self.add(CostEntry(id=self.id("cst"), run=self.run.id, step=made.step, attempt=id, role=role, agent=agent,
                           micros=COSTS[role], basis="reported"))  # fmt: skip
        if who == "v" and (how == "=" or reason == "wall_clock"):
            self.verdict(id, what if how == "=" else "nothing")

    def verdict(self, attempt: str, what: str) -> None:
        """Checked for a minute, then told; a verifier that timed out has said nothing."""
        word, said = _WORDS[what]
        start, self.clock = self.now, self.clock + timedelta(minutes=1)
        outcome = "failed" if word == "changes_requested" else "passed"
        self.check(f"verify-{attempt}-A1.junit.xml", attempt, outcome, start)
        verdict = Verdict(word, said, self.commit if said else "", commands_run=1)
        threads = self.parts[Thread]
        threads[-1] = replace(
            threads[-1], round=threads[-1].round + 1, verdicts=(*threads[-1].verdicts, verdict),
            state={"pass": "passed"}.get(word, word),
        )  # fmt: skip
        self.add(Message(id=self.id("msg"), run=self.run.id, thread=threads[-1].id, seq=len(self.of(Message)) + 1,
                         sender="v", recipient="c", kind="verdict", body=word))  # fmt: skip

    def check(self, title: str, attempt: str, outcome: str, start: str) -> None:
        argv = ("python3", "-m", "pytest", "-q")
        tests = counts(10, 0) if outcome == "passed" else counts(8, 2)
        polarity = "supports" if outcome == "passed" else "refutes"
        self.add(item(
            id=self.id("evd"), run=self.run.id, attempt=attempt, title=title, subject=self.commit, outcome=outcome,
            polarity=polarity, tests=tests, command=CommandRecord(argv, 0, start, self.now),
        ))  # fmt: skip

    def decide(self, decision: Literal["approve", "reject"]) -> None:
        digest = f"{self.commit}-package"
        common: dict[str, Any] = {"run": self.run.id, "result_commit": self.commit, "score": 100, "state": "frozen"}
        n = 1 + sum(one.phase == "qa" for one in self.of(Package))
        self.add(Package(id=self.id("pkg"), phase="qa", n=n, digest=digest, **common))
        state: Literal["approved", "rejected"] = "approved" if decision == "approve" else "rejected"
        gate = self.add(Gate(id=self.id("gat"), run=self.run.id, kind="qa", state=state, package_digest=digest))
        self.clock += timedelta(minutes=30)
        self.add(Approval(id=self.id("apr"), run=self.run.id, gate=gate.id, decision=decision, actor="operator:eva",
                          package_digest=digest))  # fmt: skip
        if decision == "approve":
            self.run = replace(self.run, state="done", updated_at=self.now)
            self.add(Package(id=self.id("pkg"), phase="final", n=1, digest="final", **common))
        else:
            self.reopen()

    def event(self, action: str, object: str, minute: int, detail: dict[str, Any]) -> None:
        at = (self.clock + timedelta(minutes=minute)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        seq = len(self.events) + 1
        self.events.append(Event(seq, at, "default", "worker", action, object, self.run.id, detail))

    def told(self, changes: dict[str, Any]) -> Told:
        run = replace(self.run, created_at=self.born, result_commit=self.commit, **changes)
        view = RunView(
            run=run, attempts=self.of(Attempt), threads=self.of(Thread), messages=self.of(Message),
            gates=self.of(Gate), approvals=self.of(Approval), evidence=self.of(Evidence), packages=self.of(Package),
            costs=self.of(CostEntry), budgets=self.of(Budget), as_of=self.now,
        )  # fmt: skip
        return Told(view, tuple(self.events))


def _state(reason: str) -> Any:
    return {"": "succeeded", "wall_clock": "timed_out"}.get(reason, "failed")
