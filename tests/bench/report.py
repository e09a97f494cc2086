"""The report of a run: for people on a terminal, and as the page that is committed."""

from collections.abc import Iterator, Sequence

from tests.bench.machine import Machine
from tests.bench.ratio import Benchmark, Part, Ratio

_ABOUT = """\
# Benchmarks

Written by `make bench`; do not edit. Every ratio compares our number with the bare thing's, taken in turn in the same
run on the same machine and disk; both are medians. Trust the ratios; the times are those of one machine.
"""


def page(benchmarks: Sequence[Benchmark], machine: Machine) -> str:
    """The page in Markdown."""
    return "\n".join([_ABOUT, *_machine(machine), *_summary(benchmarks), *_details(benchmarks)]) + "\n"


def text(benchmark: Benchmark) -> str:
    """One benchmark for the terminal."""
    lines = [benchmark.title]
    lines += [f"  {ratio.what:58} {_times(ratio):>34}  {_judged(ratio)}" for ratio in benchmark.ratios]
    lines += [f"    {part.what:56} {_number(part.value):>8} {part.unit}  {part.verdict}" for part in benchmark.parts]
    return "\n".join(lines)


def _machine(machine: Machine) -> Iterator[str]:
    before, after = machine.load
    yield f"- Machine: {machine.cores} cores, {machine.architecture}; load average {before} before, {after} after."
    yield f"- Python {machine.python}, {', '.join(machine.libraries)}."
    if machine.is_busy:
        yield "- **Others used this machine during the run (load over 2 a core): repeat it.**"
    yield ""


def _summary(benchmarks: Sequence[Benchmark]) -> Iterator[str]:
    yield from ("## All at once", "", "| measured | ours | bare | ratio | budget | |", "|---|---|---|---|---|---|")
    for benchmark in benchmarks:
        for ratio in benchmark.ratios:
            ours, bare = f"{_number(ratio.ours)} {ratio.unit}", f"{_number(ratio.bare)} {ratio.unit}"
            yield f"| {ratio.what} | {ours} | {bare} | {ratio.value:.2f}× | {_budget(ratio)} | {ratio.verdict} |"
    yield ""


def _details(benchmarks: Sequence[Benchmark]) -> Iterator[str]:
    for benchmark in benchmarks:
        yield from (f"## {benchmark.title}", "", benchmark.about, "")
        if benchmark.parts:
            yield from ("| part | |", "|---|---|")
            yield from (f"| {part.what} | {_part(part)} |" for part in benchmark.parts)
            yield ""


def _part(part: Part) -> str:
    verdict = f", budget {part.verdict}" if part.budget else ""
    return f"{_number(part.value)} {part.unit}{verdict}"


def _times(ratio: Ratio) -> str:
    return f"{_number(ratio.ours)} / {_number(ratio.bare)} {ratio.unit} = {ratio.value:.2f}×"


def _judged(ratio: Ratio) -> str:
    return f"{_budget(ratio)} {ratio.verdict}" if ratio.budget else ""


def _budget(ratio: Ratio) -> str:
    return f"{ratio.budget.sign} {ratio.budget.limit:g}×" if ratio.budget else ""


def _number(value: float) -> str:
    """Three figures are all that such numbers are good for."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
