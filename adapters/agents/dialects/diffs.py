"""Makes a unified diff from the two texts of a file, for agents that give both."""

from difflib import unified_diff

LONGEST = 64 << 10
"""Characters of both texts together; comparing longer ones takes too long."""


def diff(path: str, old: str | None, new: str) -> str:
    """The diff, or an empty one where the texts are too long. `old` is None for a new file."""
    if len(old or "") + len(new) > LONGEST:
        return ""
    before = "/dev/null" if old is None else f"a/{path}"
    lines = unified_diff((old or "").splitlines(), new.splitlines(), before, f"b/{path}", lineterm="")
    return "\n".join(lines)
