"""What people read after a verb was carried out."""

from factory.operations.results import Done


def done_text(done: Done) -> str:
    """The run, its state, and the event, on one line."""
    return f"{done.run} is {done.state} ({done.event})."
