"""A canary for people: a line for each patch, then how often the verifier's word was wrong, with how sure that is."""

from factory.model.canary import CanaryResult
from factory.rules.known_patches import Report
from factory.rules.money import usd
from factory.rules.visible import one_line
from factory.rules.wording import worded


def result_line(result: CanaryResult) -> str:
    """What it said of one patch: `  3  bad   said pass               WRONG  $0.01   4.2 s  …`."""
    said = f"said {result.said}" if result.said else "said nothing usable"
    mark = "" if not result.is_decided else "right" if result.is_right else "WRONG"
    cost = usd(result.cost_micros) if result.is_priced else "?"
    words = f"{result.n:>3}  {result.kind:4}  {said:22}  {mark:5}  {cost:>7}  {result.duration_ms / 1000:6.1f} s"
    return f"{words}  {one_line(result.patch)}"


def canary_text(report: Report) -> str:
    """The summary."""
    left_out = f"{report.equivalent} equivalent and {report.unusable} unusable mutants were left out."
    each = usd(report.cost_per_verdict) if report.cost_per_verdict is not None else "?"
    unpriced = f", {report.unpriced} without a price" if report.unpriced else ""
    lines = [
        f"{one_line(report.verifier)}: {report.done} of {report.asked} patches, seed {report.seed}. {left_out}",
        f"false pass  {worded(report.false_pass)} of the bad patches passed by its word; "
        f"inconclusive on {report.inconclusive_bad}",
        f"false fail  {worded(report.false_fail)} of the good patches refused by its word; "
        f"inconclusive on {report.inconclusive_good}",
        f"factory     after its own checks it passed {report.factory_passed_bad} bad and "
        f"{report.factory_passed_good} good patches",
        f"cost        {usd(report.cost_micros)}{unpriced}; a verdict {each}; {report.seconds:.0f} s in all",
    ]
    return "\n".join([*lines, *([f"stopped     {report.stopped}"] if report.stopped else [])])
