"""Reads the text that `apply_patch` takes: files, and lines with their marks, without any line numbers."""

from widgets.viewers.diff import DiffFile, DiffLine, LineKind

_BEGIN = "*** Begin Patch"
_FILES = (("*** Add File: ", "added"), ("*** Delete File: ", "deleted"), ("*** Update File: ", "changed"))
_MOVED = "*** Move to: "
_KINDS: dict[str, LineKind] = {"+": "added", "-": "removed", " ": "same"}


def is_patch_text(text: str) -> bool:
    """Whether it is meant for `apply_patch`."""
    return text.lstrip().startswith(_BEGIN)


def read_patch_text(text: str) -> list[DiffFile]:
    """The files in their order. Any text at all gives something that can be shown."""
    files: list[DiffFile] = []
    for line in text.split("\n"):
        if found := _file(line):
            files.append(found)
        elif files:
            _put(files[-1], line)
    return files


def _file(line: str) -> DiffFile | None:
    for start, state in _FILES:
        if line.startswith(start):
            return DiffFile(line.removeprefix(start), state)
    return None


def _put(file: DiffFile, line: str) -> None:
    if line.startswith(_MOVED):
        file.state = "renamed"
        file.lines.append(DiffLine("meta", f"to {line.removeprefix(_MOVED)}"))
    elif line.startswith("@@"):
        file.lines.append(DiffLine("hunk", line))
    elif not line.startswith("*** "):
        kind = _KINDS.get(line[:1], "same")
        file.lines.append(DiffLine(kind, line[1:] if line[:1] in _KINDS else line))
        file.added += kind == "added"
        file.removed += kind == "removed"
