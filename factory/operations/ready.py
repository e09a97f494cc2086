"""The ready gate: everything that must hold before a run may exist. Reads only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from factory.errors import Missing, Refused, SourceError, Usage
from factory.model.definition import Definition
from factory.model.launch import Launch, Preview
from factory.model.run import Agent, Criterion, Risk, Route
from factory.ports.bundle import Ports
from factory.ports.workspace import RepoState
from factory.rules import premium
from factory.rules.acceptance import default_criterion, parse_criteria
from factory.rules.gate import independent
from factory.rules.goal import check_goal
from factory.rules.risk import assess_risk, verifier_needed

T = TypeVar("T")
Role = Literal["coder", "verifier"]


@dataclass(frozen=True)
class Ready:
    """A launch that passed every check."""

    launch: Launch
    goal: str
    repo: RepoState
    criteria: tuple[Criterion, ...]
    route: Route
    coder: Agent
    verifier: Agent
    risk: Risk
    verifier_required: bool
    verifier_reasons: tuple[str, ...]
    budget_micros: int
    definition: Definition
    left_out: tuple[str, ...] = ()
    planner: str = ""
    labels: tuple[str, ...] = ()
    """What the run keeps beside the launch's own."""


def check(ports: Ports, launch: Launch) -> Ready:
    """Pass the ready gate.

    Raises:
        Usage: a value that can never be right. Refused: a guard said no; the sentence says what to change.
        Missing: no such repository, agent, program, folder or workflow.
    """
    goal = check_goal(launch.goal)
    definition = _definition(ports, launch)
    repo = _repository(ports, launch)
    route = ports.router.route(goal, launch.domain, _mentioned(ports, repo, goal))
    criteria = _criteria(ports, launch, repo)
    coder, verifier = _agents(ports, launch, route)
    tier = ports.agents.tier(verifier.name)
    if refusal := independent(coder, verifier) or premium.refusal(verifier.name, tier, launch.premium):
        raise refusal
    risk = assess_risk(goal, launch.priority, route.domain)
    required, reasons = verifier_needed(launch.priority, route.domain, risk)
    budget = ports.defaults.budget_micros if launch.budget_micros is None else launch.budget_micros
    if budget <= 0:
        raise Usage("The budget is zero, so no agent could start.", "Give an amount: --budget 2.00")
    left_out = repo.dirty if launch.allow_dirty else ()
    planner = ports.agents.check(launch.planner, launch.cwd) if launch.planner else ""
    return Ready(
        launch, goal, repo, criteria, route, coder, verifier, risk, required, reasons, budget, definition,
        left_out, planner, premium.label(tier, launch.premium),
    )  # fmt: skip


def preview(ports: Ports, launch: Launch) -> Preview:
    """What `start` would make of a launch, with every problem as a sentence. Stores nothing."""
    problems: list[tuple[str, str]] = []
    goal = _or(problems, "goal", launch.goal, lambda: check_goal(launch.goal))
    repo = _or(problems, "repo", None, lambda: _repository(ports, launch))
    mentioned = partial(_mentioned, ports, repo, goal)
    route = _or(problems, "domain", Route(), lambda: ports.router.route(goal, launch.domain, mentioned()))
    none: tuple[Criterion, ...] = ()
    criteria = _or(problems, "accept", none, lambda: _criteria(ports, launch, repo)) if repo or launch.accept else none
    coder, verifier = _previewed_agents(ports, launch, route, problems)
    risk = assess_risk(goal, launch.priority, route.domain)
    required, reasons = verifier_needed(launch.priority, route.domain, risk)
    budget = ports.defaults.budget_micros if launch.budget_micros is None else launch.budget_micros
    if budget <= 0:
        problems.append(("budget", "The budget is zero, so no agent could start. Give an amount."))
    left_out = repo.dirty if repo and launch.allow_dirty else ()
    usual = ports.defaults.definition
    definition = _or(problems, "workflow", usual, lambda: _definition(ports, launch))
    return Preview(
        route, risk, required, reasons, criteria, coder.name, verifier.name, budget,
        problems=tuple(sentence for _, sentence in problems),
        about=tuple(name for name, _ in problems),
        workflow="" if definition == usual else definition.name,
        notes=(*filter(None, [route.notice]), *(f"left out, not committed: {name}" for name in left_out)),
    )  # fmt: skip


def _definition(ports: Ports, launch: Launch) -> Definition:
    """The workflow of the name that was given, else of the configured one."""
    usual, name = ports.defaults.definition, launch.workflow or ports.defaults.workflow
    return ports.workflows.named(name, usual) if name else usual


def _previewed_agents(
    ports: Ports, launch: Launch, route: Route, problems: list[tuple[str, str]]
) -> tuple[Agent, Agent]:
    coder = _or(problems, "coder", Agent(), lambda: _agent_as(ports, launch, "coder", route.builder))
    verifier = _or(problems, "verifier", Agent(), lambda: _agent_as(ports, launch, "verifier", route.verifier))
    if coder.name and verifier.name and (refusal := independent(coder, verifier)):
        problems.append(("verifier", _sentence(refusal)))
    tier = ports.agents.tier(verifier.name)
    if verifier.name and (refusal := premium.refusal(verifier.name, tier, launch.premium)):
        problems.append(("verifier", _sentence(refusal)))
    return coder, verifier


def _or(problems: list[tuple[str, str]], about: str, otherwise: T, call: Callable[[], T]) -> T:
    """The result of a check, or a stand-in for it and one more problem."""
    try:
        return call()
    except SourceError as error:
        problems.append((about, _sentence(error)))
        return otherwise


def _sentence(error: SourceError) -> str:
    return f"{error.message} {error.hint}".strip()


def _repository(ports: Ports, launch: Launch) -> RepoState:
    repo = ports.workspace.inspect(launch.repo)
    if repo.dirty and not launch.allow_dirty:
        shown = ", ".join(repo.dirty[:5]) + (" …" if len(repo.dirty) > 5 else "")
        raise Refused(
            f"{repo.path} has changes that are not committed: {shown}.",
            "Commit or stash them, or start from HEAD without them: --allow-dirty",
            code="dirty_repository",
        )
    return repo


def _mentioned(ports: Ports, repo: RepoState | None, goal: str) -> tuple[str, ...]:
    """The files of the repository that the goal names."""
    words = {word.strip(".,;:!?()'\"`") for word in goal.split()}
    files = ports.workspace.list_files(repo.path, repo.head) if repo else ()
    return tuple(name for name in files if name in words or name.rpartition("/")[2] in words)


def _criteria(ports: Ports, launch: Launch, repo: RepoState | None) -> tuple[Criterion, ...]:
    """The criteria as given, else the repository's own test command."""
    if launch.accept:
        return parse_criteria(launch.accept)
    found = default_criterion(ports.workspace.list_files(repo.path, repo.head)) if repo else None
    if found is None:
        place = repo.path if repo else launch.repo
        raise Refused(
            f"No acceptance: nothing says when the goal is reached, and {place} has no tests.",
            "Add one: --accept 'A1: what must hold :: command that shows it' (or tests to the repository).",
            code="no_acceptance",
        )
    return (found,)


def _agents(ports: Ports, launch: Launch, route: Route) -> tuple[Agent, Agent]:
    """Both agents by their full names, each with the company that its configuration or the route gives it."""
    coder, verifier = _name(ports, launch, "coder"), _name(ports, launch, "verifier")
    return _agent(ports, launch, coder, route.builder), _agent(ports, launch, verifier, route.verifier)


def _agent_as(ports: Ports, launch: Launch, role: Role, company: str) -> Agent:
    return _agent(ports, launch, _name(ports, launch, role), company)


def _name(ports: Ports, launch: Launch, role: Role) -> str:
    """The name of an agent as given, else the configured one."""
    given: Mapping[Role, str] = {"coder": launch.coder, "verifier": launch.verifier}
    configured: Mapping[Role, str] = {"coder": ports.defaults.coder, "verifier": ports.defaults.verifier}
    if name := given[role] or configured[role]:
        return name
    found = ", ".join(info.name for info in ports.agents.list() if info.ready) or "none"
    raise Refused(
        f"No {role} is named. Agents found on this machine: {found}.",
        f'Give --{role} command:PROGRAM, or add to config.toml: [defaults] {role} = "command:PROGRAM"',
        code="no_agent",
    )


def _agent(ports: Ports, launch: Launch, name: str, company: str) -> Agent:
    full = ports.agents.check(name, launch.cwd)
    own = ports.agents.company(name)
    known = ports.router.companies()
    if own and own not in known:
        raise Missing(
            f"The agent {name!r} works for {own!r}, and there is no such company.", f"Known: {', '.join(known)}"
        )
    return Agent(full, own or company)
