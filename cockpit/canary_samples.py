"""What canaries are about: the demo's repository, or one of the operator's; each as a tree of files that is right."""

import json
import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.workspace.samples import FolderSamples
from cockpit.cli.demo_scene import GOAL, fixtures
from factory.errors import Missing, Refused, Usage
from factory.operations.canary_wish import Sample
from factory.ports.bundle import Ports
from factory.ports.workspace import RepoState
from factory.rules.acceptance import default_criterion, parse_criteria
from factory.rules.goal import check_goal
from factory.rules.known_patches import Variant
from factory.rules.mutants import functions
from factory.workflow.sorting import Acceptance

_SHOWN = 8
"""Functions that are named to somebody who named another one."""
_SPLIT = "src/split.py"
_ACCEPT = tuple(
    f"{name}: {text} :: python3 acceptance/split_holds.py {name}"
    for name, text in (
        ("A1", "parts sum to the total"),
        ("A2", "parts differ by at most one cent"),
        ("A3", "fewer than one way raises ValueError"),
    )
)
"""The demo's criteria, checked without a test runner: canaries check them for every patch."""


def demo_sample(ports: Ports, folder: Path) -> tuple[Sample, FolderSamples]:
    """The demo's goal: its second attempt is right; the state before, the first attempt and mutants are wrong.

    Raises:
        Missing: the fixtures are not installed.
    """
    place = fixtures()
    before = FolderSamples(folder / "before", place / "repository", "")
    tries = _attempts(place / "coder.json")
    right = before.copy("right", Variant("attempt 2", {_SPLIT: tries[2]}))
    wrong = (Variant("before", {_SPLIT: before.read(_SPLIT)}), Variant("attempt 1", {_SPLIT: tries[1]}))
    quick = place / "quick"
    acceptance = Acceptance(parse_criteria(_ACCEPT), quick, (), ports.defaults.definition.check_timeout_s)
    sample = Sample(GOAL, _ACCEPT, acceptance, quick, "", wrong, ((_SPLIT, "split"),))
    return sample, FolderSamples(folder, right, "split: share an amount in parts")


def _attempts(scenario: Path) -> dict[int, str]:
    """What each attempt of the demo's coder makes of the file."""
    return {
        turn["attempt"]: action["text"]
        for turn in json.loads(scenario.read_text(encoding="utf-8"))["turns"]
        for action in turn["actions"]
        if action.get("write") == _SPLIT
    }


@dataclass(frozen=True)
class OwnRepository:
    """A repository of the operator's, and what is right in it."""

    repo: Path
    goal: str = ""
    """What the verifier is told; empty = that the files are to be mended."""
    accept: tuple[str, ...] = ()
    """Empty = its own tests."""
    accept_dir: Path | None = None
    prepare: str = ""
    mutated: tuple[str, ...] = ()
    """`FILE` or `FILE:FUNCTION`; empty = every Python file that is no test."""


def own_sample(ports: Ports, other: Ports, folder: Path, where: OwnRepository) -> tuple[Sample, FolderSamples]:
    """The newest commit of a repository, which is only read: it is right, and mutants of its functions are wrong.

    Raises:
        Refused: `not_a_repository`, `no_acceptance`, or there is nothing to mutate. Usage: a malformed criterion.
        Missing: there is no such file or function.
    """
    state = other.workspace.inspect(where.repo)
    files = other.workspace.list_files(state.path, state.head)
    accept = where.accept or _own_tests(files, state.path)
    right = folder / "right"
    _export(other, state, right)
    own = tuple(one for one in files if not (right / one).is_symlink())  # a link may lead out of the copy
    chosen = tuple(_chosen(own, one) for one in where.mutated) or tuple((one, "") for one in own if _is_source(one))
    if not chosen:
        raise Refused(f"There is no Python file in {state.path} to make mistakes in.", "Name one: --mutate FILE")
    prepare = where.prepare or ports.defaults.prepare
    limit_s = ports.defaults.definition.check_timeout_s
    acceptance = Acceptance(parse_criteria(accept), where.accept_dir, tuple(shlex.split(prepare)), limit_s)
    samples = FolderSamples(folder, right, "The state before")
    for name, function in chosen:
        if function:
            _check_function(samples.read(name), name, function)
    named = " and ".join(dict.fromkeys(name for name, _ in chosen[:3]))
    goal = check_goal(where.goal) if where.goal.strip() else f"Fix {named}: every criterion has to hold"
    sample = Sample(goal, accept, acceptance, where.accept_dir, prepare, (), chosen)
    return sample, samples


def _own_tests(files: Sequence[str], repo: Path) -> tuple[str, ...]:
    found = default_criterion(files)
    if found is None:
        raise Refused(
            f"No acceptance: nothing says what is right, and {repo} has no tests.",
            "Add one: --accept 'A1: what must hold :: command that shows it'",
            code="no_acceptance",
        )
    return (f"{found.id}: {found.text} :: {shlex.join(found.command)}",)


def _export(other: Ports, state: RepoState, folder: Path) -> None:
    """The files of the newest commit, without its history, which would tell what is right."""
    other.workspace.clone(state.path, state.head)
    checkout = other.workspace.checkout(state.path, state.head, folder.parent.name, fresh=True)
    shutil.copytree(checkout, folder, symlinks=True, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    other.workspace.remove(checkout)


def _chosen(files: Sequence[str], text: str) -> tuple[str, str]:
    name, _, function = text.partition(":")
    if name not in files:
        raise Missing(f"There is no file {name!r} in the newest commit.", "--mutate FILE or FILE:FUNCTION")
    if not name.endswith(".py"):
        raise Usage(f"--mutate {name}: only Python files can be mutated.", "--mutate src/split.py:split")
    return name, function


def _check_function(source: str, name: str, function: str) -> None:
    """Raises `Missing`, `Usage`: the file cannot be parsed."""
    try:
        known = functions(source)
    except (SyntaxError, ValueError) as error:
        raise Usage(f"--mutate {name}: it cannot be parsed as Python.", "Commit a state that can be.") from error
    if function not in (*known, *(one.rpartition(".")[2] for one in known)):
        has = f"It has {', '.join(known[:_SHOWN])}{', …' if len(known) > _SHOWN else ''}." if known else "It has none."
        raise Missing(f"There is no function {function!r} in {name}.", has)


def _is_source(name: str) -> bool:
    parts = name.split("/")
    is_test = parts[-1].startswith(("test_", "conftest")) or parts[-1].endswith("_test.py")
    return name.endswith(".py") and not is_test and not {"tests", "test", "docs"} & set(parts[:-1])
