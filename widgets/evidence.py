"""What is claimed beside what is proven: by whom, when, on which commit; then every captured file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from widgets.amounts import NOTHING, time_of_day
from widgets.frame import NAMES
from widgets.lines import Line, fit, fit_path, fit_right
from widgets.marks import TONES, WAITING, claim_mark, polarity_mark
from widgets.names import evidence_name
from widgets.pane import Pane
from widgets.plain import visible

if TYPE_CHECKING:
    from factory.model.evidence import Evidence
    from factory.model.status import ClaimLine, EvidenceLine, Status
    from factory.model.view import RunView

_WIDE = 80
"""From this width on a claim and its proof stand on one line."""
_SAID = {"pass": "pass", "changes_requested": "changes", "inconclusive": "unclear"}


def evidence_lines(status: Status, view: RunView, width: int) -> tuple[Line, ...]:
    """Claims beside their proof, then the files (results before logs) with result, score and hour, then the folder."""
    known = {item.id: item for item in view.evidence}
    lines = [*_claims(status, view, width), ()]
    lines.extend(_item(item, known.get(item.id), width) for item in telling_first(status.evidence))
    if status.evidence:
        folder = str(PurePath(status.evidence[-1].path).parent)
        lines.extend(((), (("in ", "dim"), (fit_path(visible(folder, 300), width - 3), "dim"))))
    else:
        lines.append((("nothing captured yet", "dim"),))
    return tuple(lines)


def telling_first(items: Sequence[EvidenceLine]) -> tuple[EvidenceLine, ...]:
    """What supports or refutes, newest first; then what says nothing by itself, such as logs."""
    newest_first = items[::-1]
    said = tuple(item for item in newest_first if item.polarity != "neutral")
    return (*said, *(item for item in newest_first if item.polarity == "neutral"))


def evidence_title(status: Status) -> str:
    """The gate's score, for the border."""
    gate = status.gate
    return (
        f"score {gate.score} {'sufficient' if gate.sufficient else 'not sufficient'}" if gate.digest else "no package"
    )


def said_of(view: RunView) -> str:
    """What the agents claim: the verifier's last word, before that the coder's `done`; `–` before both."""
    verdicts = view.thread.verdicts if view.threads else ()
    if verdicts and verdicts[-1].said:
        return _SAID.get(verdicts[-1].said, visible(verdicts[-1].said, 8))
    built = any(one.role == "coder" and one.state == "succeeded" for one in view.attempts)
    return "done" if built else NOTHING


def proof_of(claim: str, view: RunView) -> Evidence | None:
    """The newest piece of evidence that says something about a claim; a baseline says nothing about the result."""
    return next(
        (
            item
            for item in reversed(view.evidence)
            if claim in item.claims and item.polarity != "neutral" and not item.baseline
        ),
        None,
    )


def _claims(status: Status, view: RunView, width: int) -> Iterator[Line]:
    said = said_of(view)
    if width >= _WIDE and status.claims:
        head = f"  {fit('CLAIM', width - 54)} {fit('CLAIMED', 8)} {fit('PROVEN', 18)} {fit('BY', 8)} AT    ON"
        yield ((head, "dim"),)
    for claim in status.claims:
        proof = proof_of(claim.id, view)
        yield from (_wide_claim if width >= _WIDE else _claim)(claim, proof, said, width)


def _standing(claim: ClaimLine) -> str:
    return f"{claim.status} {claim.score}" if claim.status == "supported" else claim.status


def _text(claim: ClaimLine) -> str:
    return visible(claim.text, 200) + ("" if claim.required else " (optional)")


def _claim(claim: ClaimLine, proof: Evidence | None, said: str, width: int) -> Iterator[Line]:
    mark = claim_mark(claim.status)
    text = fit(_text(claim), max(8, width - 2 - 5 - 14))
    tone = TONES[mark]
    yield ((f"{mark} ", tone), (f"{fit(claim.id, 4)} ", "strong"), (text, ""), (f" {_standing(claim)}", tone))
    if proof is None:
        yield ((f"     said {said} · ", "dim"), ("NOT PROVEN here", TONES[claim_mark("unsupported")]))
    else:
        by, at, on = source_of(proof)
        yield ((f"     said {said} · ", "dim"), (_found(proof), tone), (f" by {by} {at} on {on}", "dim"))


def _wide_claim(claim: ClaimLine, proof: Evidence | None, said: str, width: int) -> Iterator[Line]:
    mark = claim_mark(claim.status)
    tone = TONES[mark]
    by, at, on = source_of(proof) if proof else (NOTHING, NOTHING, NOTHING)
    found = f"{_found(proof)} {claim.status}" if proof else "NOT PROVEN here"
    text = fit(_text(claim), max(8, width - 59))
    yield (
        (f"{mark} ", tone), (f"{fit(claim.id, 4)} ", "strong"), (f"{text} ", ""), (f"{fit(said, 8)} ", "dim"),
        (f"{fit(found, 18)} ", tone), (f"{fit(by, 8)} {fit(at, 5)} {on}", "dim"),
    )  # fmt: skip


def source_of(item: Evidence) -> tuple[str, str, str]:
    """By whom it was captured, when, and on which commit."""
    by = "factory" if item.capture == "harness" else visible(item.role, 10)
    return by, time_of_day(item.captured_at, False), visible(item.subject, 60)[:7] or "no commit"


def _item(line: EvidenceLine, item: Evidence | None, width: int) -> Line:
    # A baseline that fails is how it should be: it refutes nothing about the result.
    mark = WAITING if item and item.baseline else polarity_mark(line.polarity)
    found = _found(item) if item else line.kind
    hour = time_of_day(item.captured_at, False) if item else NOTHING
    score = NOTHING if line.polarity == "neutral" else str(line.score)
    cells = f" {fit(visible(','.join(line.claims), 20), 4)} {fit(found, 12)} {fit_right(score, 3)}"
    if width >= 56:
        cells += f" {hour}"
    if width >= 64:
        cells += f" {fit(visible(item.subject, 60)[:7] if item else '', 7)}"
    name = fit(evidence_name(line.path), max(10, width - 2 - len(cells)))
    return ((f"{mark} ", TONES[mark]), (name, ""), (cells, "dim"))


def _found(item: Evidence) -> str:
    if item.tests and item.tests.collected:
        base = "baseline " if item.baseline else ""
        return f"{base}{item.tests.passed}/{item.tests.collected}"
    if item.command and item.command.exit_code is not None:
        return f"exit {item.command.exit_code}"
    return item.kind


class EvidencePane(Pane):
    """Draws claims and evidence."""

    TITLE, NUMBER = NAMES["evidence"]

    def show_run(self, status: Status | None, view: RunView | None) -> None:
        """Draw the evidence of another run, or of the same one as it is now."""
        self.set_title(self.TITLE, evidence_title(status) if status else "")
        self.show(lambda width: evidence_lines(status, view, width) if status and view else (), status, view)
