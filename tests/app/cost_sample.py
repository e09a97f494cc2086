"""A goal that its peer's cap has paused, and somebody who asks for more than an operator may give alone."""

from dataclasses import replace

from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.gate import CostRequest, Gate
from factory.model.thread import Thread
from factory.model.view import RunRow, RunView
from factory.rules.cost_review import cost_card
from tests.app import sample

ROW: RunRow = replace(sample.ROWS[3], needs_person=True, waits_since="2026-03-02T14:00:00.000Z", spent_micros=1_240_000)
RUN = ROW.id
REQUEST = CostRequest(
    "thr_5", 250_000, 1_500_000, "the parser is subtle, and two rounds found a bug each", "operator:eva"
)
DIGEST = REQUEST.digest_at("gat_5")
GATE = Gate(
    id="gat_5", run=RUN, kind="cost_review", state="open", request=REQUEST, package_digest=DIGEST,
    requirements=("operator:eva asked for a verifier cap of $1.50 instead of $0.25",),
    created_at="2026-03-02T14:01:00.000Z",
)  # fmt: skip


def _cost(name: str, role: str, micros: int, thread: str = "") -> CostEntry:
    return CostEntry(
        id=name, run=RUN, step=f"stp_{role}", attempt=f"att_{name}", role=role, agent="claude", model="m",
        micros=micros, basis="reported", thread=thread,
    )  # fmt: skip


def view(*gates: Gate) -> RunView:
    """The goal at this moment, with these gates."""
    base = sample.view_of(ROW)
    steps = [replace(step, id="stp_verify") if step.kind == "verify" else step for step in base.steps]
    return replace(
        base,
        steps=tuple(steps),
        gates=gates,
        threads=(Thread(id="thr_5", run=RUN, step="stp_build", state="awaiting", round=2),),
        costs=(_cost("cst_1", "coder", 1_000_000), _cost("cst_2", "verifier", 240_000, "thr_5")),
        budgets=(
            Budget(id="bud_1", run=RUN, scope="run", subject=RUN, limit_micros=5_000_000, spent_micros=1_240_000),
            Budget(id="bud_2", run=RUN, scope="thread", subject="thr_5", limit_micros=250_000, spent_micros=240_000,
                   state="warned"),
        ),
        shared=(
            Budget(id="bud_3", run="", scope="day", subject="default:2026-03-02", limit_micros=20_000_000,
                   spent_micros=19_200_000, overshoot_micros=0),
        ),
        blockers=(
            Blocker(id="blk_1", run=RUN, code="cap_exceeded", severity="block", message="The verifier was stopped.",
                    cause_ref="stp_verify", opened_at="2026-03-02T14:00:00.000Z"),
        ),
    )  # fmt: skip


CARD = cost_card(view(GATE), GATE, "operator:me")
