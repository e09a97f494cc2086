"""What a run leaves in memory: guidance for later runs, with the evidence that it rests on."""

from factory.model.view import RunView


def lesson(view: RunView) -> str:
    """A few sentences: the goal, how it ended, what verifiers caught on the way."""
    lines = [f"Goal: {view.run.goal}", f"Outcome: {view.run.state} after {_attempts(view)} coder attempts."]
    for thread in view.threads:
        for number, verdict in enumerate(thread.verdicts, 1):
            found = [finding.text for finding in verdict.findings if finding.confirmed] or list(verdict.reasons)
            lines.append(f"Round {number}: {verdict.word}. {' '.join(found)}".strip())
    refuting = [item.id for item in view.evidence if item.polarity == "refutes"]
    lines.append(f"Refuting evidence on the way: {', '.join(refuting) or 'none'}.")
    return "\n".join(lines)


def _attempts(view: RunView) -> int:
    return sum(attempt.role == "coder" and not attempt.is_self_check for attempt in view.attempts)
