"""Forty tasks, told in the language of `stories`, with something odd about some: what the numbers are checked by."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from factory.model.canary import CanaryResult
from factory.model.evidence import CommandRecord, Evidence
from factory.model.step import Attempt
from factory.model.view import RunView
from tests.unit.rules.made import BASE, EARLIER, counts, item
from tests.unit.rules.stories import VERIFIER, Told, tell

NOW = "2026-04-20T09:00:00.000Z"
"""Task n begins on day n at nine, and day 1 is 2026-03-02: for tasks 1 to 35 the 14 days after their end are over."""
SLOW, STAMP = "command:/bin/slow", "command:/bin/stamp"

TEXTS: Mapping[range, str] = {
    range(1, 3): "b10@9000 v5=pass +",
    range(3, 13): "b10 v5=pass +",
    range(13, 19): "b10 v5=changes b10 v5=pass +",
    range(19, 21): "b10 v5=changes b2!exit_1 b10 v5=pass +",
    range(21, 24): "b10 v5=pass - b10 v5=pass +",
    range(24, 25): "b10 v5=baseless v5=pass +",
    range(25, 26): "b10 v5=baseless b10 v5=pass +",
    range(26, 28): "b15@9000!wall_clock b10 v5=pass +",
    range(28, 29): "b10^2@9000 v5=pass +",
    range(29, 30): "b10~3@9000 v5=pass +",
    range(30, 31): "b10 v15!wall_clock v5=pass +",
    range(31, 32): "b10 v15!wall_clock +",
    range(32, 33): "b10 v5=changes x",
    range(33, 34): "b10 v5=pass",
    range(34, 35): "b10 v5=unsure x",
    range(35, 37): "b10 v5=pass +",
    range(37, 38): "b1@9000!unconnected b10 v5=pass +",
    range(38, 41): "b10 v5=pass +",
}
AGENTS: Mapping[int, dict[str, str]] = {
    **{n: {"verifier": STAMP} for n in range(1, 13)},
    **{n: {"coder": SLOW} for n in (26, 27, 28, 29, 37)},
}
SUPERSEDES = {36: "run_35", 39: "run_20"}
"""One day later, and 19 days later."""


def forty() -> list[Told]:
    """The tasks, oldest first."""
    texts = {n: text for numbers, text in TEXTS.items() for n in numbers}
    return [_task(n, text) for n, text in sorted(texts.items())]


def canaries() -> list[CanaryResult]:
    """Thirty for each verifier: twenty bad patches, ten good ones. The stamp caught its only one before task 1."""
    told = {
        (VERIFIER, "bad"): ["changes_requested"] * 19 + ["pass"],
        (VERIFIER, "good"): ["pass"] * 8 + ["changes_requested"] * 2,
        (STAMP, "bad"): ["changes_requested", "inconclusive"] + ["pass"] * 18,
        (STAMP, "good"): ["pass"] * 10,
    }
    return [
        CanaryResult(f"can_{n}", verifier, "", "bad" if kind == "bad" else "good", f"patch-{n}", said, "c" * 40,
                     "2026-03-01T09:00:00.000Z", 10_000, "reported")
        for n, (verifier, kind, said) in enumerate((*who, word) for who, words in told.items() for word in words)
    ]  # fmt: skip


def _task(n: int, text: str) -> Told:
    agents = AGENTS.get(n, {})
    told = tell(text, n, **agents, **({"supersedes": SUPERSEDES[n]} if n in SUPERSEDES else {}))
    return replace(told, view=ODD[n](told.view)) if n in ODD else told


def with_verdict(view: RunView, **changes: Any) -> RunView:
    """The view with another last verdict."""
    thread = view.threads[-1]
    last = replace(thread.verdicts[-1], **changes)
    return replace(view, threads=(*view.threads[:-1], replace(thread, verdicts=(*thread.verdicts[:-1], last))))


def with_attempts(view: RunView, role: str, **changes: Any) -> RunView:
    """The view with other attempts of a role."""
    return replace(view, attempts=tuple(_changed(one, role, changes) for one in view.attempts))


def _changed(one: Attempt, role: str, changes: dict[str, Any]) -> Attempt:
    return replace(one, **changes) if one.role == role else one


def with_item(view: RunView, name: str, **changes: Any) -> RunView:
    """The view with one more piece of evidence, on its result unless it says otherwise."""
    return replace(view, evidence=(*view.evidence, made(view, name, **changes)))


def made(view: RunView, name: str, **changes: Any) -> Evidence:
    """A proof on the result."""
    return item(name, **{"id": f"evd_{view.run.id[4:]}_{name}", "subject": view.run.result_commit, **changes})


def with_proof(view: RunView, **changes: Any) -> RunView:
    """The view with another last proof."""
    return replace(view, evidence=(*view.evidence[:-1], replace(view.evidence[-1], **changes)))


def with_base_tests(view: RunView, before: str) -> RunView:
    """The coder changed tests: A1 ran again with the base's, where it had been like this before."""
    again = {"title": "verify-A1-base-tests.junit.xml"}
    baseline = {"subject": BASE, "baseline": True, "outcome": before, "polarity": "neutral"}
    return with_item(with_item(view, "before", **baseline), "again", **again)


def lasting(seconds: int) -> CommandRecord:
    """A command that took so long, up to ten minutes."""
    minutes, rest = divmod(seconds, 60)
    return CommandRecord(("make", "check"), 0, "2026-03-02T09:00:00.000Z", f"2026-03-02T09:{minutes:02}:{rest:02}.000Z")


def one_model_family(view: RunView) -> RunView:
    """Two models of one family."""
    view = with_attempts(view, "coder", model="anthropic/claude-opus-4")
    return with_attempts(view, "verifier", model="claude-sonnet-4-5")


def more_skipped(view: RunView) -> RunView:
    """Two tests skipped, one before."""
    before = with_item(view, "before", subject=BASE, baseline=True, polarity="neutral", tests=counts(9, 0, skipped=1))
    first = before.evidence[0]
    return replace(before, evidence=(replace(first, tests=counts(8, 0, skipped=2)), *before.evidence[1:]))


ODD: Mapping[int, Callable[[RunView], RunView]] = {
    3: lambda view: with_verdict(view, commands_run=0),
    4: lambda view: with_item(view, "empty", tests=counts(0), claims=(), polarity="neutral"),
    5: lambda view: with_attempts(view, "verifier", subject=EARLIER),
    6: lambda view: with_item(view, "failing", claims=("A2",), polarity="refutes", outcome="failed"),
    7: lambda view: with_base_tests(view, "failed"),
    8: lambda view: with_base_tests(view, "passed"),
    9: lambda view: replace(view, run=replace(view.run, verifier=view.run.coder)),
    10: one_model_family,
    11: lambda view: with_attempts(view, "verifier", summary="Looks good to me."),
    12: lambda view: with_attempts(view, "verifier", summary="Looks good to me."),
    38: lambda view: with_proof(view, command=lasting(301)),  # its verifier worked for 300 seconds
    40: more_skipped,
}
"""What is odd about a task, by its number."""
