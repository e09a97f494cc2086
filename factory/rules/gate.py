"""What keeps the QA gate shut, who may decide at it, and who may not work together (I1, I2)."""

from factory.errors import Refused
from factory.model.evidence import Evidence, Quality
from factory.model.run import Agent, Run
from factory.model.thread import Verdict
from factory.model.view import RunView
from factory.rules.rounds import Round, rounds_of

_MACHINES = ("agent", "coder", "factory", "planner", "verifier", "worker")
"""Kinds of actors that are nobody's person: `coder:command:…`, `worker`."""


def qa_reasons(view: RunView, quality: Quality, proven: bool, why: str) -> tuple[str, ...]:
    """Why the QA gate must stay shut, one sentence each; empty when it may open.

    Args:
        quality: The package's score, from `scoring.assess`.
        proven: Whether anything went from failing to passing, from `proof.proven`; `why` is its sentence.
    """
    if not view.run.result_commit:
        return ("There is no result: no attempt has delivered a commit.",)
    found = [*quality.reasons, *_verdict_reasons(view), *_item_reasons(view)]
    if quality.verdict != "sufficient" and not quality.reasons:
        found.append(f"The score is {quality.score}, under the threshold of {quality.threshold}.")
    if not proven:
        found.append(why)
    return tuple(dict.fromkeys(found))


def independent(coder: Agent, verifier: Agent) -> Refused | None:
    """The refusal when coder and verifier are not two agents of two companies (`same_agent`, `same_company`)."""
    if coder.name.strip() == verifier.name.strip():
        return Refused(
            f"The coder and the verifier are the same agent, {coder.name}.",
            "Choose another one with --coder or --verifier.",
            code="same_agent",
        )
    if coder.company.strip().casefold() == verifier.company.strip().casefold():
        return Refused(
            f"The coder and the verifier both work for {coder.company or 'no company'}.",
            "Choose a verifier of another company with --verifier, or change its company in [agents.NAME].",
            code="same_company",
        )
    return None


def approver_refusal(run: Run, actor: str, inside_agent: str, asked_by: str = "") -> Refused | None:
    """The refusal when this actor may not decide about this run.

    Args:
        actor: `operator:NAME` for a person.
        inside_agent: The run whose agent is calling; empty for a person.
        asked_by: Who asked for what is decided, where that is not the run itself.
    """
    if refusal := machine_refusal(run, actor, inside_agent, "decide about"):
        return refusal
    if run.profile == "team" and is_self_approval(run, actor, asked_by):
        did = "asked for this" if asked_by else f"started run {run.id}"
        return Refused(
            f"{actor.removeprefix('operator:')} {did}; in the team profile somebody else approves it.",
            "Ask another operator, or use the solo profile.",
            code="self_approval",
        )
    return None


def machine_refusal(run: Run, actor: str, inside_agent: str, deed: str) -> Refused | None:
    """The refusal when this actor is an agent or a part of the factory.

    Args:
        deed: What it would do with the run: `decide about`, …
    """
    person = actor.removeprefix("operator:")
    if not inside_agent and actor.partition(":")[0] not in _MACHINES and person not in _agents(run):
        return None
    who = _caller(inside_agent) if inside_agent else f"{actor} is no person and"
    return Refused(
        f"{who} may not {deed} run {run.id}.",
        "A person does, from a shell that no agent started.",
        code="agent_may_not_approve",
    )


def _agents(run: Run) -> set[str]:
    return {run.coder.name, run.verifier.name}


def let_through_a_person(inside_agent: str, deed: str) -> None:
    """Return for a person; what spends money or leaves the factory is not for agents.

    Args:
        inside_agent: The run whose agent is calling; empty for a person.
        deed: `land anything`, …

    Raises:
        Refused: `agent_may_not_approve`.
    """
    if inside_agent:
        raise Refused(
            f"{_caller(inside_agent)} may not {deed}.",
            "A person does, from a shell that no agent started.",
            code="agent_may_not_approve",
        )


def _caller(inside_agent: str) -> str:
    """`run_…` for an agent, `check NAME` for a command that the factory runs."""
    return f"The {inside_agent}" if inside_agent.startswith("check ") else f"An agent of run {inside_agent}"


def is_self_approval(run: Run, actor: str, asked_by: str = "") -> bool:
    """Whether this actor would approve what he or she launched, or asked for; the solo profile allows it, marked."""
    return (asked_by or run.started_by).removeprefix("operator:") == actor.removeprefix("operator:")


def _verdict_reasons(view: RunView) -> list[str]:
    """FP1, FP3, FP7 and the verdict itself; nothing where no verifier is required."""
    run = view.run
    if not run.verifier_required:
        return []
    same = independent(run.coder, run.verifier)
    found = [f"FP7: {same.message}"] if same else []
    last = view.thread.verdicts[-1] if view.threads and view.thread.verdicts else None
    if last is None:
        return [*found, "A verifier is required and has given no verdict."]
    return found + _faults(last, run) + _given_another(rounds_of(view)[-1])


def _given_another(last: Round) -> list[str]:
    """FP3 as `false_passes` finds it: a pass about a commit that its verifier was not given."""
    given = last.attempt.subject if last.attempt and last.verdict.said == "pass" else ""
    if given in ("", last.verdict.subject):
        return []
    return [f"FP3: the verifier was given {given}, and its verdict is about {last.verdict.subject}."]


def _faults(verdict: Verdict, run: Run) -> list[str]:
    found = []
    if verdict.word != "pass":
        found.append(f"The verifier's last verdict is {verdict.word}.")
    if verdict.commands_run < 1:
        found.append("FP1: the verdict rests on no command that the factory ran.")
    if verdict.subject != run.result_commit:
        found.append(f"FP3: the verdict is about {verdict.subject or 'no commit'}, the result is {run.result_commit}.")
    return found


def _item_reasons(view: RunView) -> list[str]:
    """FP2 and FP4, from what was captured on the result; what the base showed says nothing about it."""
    found = []
    for item in view.evidence:
        if item.baseline or item.subject != view.run.result_commit:
            continue
        if item.tests is not None and item.tests.collected == 0:
            found.append(f"FP2: {_name(item)} collected no test.")
        if item.polarity == "refutes" or item.outcome == "failed":
            found.append(f"FP4: {_name(item)} fails on the result.")
    return found


def _name(item: Evidence) -> str:
    about = f" ({', '.join(item.claims)})" if item.claims else ""
    return f"{item.title or item.path}{about}"
