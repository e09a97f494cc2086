"""The verdicts of one call of `cockpit canary`, each by the very path of a run.

Each patch is a run in a home of its own (`other`), built by a scripted coder and taken as far as its verdict; then it
is cancelled. What is measured is the verifier's own word. The acceptance, which no verifier sees, only decides
beforehand which patches are known to be right or wrong. Money counts under the caps of the operator's own home as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from random import Random
from typing import get_args

from factory.errors import Refused, SourceError
from factory.model.canary import RECORDED, CanaryResult
from factory.model.launch import Launch
from factory.model.run import RUN, Domain, Run
from factory.model.step import Attempt
from factory.model.view import RunView
from factory.operations.canary_holds import hold, release_abandoned, settle
from factory.operations.canary_wish import RIGHT, RunWhole, Sample, Wish
from factory.operations.start import start
from factory.operations.verbs import cancel
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.ports.samples import Samples
from factory.rules.backoff import seconds_between
from factory.rules.known_patches import Patch, Variant
from factory.rules.mutants import mutants
from factory.workflow.offload import offload
from factory.workflow.sorting import Sorted, Sorter

BY_ITSELF = ("exit", "stopped")
"""End reasons of a verifier that was not ended."""
MOST_TRIED = 3
"""So many candidates are looked at for each one that is wanted, and ten more."""


class Verdicts:
    """One call.

    Args:
        ports: Of the operator's home: where the results are kept and the shared caps are.
        other: Of the home in which the patches are verified.
        id: Of the call.
    """

    def __init__(self, ports: Ports, other: Ports, samples: Samples, wish: Wish, id: str, run_whole: RunWhole) -> None:
        self._ports = ports
        self._samples = samples
        self._wish = wish
        self._run_whole = run_whole
        self.id = id
        self.verifier = other.agents.check(wish.verifier, wish.cwd)
        self._domain = _domain(other, wish)
        rules = replace(ports.defaults.definition, auto_verify=True, max_rounds=1)
        defaults = replace(
            ports.defaults,
            definition=rules,
            workflow="",
            namespace=id,
            namespace_cap_micros=wish.budget_micros,
            day_cap_micros=0,
            trial=False,  # a patch of a canary is no work whose checking could be compared
        )
        self._other = replace(other, defaults=defaults)

    def tidy_up(self) -> None:
        """End what a killed call left behind, and give back what it held."""
        release_abandoned(self._ports)
        for state in sorted(RUN.states - RUN.terminal):
            for run in self._other.ledger.find(Run, state=state):
                self._end(run.id)

    async def known(self) -> Sorted:
        """What is known to be wrong. Raises `Refused`: nothing can be changed, or `acceptance_broken`."""
        wish, sample = self._wish, self._wish.sample
        sorter = Sorter(self._other, self._samples, sample.acceptance, self.id)
        await sorter.check_right(RIGHT)
        wanted = max(2, wish.n - wish.n // 2 + 1)
        candidates = await offload(lambda: [*sample.wrong, *self._mutants()])
        if not candidates:
            raise _nothing_to_change(sample)
        found = await sorter.sort(candidates, wanted, MOST_TRIED * wanted + 10)
        if len(found.wrong) < 2:
            raise Refused(
                "The acceptance tells too few wrong states from the right one: "
                f"{len(found.wrong)} of {len(candidates)} that could be made fail it.",
                "Give criteria that test the code, or name what is to be changed: --mutate FILE:FUNCTION",
                code="acceptance_broken",
            )
        return found

    def _mutants(self) -> Iterator[Variant]:
        """In an order that only the seed knows."""
        found = []
        for path, function in self._wish.sample.mutated:
            for mutant in mutants(self._samples.read(path), function):
                found.append(Variant(f"{path}:{mutant.line}:{mutant.column}: {mutant.change}", {path: mutant.text}))
        yield from Random(self._wish.seed).sample(found, len(found))

    def left_micros(self, results: list[CanaryResult]) -> int:
        """What is left of the budget; for a verdict without a price its reservation counts."""
        unpriced = self._other.defaults.definition.agent_estimate_micros
        return self._wish.budget_micros - sum(one.cost_micros if one.is_priced else unpriced for one in results)

    async def verdict(self, patch: Patch) -> CanaryResult | None:
        """Have one patch verified and store what came of it; None when no money was left to ask.

        Raises:
            Refused: `cap_exceeded`, a cap that all runs share; `not_ready`, the verifier never got to see the patch.
        """
        at = self._ports.clock.now()
        most = self._ports.defaults.thread_cap_micros
        held = await offload(self._write, lambda tx: hold(tx, self._ports, self.id, at, most))
        other = replace(self._other, defaults=replace(self._other.defaults, thread_cap_micros=held))
        try:
            run = await offload(self._start, other, patch)
        except SourceError:
            await offload(self._write, lambda tx: self._store(tx, at, held, 0, None))
            raise
        try:
            await self._run_whole(other, run)
        finally:
            self._end(run)
        view = await offload(other.ledger.view, run)
        result = self._result(patch, view)
        is_unasked = not result.said and (_is_out_of_money(view) or not _was_asked(view))
        spent = 0 if is_unasked else result.cost_micros if result.is_priced else None
        await offload(self._write, lambda tx: self._store(tx, at, held, spent, None if is_unasked else result))
        if not (_was_asked(view) or _is_out_of_money(view)):
            what = f"The verifier never got to see {patch.name!r}: {result.why}"
            raise Refused(what, "Mend that first: nothing was counted for it.", code="not_ready")
        return None if is_unasked else result

    def _write(self, work: Callable[[Transaction], int | None]) -> int:
        return self._ports.ledger.write(self._ports.actor, work) or 0

    def _start(self, other: Ports, patch: Patch) -> str:
        sample = self._wish.sample
        launch = Launch(
            goal=sample.goal,
            repo=self._samples.repository(patch),
            cwd=self._wish.cwd,
            domain=self._domain,
            priority="H",
            accept=sample.accept,
            coder=self._samples.coder(patch),
            verifier=self._wish.verifier,
            budget_micros=self._wish.budget_micros,
            prepare=sample.prepare,
            accept_dir=sample.accept_dir,
            premium="the operator asks what its word is worth",
        )
        return start(other, launch).run

    def _end(self, run: str) -> None:
        """Nothing of a run goes on any more. What it left stays, for whoever wants to look."""
        self._other.agents.stop(run, "", "cancelled")
        if self._other.ledger.get(Run, run).state not in RUN.terminal:
            cancel(self._other, run)

    def _result(self, patch: Patch, view: RunView) -> CanaryResult:
        verdict = view.thread.verdicts[-1] if view.thread.verdicts else None
        attempts = [one for one in view.attempts if one.role == "verifier"]
        costs = [entry for entry in view.costs if entry.role == "verifier"]
        said = verdict.said if verdict else ""
        return CanaryResult(
            id=self._ports.clock.new_id("can"),
            verifier=self.verifier,
            model=attempts[-1].model if attempts else "",
            kind=patch.kind,
            patch=patch.name,
            said=said,
            commit=view.run.result_commit,
            at=self._ports.clock.now(),
            cost_micros=sum(entry.micros for entry in costs),
            basis=costs[-1].basis if costs else "unpriced",
            duration_ms=_duration_ms(attempts),
            canary=self.id,
            n=patch.n,
            found=verdict.word if verdict else "",
            why="" if said else _why_silent(view),
            verified_run=view.run.id,
        )

    def _store(self, tx: Transaction, at: str, held: int, spent: int | None, result: CanaryResult | None) -> None:
        settle(tx, self._ports, self.id, at, held, spent)
        if result:
            tx.note(RECORDED, result.id, detail=asdict(result))


def _nothing_to_change(sample: Sample) -> Refused:
    where = ", ".join(f"{path}:{function}" if function else path for path, function in sample.mutated)
    return Refused(
        f"No small mistake can be made in {where}: nothing there is compared, calculated or decided.",
        "Name what does the work: --mutate FILE:FUNCTION",
    )


def _duration_ms(attempts: list[Attempt]) -> int:
    ended = [one for one in attempts if one.started_at and one.ended_at]
    return round(1000 * sum(seconds_between(one.started_at, one.ended_at) for one in ended))


def _was_asked(view: RunView) -> bool:
    return any(one.role == "verifier" and one.started_at for one in view.attempts)


def _is_out_of_money(view: RunView) -> bool:
    return any(blocker.code == "cap_exceeded" for blocker in view.blockers)


def _why_silent(view: RunView) -> str:
    """Why there is no word of the verifier."""
    ends = [one.end_reason for one in view.attempts if one.role == "verifier" and one.end_reason]
    if not ends:
        return " ".join(blocker.message for blocker in view.blockers) or "It was not asked."
    how = "" if ends[-1] in BY_ITSELF else f"; it ended by {ends[-1]}"
    return f"It left no usable verdict{how}."


def _domain(ports: Ports, wish: Wish) -> str:
    """A domain whose builder is not of the verifier's own company, so that the two are independent."""
    own = ports.agents.company(wish.verifier).casefold()
    for domain in get_args(Domain):
        try:
            route = ports.router.route(wish.sample.goal, domain)
        except SourceError:
            continue
        if route.builder.casefold() != (own or route.verifier.casefold()):
            return str(domain)
    return "backend"
