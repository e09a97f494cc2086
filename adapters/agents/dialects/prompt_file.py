"""A prompt as an argument of a program; one that is too long for that goes through a file in the agent's home."""

from adapters.agents.dialects.dialect import Job

LONGEST_ARGUMENT = 100_000
"""Bytes of a prompt that still fit into one argument; Linux takes 128 KiB of it."""


def argument(job: Job, name: str) -> str:
    """The prompt, or where it stands: the file of this name below the agent's home."""
    if _is_short(job):
        return job.prompt
    return f"Your task is in the file {job.home / name}. Read all of it, then do what it says."


def files(job: Job, name: str) -> dict[str, str]:
    """That file, where it is needed."""
    return {} if _is_short(job) else {name: job.prompt}


def _is_short(job: Job) -> bool:
    return len(job.prompt.encode("utf-8", "replace")) <= LONGEST_ARGUMENT
