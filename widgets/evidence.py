"""What is claimed and what is proven: the claims, then every captured file."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from factory.model.evidence import Evidence
from factory.model.status import EvidenceLine, Status
from factory.model.view import RunView
from widgets.amounts import NOTHING, time_of_day
from widgets.lines import Line, fit, fit_path, fit_right
from widgets.marks import TONES, WAITING, claim_mark, polarity_mark
from widgets.names import evidence_name
from widgets.pane import Pane
from widgets.plain import visible


def evidence_lines(status: Status, view: RunView, width: int) -> tuple[Line, ...]:
    """Claims with their standing, then the files (newest first) with result, score and hour, then the folder."""
    known = {item.id: item for item in view.evidence}
    lines = [*_claims(status, width), ()]
    lines.extend(_item(item, known.get(item.id), width) for item in reversed(status.evidence))
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


def _claims(status: Status, width: int) -> Iterator[Line]:
    for claim in status.claims:
        mark = claim_mark(claim.status)
        standing = f"{claim.status} {claim.score}" if claim.status == "supported" else claim.status
        optional = "" if claim.required else " (optional)"
        room = max(8, width - 2 - 5 - 14)
        text = fit(visible(claim.text, 200) + optional, room)
        yield ((f"{mark} ", TONES[mark]), (f"{fit(claim.id, 4)} ", "strong"), (text, ""), (f" {standing}", TONES[mark]))


def _item(line: EvidenceLine, item: Evidence | None, width: int) -> Line:
    # A baseline that fails is how it should be: it refutes nothing about the result.
    mark = WAITING if item and item.baseline else polarity_mark(line.polarity)
    found = _found(item) if item else line.kind
    hour = time_of_day(item.captured_at, False) if item else NOTHING
    score = NOTHING if line.polarity == "neutral" else str(line.score)
    cells = f" {fit(visible(','.join(line.claims), 20), 4)} {fit(found, 12)} {fit_right(score, 3)}"
    if width >= 56:
        cells += f" {hour}"
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

    TITLE = "Evidence  claimed and proven"

    def show_run(self, status: Status | None, view: RunView | None) -> None:
        """Draw the evidence of another run, or of the same one as it is now."""
        self.set_title(self.TITLE, evidence_title(status) if status else "")
        self.show(lambda width: evidence_lines(status, view, width) if status and view else ())
