"""What a verifier's finding is worth: a blocking one must name a command that fails on the result."""

from factory.model.thread import Finding

NO_COMMAND = "it names no command"


def finding_line(finding: Finding) -> str:
    """A finding with what shows it, or that nothing does."""
    if finding.command:
        shown = "shown by" if finding.confirmed else "not confirmed by"
        return f"{finding.severity}: {finding.text} ({shown}: {' '.join(finding.command)})"
    return (
        f"{finding.severity}: {finding.text}{f'; {NO_COMMAND}, so it does not count' if is_unbacked(finding) else ''}"
    )


def is_unbacked(finding: Finding) -> bool:
    """Whether it blocks by its word alone."""
    return finding.severity == "block" and not finding.command
