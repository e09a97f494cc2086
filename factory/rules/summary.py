"""What the coder-verifier loop achieved and cost over many runs, each number with how sure it is (domain §9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from factory.model.gate import Approval
from factory.model.view import RunView
from factory.rules.backoff import seconds_between
from factory.rules.flags import Flag, agent_flags
from factory.rules.intervals import Middle, Rate, middle, rate
from factory.rules.metrics import WINDOW_S, cost_by_role, late_rework, lead_time_s


@dataclass(frozen=True)
class Summary:
    """Many runs together. Rates have counts only under five cases."""

    runs: int
    reached_qa: int
    first_pass_yield: Rate
    late_rework_rate: Rate
    """Only runs whose 14 days are over."""
    catch_rate: Rate
    false_pass: Rate
    adjudication_coverage: Rate
    """Passes that somebody decided about, of all passes."""
    cost_per_catch_micros: int | None
    """None when nothing was caught."""
    lead_time_s: Middle
    cost_micros: Middle
    flags: tuple[Flag, ...]


def summary(views: Sequence[RunView], now: str) -> Summary:
    """All runs together; `views` are oldest first."""
    runs = [view.run for view in views]
    at_qa = [view for view in views if _reached_qa(view)]
    closed = [view for view in at_qa if seconds_between(view.run.created_at, now) > WINDOW_S]
    passes = [view for view in views if _passed(view)]
    adjudicated = [view for view in passes if _at_qa(view)]
    escaped = sum(late_rework(view, runs) > 0 for view in adjudicated)
    caught = sum(is_catch(view) for view in views)
    verifier_cost = sum(cost_by_role(view).get("verifier", 0) for view in views)
    ended = [seconds for view in views if (seconds := lead_time_s(view)) is not None]
    return Summary(
        runs=len(views),
        reached_qa=len(at_qa),
        first_pass_yield=rate(sum(_first_pass(view) for view in at_qa), len(at_qa)),
        late_rework_rate=rate(sum(late_rework(view, runs) > 0 for view in closed), len(closed)),
        catch_rate=rate(caught, caught + escaped),
        false_pass=rate(escaped, len(adjudicated)),
        adjudication_coverage=rate(len(adjudicated), len(passes)),
        cost_per_catch_micros=verifier_cost // caught if caught else None,
        lead_time_s=middle(ended),
        cost_micros=middle([float(sum(entry.micros for entry in view.costs)) for view in views]),
        flags=agent_flags(views),
    )


def is_catch(view: RunView) -> bool:
    """Whether verification caught something: a command that failed on delivered work and passes on the result."""
    ran = [item for item in view.evidence if item.command and item.outcome and not item.baseline]
    result = view.run.result_commit
    failed = {_check(item.claims, item.source) for item in ran if item.outcome == "failed" and item.subject != result}
    on_result = [item for item in ran if item.outcome == "passed" and item.subject == result]
    return any(_check(item.claims, item.source) in failed for item in on_result)


def _check(claims: tuple[str, ...], source: str) -> tuple[tuple[str, ...], str]:
    return claims, source


def _reached_qa(view: RunView) -> bool:
    return any(gate.kind == "qa" and (gate.state != "closed") for gate in view.gates)


def _passed(view: RunView) -> bool:
    return any(verdict.word == "pass" for thread in view.threads for verdict in thread.verdicts)


def _first_pass(view: RunView) -> bool:
    builds = sum(attempt.role == "coder" for attempt in view.attempts)
    return builds == 1 and [approval.decision for approval in _at_qa(view)] == ["approve"]


def _at_qa(view: RunView) -> list[Approval]:
    """What was decided about the work; landing it later is another decision."""
    gates = {gate.id for gate in view.gates if gate.kind == "qa"}
    return [approval for approval in view.approvals if approval.gate in gates]
