"""Evidence: captured, digested artefacts for or against a claim, and the packages that freeze them."""

from dataclasses import dataclass
from typing import Literal

from factory.model.identity import Entity
from factory.model.machine import Machine, table

EvidenceKind = Literal["file", "command", "log", "test", "kb_page", "mc_state", "health_check"]
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = ("file", "command", "log", "test", "kb_page", "mc_state", "health_check")
Polarity = Literal["supports", "refutes", "neutral"]
Capture = Literal["harness", "imported_command", "file"]
ClaimState = Literal["supported", "unsupported", "stale", "refuted"]
PackageState = Literal["building", "frozen", "approved", "superseded"]

PACKAGE: Machine[PackageState] = Machine(
    name="package",
    transitions=table(
        """
        building : freeze -> frozen
        frozen : approve -> approved
        frozen : supersede -> superseded
        """
    ),
    terminal=frozenset({"approved", "superseded"}),
)


@dataclass(frozen=True)
class CommandRecord:
    """A command that was really run, and how it ended."""

    argv: tuple[str, ...]
    exit_code: int | None
    started_at: str
    ended_at: str
    timed_out: bool = False
    cwd: str = "."


@dataclass(frozen=True)
class TestCounts:
    """What a parsed test report holds."""

    __test__ = False  # pytest must not collect it

    collected: int = 0
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    failed_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScoreCheck:
    """One line of the rubric as it came out for one item."""

    id: str
    ok: bool
    points: int
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence(Entity):
    """A captured artefact for or against claims."""

    run: str
    step: str = ""
    attempt: str = ""
    kind: EvidenceKind
    polarity: Polarity = "neutral"
    claims: tuple[str, ...] = ()
    path: str
    """Relative to the run's evidence folder."""
    sha256: str
    size: int
    capture: Capture = "file"
    actor: str = "factory"
    role: Literal["coder", "verifier", "factory", "operator"] = "factory"
    captured_at: str = ""
    command: CommandRecord | None = None
    tests: TestCounts | None = None
    subject: str = ""
    """Commit that it is about; empty = not about a commit."""
    redactions: int = 0
    """Secrets that were cut out at capture."""
    source: str = ""
    """Where it came from, as the operator or the step named it."""
    title: str = ""
    baseline: bool = False
    """Taken on the base commit, before any agent worked."""
    outcome: Literal["", "passed", "failed", "broken"] = ""


@dataclass(frozen=True)
class ItemScore:
    """How good one piece of evidence is, line by line."""

    evidence: str
    """Its id."""
    score: int
    checks: tuple[ScoreCheck, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A statement that the run makes, and what the evidence says of it."""

    id: str
    text: str
    required: bool
    status: ClaimState
    score: int
    evidence: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quality:
    """The score of a whole package, and whether it is enough."""

    score: int
    threshold: int
    verdict: Literal["sufficient", "insufficient"]
    claims: tuple[Claim, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why it is not enough, one sentence each; empty when it is."""
    rubric: str = "1"
    items: tuple[ItemScore, ...] = ()
    """One per piece of evidence, in the order of the evidence."""


@dataclass(frozen=True, kw_only=True)
class Package(Entity):
    """A frozen evidence package: the thing that a decision is about."""

    run: str
    phase: Literal["qa", "final"]
    n: int
    state: PackageState = "building"
    path: str = ""
    """Absolute folder that holds `package.json` and `MANIFEST.sha256`."""
    digest: str = ""
    """sha256 of `package.json`, 64 lower-case hex."""
    score: int = 0
    sufficient: bool = False
    reasons: tuple[str, ...] = ()
    result_commit: str = ""
    approved_package: str = ""
    """For the final one: digest of the approved QA package."""
