"""The evidence of a run as a list to choose from: claims with what was claimed and what is proven, then every item."""

from collections.abc import Sequence

from rich.cells import cell_len

from factory.model.evidence import Evidence
from factory.model.status import Status
from factory.model.view import RunView
from widgets.amounts import NOTHING, time_of_day
from widgets.evidence import proof_of, source_of
from widgets.lines import Line, fit, fit_path, fit_right, wrap
from widgets.marks import TONES, WAITING, Mark, claim_mark, polarity_mark
from widgets.names import agent_name, evidence_name
from widgets.plain import visible

_WIDE = 140
"""From this width on a claim names its proof, and an item its command."""
_CELLS = 50
_PROOF = 44


def evidence_list(status: Status, view: RunView, width: int) -> tuple[list[Line], list[str]]:
    """The rows and their keys: `claim:ID` for a claim, else the id of an item; newest item first."""
    texts = [visible(claim.text, 300) + ("" if claim.required else " (optional)") for claim in status.claims]
    room = _room(texts, width - 44 - (_PROOF if width >= _WIDE else 0))
    rows: list[Line] = [((_claim_head(room, width), "dim"),)]
    keys = ["head:claims"]
    for claim, text in zip(status.claims, texts, strict=True):
        keys.append(f"claim:{claim.id}")
        mark = claim_mark(claim.status)
        proven = f"{claim.status} {claim.score}" if claim.status == "supported" else claim.status
        proof = f" {_proof(claim.id, view)}" if width >= _WIDE else ""
        rows.append(((f"{mark} ", TONES[mark]), (f"{fit(visible(claim.id, 16), 5)} ", "strong"), (fit(text, room), ""),
                     (f" {fit(_claimed(view, claim.id), 18)} ", "dim"), (fit(proven, 16), TONES[mark]),
                     (proof, "dim")))  # fmt: skip
    names = [evidence_name(item.path) for item in view.evidence]
    room = _room(names, width - 2 - _CELLS - (_PROOF if width >= _WIDE else 0))
    rows.extend([(), ((_item_head(room, width), "dim"),)])
    keys.extend(["head:gap", "head:items"])
    scores = {line.id: line.score for line in status.evidence}
    for item in reversed(view.evidence):
        rows.append(_item(item, scores.get(item.id), room, width))
        keys.append(item.id)
    return rows, keys


def _room(texts: Sequence[str], most: int) -> int:
    """Cells for the longest of the texts, so that what belongs to it stands near; at most what there is."""
    return max(22, min(most, max(map(cell_len, texts), default=0)))


def item_facts(item: Evidence, score: int | None, width: int) -> tuple[Line, ...]:
    """What is known of one item without opening it: what it says, who made it, when, and on which commit."""
    by = f"{item.role} {agent_name(item.actor)}" if item.actor != item.role else item.role
    how = {"harness": "run by the factory", "imported_command": "imported with its command"}.get(
        item.capture, "a file that was handed in: claimed"
    )
    facts = [f"{item.kind}, {item.polarity}", _passed(item), f"by {by}", how, time_of_day(item.captured_at)]
    if item.baseline:
        facts.insert(0, "on the base, before any work")
    if item.subject:
        facts.append(f"commit {visible(item.subject, 60)[:10]}")
    if item.redactions:
        facts.append(f"{item.redactions} secrets cut out")
    if score is not None and item.polarity != "neutral":
        facts.append(f"score {score}")
    mark = _mark(item)
    claims = f"{', '.join(visible(one, 16) for one in item.claims)}  " if item.claims else ""
    words = wrap(" · ".join(fact for fact in facts if fact), max(20, width - 2 - len(claims)))
    lines: list[Line] = [((f"{mark} ", TONES[mark]), (claims, "strong"), (words[0], "dim"))]
    lines.extend(((" " * (2 + len(claims)), ""), (part, "dim")) for part in words[1:])
    if item.command:
        argv = " ".join(visible(word, 200) for word in item.command.argv)
        lines.append((("$ ", "accent"), (argv, "")))
    return tuple(lines)


def _claim_head(room: int, width: int) -> str:
    by = " BY" if width >= _WIDE else ""
    return f"  {fit('CLAIM', 6)}{fit('', room)} {fit('CLAIMED BY', 18)} {fit('PROVEN', 16)}{by}"


def _item_head(room: int, width: int) -> str:
    cells = f" {fit('CLAIM', 6)} {fit('RESULT', 11)} {fit_right('SCORE', 5)} {fit('BY', 8)} {fit('AT', 5)} {'COMMIT':7}"
    return f"  {fit('EVIDENCE, newest first', room)}{cells}{'  COMMAND' if width >= _WIDE else ''}"


def _proof(claim: str, view: RunView) -> str:
    """The newest evidence that says something about a claim: what, when, on which commit."""
    item = proof_of(claim, view)
    if item is None:
        return "nothing"
    by, at, on = source_of(item)
    return f"{evidence_name(item.path)} {_result(item)} by {by} at {at} on {on}"


def _claimed(view: RunView, claim: str) -> str:
    """Who said that it holds: a coder by delivering, a verifier by its verdict."""
    said = [verdict.said for thread in view.threads[-1:] for verdict in thread.verdicts]
    coder = "coder" if any(one.commit for one in view.attempts) else ""
    verifier = {"pass": "verifier", "changes_requested": "verifier denies"}.get(said[-1] if said else "", "")
    return ", ".join(filter(None, (coder, verifier))) or NOTHING


def _mark(item: Evidence) -> Mark:
    # A baseline that fails is how it should be: it refutes nothing about the result.
    return WAITING if item.baseline else polarity_mark(item.polarity)


def _item(item: Evidence, score: int | None, room: int, width: int) -> Line:
    mark = _mark(item)
    points = NOTHING if score is None or item.polarity == "neutral" else str(score)
    cells = (
        f" {fit(visible(','.join(item.claims), 20) or NOTHING, 6)} {fit(_result(item), 11)} {fit_right(points, 5)}"
        f" {fit(item.role, 8)} {time_of_day(item.captured_at, False):5} {visible(item.subject, 60)[:7]:7}"
    )
    name = fit(fit_path(evidence_name(item.path), room), room)
    command = " ".join(visible(word, 200) for word in item.command.argv) if item.command and width >= _WIDE else ""
    return ((f"{mark} ", TONES[mark]), (name, ""), (cells, "dim"), (f"  {command}" if command else "", "dim"))


def _passed(item: Evidence) -> str:
    return f"{_result(item)} passed" if item.tests and item.tests.collected else _result(item)


def _result(item: Evidence) -> str:
    base = "base " if item.baseline else ""
    if item.tests and item.tests.collected:
        return f"{base}{item.tests.passed}/{item.tests.collected}"
    if item.command and item.command.exit_code is not None:
        return f"{base}exit {item.command.exit_code}"
    return base + item.kind
