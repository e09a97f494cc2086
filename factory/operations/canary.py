"""`cockpit canary`: known patches through the configured verifier, by the very path of a run."""

from factory.errors import Refused, Usage
from factory.model.canary import CanaryResult
from factory.operations.canary_verdicts import Verdicts
from factory.operations.canary_wish import RIGHT, RunWhole, Tell, Wish
from factory.ports.bundle import Ports
from factory.ports.samples import Samples
from factory.rules.backoff import seconds_between
from factory.rules.known_patches import Report, check_count, patches, report, why_to_stop
from factory.workflow.offload import offload


async def measure(ports: Ports, other: Ports, samples: Samples, wish: Wish, run_whole: RunWhole, tell: Tell) -> Report:
    """Show the verifier the patches one after the other, and say what its answers are worth.

    Killed at any time, it loses the verdict that was under way and nothing else.

    Args:
        ports: Of the operator's home: where the results are kept and the shared caps are.
        other: Of the home in which the patches are verified.
        tell: Called with each result as soon as it is stored.

    Raises:
        Usage: a value that can never be right. Refused: `acceptance_broken`, `cap_exceeded`. Missing: no such agent.
    """
    check_count(wish.n)
    if wish.budget_micros <= 0:
        raise Usage("The budget is zero, so no verifier could start.", "Give an amount: --budget 1.00")
    began = ports.clock.now()
    canary = Verdicts(ports, other, samples, wish, ports.clock.new_id("cny"), run_whole)
    await offload(canary.tidy_up)
    known = await canary.known()
    results: list[CanaryResult] = []
    planned = patches(wish.n, RIGHT, known.wrong, wish.seed)
    stopped = "" if len(planned) == wish.n else f"There are only {len(planned)} different patches of this sample."
    for patch in planned:
        why = why_to_stop(results, canary.left_micros(results))
        try:
            result = None if why else await canary.verdict(patch)
        except Refused as refusal:
            if refusal.code != "cap_exceeded" or not results:
                raise
            result, why = None, refusal.message
        if result is None:
            stopped = why or "The budget is used up."
            break
        results.append(result)
        tell(result)
    took_s = seconds_between(began, ports.clock.now())
    return report(
        ports.statistics,
        canary.id,
        canary.verifier,
        wish.seed,
        wish.n,
        results,
        stopped,
        known.equivalent,
        known.unusable,
        took_s,
    )
