"""Evidence that a person brings, and looking at what is there."""

from pathlib import Path

from factory.errors import Missing, Refused, Usage
from factory.model.evidence import EVIDENCE_KINDS, Evidence, EvidenceKind, Package
from factory.model.gate import Gate
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.status import EvidenceLine
from factory.operations.handing import ensure_worker, wake
from factory.operations.inspect import status
from factory.ports.bundle import Ports
from factory.ports.evidence import Captured
from factory.ports.ledger import Transaction
from factory.workflow.flow import move

SCHEMES = ("http://", "https://", "file://")


def add(ports: Ports, run: str, source: str, kind: str = "", claims: tuple[str, ...] = ()) -> Evidence:
    """Import a copy of a file, or of a text, as evidence. An open QA gate is superseded: its package is out of date.

    Raises:
        Refused: `inadmissible_source`, a memory reference, an agent's word, or a source that cannot be captured;
            `terminal_state`, the run is over. Usage: unknown kind or claim.
    """
    run_id = ports.ledger.resolve(run)
    current = ports.ledger.get(Run, run_id)
    if is_over(current) or current.state == "closing":
        raise Refused(f"The run is {current.state}; its package is final.", "", "terminal_state")
    if inside := ports.inside_agent():
        raise _inadmissible(source, f"it is offered by an agent of run {inside}, and what an agent says is a claim")
    chosen = _kind(source, kind)
    unknown = [claim for claim in claims if claim not in {item.id for item in current.criteria}]
    if unknown:
        known = ", ".join(item.id for item in current.criteria)
        raise Usage(f"The run has no claim {unknown[0]!r}.", f"It has: {known}")
    item = _item(ports, current, source, chosen, claims, _captured(ports, run_id, source))
    stored = ports.ledger.write(ports.actor, lambda tx: _store(ports, tx, item))
    ensure_worker(ports)
    assert stored is not None
    return stored


def _kind(source: str, kind: str) -> EvidenceKind:
    if kind and kind not in EVIDENCE_KINDS:
        raise Usage(f"There is no evidence kind {kind!r}.", f"Kinds: {', '.join(EVIDENCE_KINDS)}")
    return next((known for known in EVIDENCE_KINDS if known == kind), "file")


def _captured(ports: Ports, run_id: str, source: str) -> Captured:
    """A copy in the store. A file that exists is copied; what looks like a path and is none is refused."""
    if ports.memory.owns(source):
        raise _inadmissible(source, "memory guides but is never evidence")
    if source.startswith(SCHEMES):
        raise _inadmissible(source, "an address can change after it was captured; save it as a file and add that")
    if not _looks_like_a_path(source):
        raise _inadmissible(source, "a sentence is a claim, whoever says it")
    path = Path(source)
    name = path.name[:80] or "evidence"
    return ports.evidence.capture(run_id, name, path)


def _looks_like_a_path(source: str) -> bool:
    """Whether a source that may not exist was meant as a file."""
    has_words = any(character.isspace() for character in source.strip())
    return Path(source).exists() or (not has_words and ("/" in source or "." in source))


def _inadmissible(source: str, why: str) -> Refused:
    return Refused(
        f"{source[:200]!r} is no evidence: {why}.", "Add a file: cockpit evidence add RUN PATH", "inadmissible_source"
    )


def _item(
    ports: Ports, run: Run, source: str, kind: EvidenceKind, claims: tuple[str, ...], captured: Captured
) -> Evidence:
    return Evidence(
        id=ports.clock.new_id("evd"),
        run=run.id,
        kind=kind,
        polarity="supports" if claims else "neutral",
        claims=claims,
        path=captured.path,
        sha256=captured.sha256,
        size=captured.size,
        redactions=captured.redactions,
        capture="file",
        actor=ports.actor,
        role="operator",
        captured_at=ports.clock.now(),
        # No subject: nothing shows which commit a file that somebody brings is about.
        source=source[:500],
        title=Path(source).name[:80],
    )


def _store(ports: Ports, tx: Transaction, item: Evidence) -> Evidence:
    stored = tx.put(item, "evidence.add", {"path": item.path, "sha256": item.sha256, "source": item.source})
    run = tx.get(Run, item.run)
    if run.state == "awaiting_qa":
        _supersede(tx, run)
        wake(tx, ports, run.id)
    return stored


def _supersede(tx: Transaction, run: Run) -> None:
    """The package that a decision would be about is out of date: freeze again before anybody decides."""
    move(tx, tx.find(Gate, run=run.id, kind="qa")[-1], "supersede")
    for package in tx.find(Package, run=run.id, state="frozen"):
        move(tx, package, "supersede")
    move(tx, run, "supersede")


def listing(ports: Ports, run: str) -> tuple[EvidenceLine, ...]:
    """All evidence of a run with its scores, oldest first."""
    return status(ports, run).evidence


def show(ports: Ports, id: str) -> Evidence:
    """One item, by its id.

    Raises:
        Missing: there is none.
    """
    found = ports.ledger.find(Evidence, id=id)
    if not found:
        raise Missing(f"There is no evidence {id!r}.", "cockpit evidence list RUN")
    return found[0]


def export(ports: Ports, run: str, folder: Path) -> Path:
    """Copy the newest package of a run to a folder of the operator's.

    Raises:
        Missing: nothing was frozen yet. Refused: `not_empty`.
    """
    view = ports.ledger.view(ports.ledger.resolve(run))
    if not view.packages:
        raise Missing(f"The run is {view.run.state}; nothing was frozen yet.", f"cockpit status {view.run.id}")
    return ports.evidence.export(Path(view.packages[-1].path), folder)
