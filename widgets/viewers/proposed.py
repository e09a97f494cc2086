"""What an edit that an agent asks for would change: the input of its tool as the files and lines of a diff."""

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from factory.model.permission import Permission
from widgets.viewers.diff import DiffFile, DiffLine, LineKind, read_diff
from widgets.viewers.patch_text import is_patch_text, read_patch_text

MOST_LINES = 2_000
"""Lines that are drawn; what is beyond them is counted, and stands in the input."""
_MOST_PAIRS = 100_000
"""Comparing more pairs of lines takes too long: then all old lines are removed and all new ones added."""
_CONTEXT = 3
_OLD = ("old_string", "oldString", "oldText", "old_str")
_NEW = ("new_string", "newString", "newText", "new_str")
_WHOLE = ("content", "new_source", "file_text")
_PATH = ("file_path", "filePath", "path", "notebook_path")
_DIFF = ("diff", "unified_diff", "patch", "patchText", "patch_text", "input")


def proposed_files(asked: Permission) -> tuple[DiffFile, ...]:
    """The files that an edit would change, with the lines; none where the input says nothing of lines. Never raises.

    Where the lines stand in their files is not known, so most have no numbers.
    """
    return _files(asked.input, asked.title) if asked.kind == "edit" else ()


@lru_cache(maxsize=8)
def _files(given: str, title: str) -> tuple[DiffFile, ...]:
    try:
        read = json.loads(given)
    except (ValueError, RecursionError):
        return ()
    found = list(_of(read, title)) if isinstance(read, dict) else []
    return tuple(_capped(found))


def _of(given: Mapping[str, Any], name: str) -> Iterator[DiffFile]:
    name = _text(given, _PATH) or name
    if (patch := _text(given, _DIFF)) and ("@@" in patch or is_patch_text(patch)):
        is_text = is_patch_text(patch)
        yield from (
            read_patch_text(patch) if is_text else _named(read_diff(patch.encode("utf-8", "surrogatepass")), name)
        )
    elif _has(given, _OLD) or _has(given, _NEW):
        yield _edited(name, [given])
    elif edits := [one for one in _list(given.get("edits")) if isinstance(one, dict)]:
        yield _edited(name, edits)
    elif _has(given, _WHOLE):
        yield _written(name, _text(given, _WHOLE))
    else:
        yield from _changes(given.get("changes"))


def _changes(changes: object) -> Iterator[DiffFile]:
    """Several files at once: by path, or as a list in which each one names its path."""
    pairs = list(changes.items()) if isinstance(changes, dict) else [("", one) for one in _list(changes)]
    for path, change in pairs:
        if not isinstance(change, dict):
            continue
        kind = change.get("type") or change.get("kind")
        if kind == "delete":
            yield DiffFile(_text(change, _PATH) or str(path), "deleted")
        else:
            yield from _of(change, str(path))


def _edited(name: str, edits: Sequence[Mapping[str, Any]]) -> DiffFile:
    """A file in which pieces of text are replaced."""
    file = DiffFile(name)
    for number, edit in enumerate(edits):
        if number:
            file.lines.append(DiffLine("hunk", "…"))
        if edit.get("replace_all") or edit.get("replaceAll"):
            file.lines.append(DiffLine("meta", "everywhere in the file"))
        _compare(file, _lines(_text(edit, _OLD)), _lines(_text(edit, _NEW)))
    return file


def _written(name: str, text: str) -> DiffFile:
    """A file that is written whole; whether there is one, the request does not say."""
    file = DiffFile(name, "written whole")
    _put(file, "added", _lines(text))
    return file


def _compare(file: DiffFile, old: list[str], new: list[str]) -> None:
    """Add the lines that differ, with some around them."""
    if len(old) * len(new) > _MOST_PAIRS:
        _put(file, "removed", old)
        _put(file, "added", new)
        return
    groups = SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT)
    for number, group in enumerate(groups):
        if number:
            file.lines.append(DiffLine("hunk", "…"))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                _put(file, "same", old[old_from:old_to])
            else:
                _put(file, "removed", old[old_from:old_to])
                _put(file, "added", new[new_from:new_to])


def _put(file: DiffFile, kind: LineKind, lines: list[str]) -> None:
    file.lines.extend(DiffLine(kind, line) for line in lines)
    file.added += len(lines) * (kind == "added")
    file.removed += len(lines) * (kind == "removed")


def _capped(files: list[DiffFile]) -> Iterator[DiffFile]:
    left = MOST_LINES
    for file in files:
        more = len(file.lines) - left
        if more > 0:
            file.lines = [*file.lines[: max(0, left)], DiffLine("meta", f"… {more:,} more lines; the input has them")]
        left -= len(file.lines)
        yield file


def _named(files: tuple[DiffFile, ...], name: str) -> Iterator[DiffFile]:
    for file in files:
        file.name = file.name or name
        yield file


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _text(given: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((given[name] for name in names if isinstance(given.get(name), str)), "")


def _has(given: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(isinstance(given.get(name), str) for name in names)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
