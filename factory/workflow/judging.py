"""The verdict of a round: the factory's own proof beside the verifier's word."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Step
from factory.model.thread import Message, Thread, Verdict
from factory.ports.engine import Json
from factory.ports.ledger import Transaction
from factory.rules.findings import finding_line
from factory.rules.moves import delivered_attempt
from factory.rules.proof import Ran, judge, judge_alone, parse_verdict, touched_tests
from factory.rules.titles import BASE_TESTS, COMMAND, FINDING
from factory.workflow.attempts import attempt_id
from factory.workflow.blocking import block_run, open_blocker
from factory.workflow.flow import Flow, move
from factory.workflow.progress import set_running
from factory.workflow.proving import Proof, prove


async def judge_round(flow: Flow, step: str, n: int, said: Mapping[str, Any] | None, refused: str = "") -> None:
    """Run every acceptance command and every command that the verifier named, then record the verdict.

    Args:
        refused: Why the verdict is not taken, as a sentence: then none of its commands is run.
    """
    said = None if refused else said
    case = Case(**await flow.step(f"case:{step}:{n}", _case, step, n, said))
    accepted = [await _accept(flow, case, criterion) for criterion in case.criteria]
    findings = [await _command(flow, case, f"{FINDING}{index}", argv) for index, argv in case.findings]
    commands = [await _command(flow, case, f"{COMMAND}{index}", argv) for index, argv in case.commands]
    results = {"accepted": accepted, "findings": findings, "commands": commands}
    await flow.step(f"verdict:{step}:{n}", _record, case, results, said, refused)


@dataclass(frozen=True)
class Case:
    """What a round is about. JSON values only: it is kept by the engine."""

    step: str
    attempt: str
    name: str
    """First part of the names of its evidence."""
    subject: str
    base: str
    criteria: list[Json]
    findings: list[tuple[int, list[str]]]
    """Index and command of each finding that names one."""
    commands: list[tuple[int, list[str]]]
    touched: list[str]
    """Tests and test configuration that the coder changed."""
    n: int = 0
    """The attempt of the verify step; a later one outdates it."""


def _case(flow: Flow, _key: str, step: str, n: int, said: Mapping[str, Any] | None) -> Json:
    view = flow.view()
    delivered = delivered_attempt(view)
    subject = delivered.commit if delivered else view.run.result_commit
    diff = flow.ports.workspace.diff(Path(view.run.repo), view.run.base_commit, subject)
    verdict = parse_verdict(said)
    findings = verdict.findings if verdict else ()
    case = Case(
        step=step,
        attempt=attempt_id(flow, step, n) if view.run.verifier_required else "",
        name=f"verify-{n}-{step[-4:]}",
        subject=subject,
        base=view.run.base_commit,
        criteria=[{"id": item.id, "command": list(item.command)} for item in view.run.criteria],
        findings=[(index, list(item.command)) for index, item in enumerate(findings) if item.command],
        commands=[(index, list(argv)) for index, argv in enumerate(verdict.commands if verdict else ())],
        touched=list(touched_tests(diff.files)),
        n=n,
    )
    return asdict(case)


async def _accept(flow: Flow, case: Case, criterion: Json) -> Json:
    """One criterion on the result; and again with the base's tests, when the coder touched any."""
    plain = Proof(
        name=f"{case.name}-{criterion['id']}",
        argv=tuple(criterion["command"]),
        commit=case.subject,
        purpose="acceptance",
        step=case.step,
        claim=criterion["id"],
        attempt=case.attempt,
    )
    ran = await prove(flow, plain)
    if ran.outcome == "passed" and case.touched:
        base = replace(plain, name=f"{plain.name}{BASE_TESTS}", purpose="base_tests", restore=tuple(case.touched))
        again = await prove(flow, base)
        if again.outcome != "passed":
            ran = Ran(ran.name, "failed", f"it passes only with the coder's tests; with the base's: {again.why}")
    return asdict(ran)


async def _command(flow: Flow, case: Case, name: str, argv: list[str]) -> Json:
    """A command that the verifier named, on the result, and on the base to see whether it tells them apart."""
    proof = Proof(f"{case.name}{name}", tuple(argv), case.subject, "verifier", case.step, attempt=case.attempt)
    ran = await prove(flow, proof)
    if ran.outcome == "passed":
        await prove(flow, replace(proof, name=f"{proof.name}-base", commit=case.base, purpose="verifier_base"))
    return asdict(ran)


def _record(
    flow: Flow, key: str, case: Case, results: dict[str, list[Json]], said: Mapping[str, Any] | None, refused: str = ""
) -> None:
    run = flow.ports.ledger.get(Run, flow.run)
    accepted = {item["name"]: Ran(**item) for item in results["accepted"]}
    required = {item.id: accepted[item.id] for item in run.criteria if item.required}
    findings = {index: Ran(**ran) for (index, _), ran in zip(case.findings, results["findings"], strict=True)}
    commands = [Ran(**ran) for ran in results["commands"]]
    count = len(accepted) + len(findings) + len(commands)
    if run.verifier_required:
        verdict = judge(said, case.subject, required, findings, count, commands, refused)
    else:
        verdict = judge_alone(case.subject, required, count)
    flow.write(key, lambda tx: _apply(flow, tx, key, case, verdict))


def _apply(flow: Flow, tx: Transaction, key: str, case: Case, verdict: Verdict) -> None:
    """Move thread, verify step and build step on together."""
    run, step = tx.get(Run, flow.run), tx.get(Step, case.step)
    if is_over(run) or is_over(step) or step.attempt_no > case.n:
        return
    thread = tx.find(Thread, run=flow.run)[-1]
    thread = replace(thread, verdicts=(*thread.verdicts, verdict))
    if run.verifier_required:
        thread = move(tx, thread, THREAD_EVENT[verdict.word])
        tx.put(_message(flow, tx, run, thread, verdict), "message.verdict", {"word": verdict.word})
    else:
        thread = tx.put(thread, "thread.verdict", {"word": verdict.word})
    step, build = set_running(tx, step), tx.get(Step, thread.step)
    if verdict.word == "pass":
        move(tx, step, "pass")
        move(tx, build, "pass")
        return
    step = move(tx, step, "deliver")
    if verdict.word == "changes_requested" and len(thread.verdicts) < run.definition.max_rounds:
        for again in (step, build):
            move(tx, move(tx, again, "request_changes"), "rework")
        return
    _give_up(flow, tx, key, step, build, thread)


def _give_up(flow: Flow, tx: Transaction, key: str, step: Step, build: Step, thread: Thread) -> None:
    """No verdict, or no round left: the operator decides what happens next."""
    verdict = thread.verdicts[-1]
    code = "inconclusive" if verdict.word == "inconclusive" else "rounds_exhausted"
    for blocked in (step, build):
        if verdict.word == "changes_requested":
            blocked = move(tx, blocked, "request_changes")
        move(tx, blocked, "block", state_reason=code)
    sentence = " ".join(verdict.reasons)
    if code == "rounds_exhausted":
        sentence = f"{len(thread.verdicts)} rounds and still not right: {sentence} Instruct the coder, then retry."
    open_blocker(tx, flow, key, code, "block", sentence, step.id)
    block_run(tx, flow.run, code)


THREAD_EVENT = {"pass": "pass", "changes_requested": "request_changes", "inconclusive": "inconclusive"}


def _message(flow: Flow, tx: Transaction, run: Run, thread: Thread, verdict: Verdict) -> Message:
    lines = [verdict.word, *verdict.reasons, *map(finding_line, verdict.findings)]
    return Message(
        id=flow.stable("msg", thread.id, thread.round, len(thread.verdicts)),
        run=run.id,
        thread=thread.id,
        seq=len(tx.find(Message, thread=thread.id)) + 1,
        sender=run.verifier.name,
        recipient=run.coder.name,
        kind="verdict",
        body="\n".join(lines),
        status="delivered",
    )
