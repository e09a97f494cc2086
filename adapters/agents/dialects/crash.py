"""Why a process ended without a last word, as far as that can be told."""


def crash(exit_code: int | None, stderr: str) -> str:
    """The last complaint, else how it ended."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip() and not line.startswith("Warning:")]
    if lines:
        return lines[-1][-500:]
    if exit_code is not None and exit_code < 0:
        return f"It was killed by signal {-exit_code}."
    return f"It ended without a last word (exit code {exit_code})."
