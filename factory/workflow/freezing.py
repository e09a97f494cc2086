"""The QA gate: the evidence is frozen, and the gate opens only on proof."""

from hashlib import sha256
from typing import Any

from factory.model.audit import canonical_json
from factory.model.evidence import Package, Quality
from factory.model.gate import Gate
from factory.model.run import Run
from factory.model.step import Step
from factory.model.view import RunView
from factory.ports.evidence import PackageFiles
from factory.ports.ledger import Transaction
from factory.rules.gate import qa_reasons
from factory.rules.moves import Move, delivered_attempt
from factory.rules.package import statement
from factory.workflow.assessing import proof_of, quality_of
from factory.workflow.blocking import block_run, open_blocker
from factory.workflow.flow import Flow, move
from factory.workflow.health_checks import keep_health
from factory.workflow.progress import begin_step, block_step


async def freeze(flow: Flow, chosen: Move) -> None:
    """Freeze the QA package and open the gate, or say what is missing."""
    await flow.step(f"freeze:{chosen.step}:{chosen.n}", _freeze, chosen)


def _freeze(flow: Flow, key: str, chosen: Move) -> None:
    keep_health(flow, key, f"qa-{chosen.n}")
    view = flow.view()
    quality = quality_of(flow.ports, view)
    is_proven, why = proof_of(view)
    reasons = qa_reasons(view, quality, is_proven, why)
    files = write_package(flow, view, quality, "qa", chosen.n)
    package = new_package(flow, view, quality, files, "qa", chosen.n, reasons)

    def work(tx: Transaction) -> None:
        for older in tx.find(Package, run=flow.run, state="frozen"):
            move(tx, older, "supersede")
        frozen = move(tx, tx.put(package, "package.build"), "freeze")
        for older_gate in tx.find(Gate, run=flow.run, kind="qa"):
            if older_gate.state in ("closed", "open"):
                move(tx, older_gate, "supersede")
        gate = tx.put(_gate(flow, frozen, reasons), "gate.create")
        step = begin_step(tx, tx.get(Step, chosen.step), "operator")
        if not reasons:
            move(tx, gate, "open")
            move(tx, tx.get(Run, flow.run), "await_qa", state_reason="")
            return
        code = "not_sufficient" if is_proven else "nothing_proven"
        open_blocker(tx, flow, key, code, "block", " ".join(reasons), step.id)
        block_step(tx, step, code)
        block_run(tx, flow.run, code)

    flow.write(key, work)


def _gate(flow: Flow, package: Package, reasons: tuple[str, ...]) -> Gate:
    return Gate(
        id=flow.stable("gat", package.id),
        run=flow.run,
        kind="qa",
        requirements=reasons,
        package=package.path,
        package_digest=package.digest,
    )


def write_package(
    flow: Flow, view: RunView, quality: Quality, phase: str, n: int, approved: Package | None = None
) -> PackageFiles:
    """Write a package folder. Its name holds its content's digest: a kill in between leaves no half-named one."""
    body: dict[str, Any] = statement(
        view, quality, phase, flow.ports.clock.now(), flow.ports.version, _diff_sha256(view), approved
    )
    mark = sha256(canonical_json(body).encode()).hexdigest()[:8]
    name = f"{phase}-{n}-{mark}"
    return flow.ports.evidence.freeze(flow.run, name, body, [item.path for item in view.evidence])


def new_package(
    flow: Flow, view: RunView, quality: Quality, files: PackageFiles, phase: str, n: int, reasons: tuple[str, ...]
) -> Package:
    """The ledger's entry for a package on disk, still in state `building`."""
    return Package(
        id=flow.stable("pkg", phase, n),
        run=flow.run,
        phase="qa" if phase == "qa" else "final",
        n=n,
        path=str(files.path),
        digest=files.digest,
        score=quality.score,
        sufficient=quality.verdict == "sufficient" and not reasons,
        reasons=reasons or quality.reasons,
        result_commit=view.run.result_commit,
    )


def _diff_sha256(view: RunView) -> str:
    """Digest of the patch that the newest attempt delivered; empty when there is none."""
    attempt = delivered_attempt(view)
    return attempt.artefacts[0] if attempt and attempt.artefacts else ""
