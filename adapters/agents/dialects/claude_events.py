"""What the parts of Claude Code's messages mean: tools, their results, the files that they changed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.agents.dialects.lenient import rows, table, words
from adapters.agents.dialects.titles import capped, inside, one_line
from factory.model.agent_event import FileChange, ToolCall, ToolKind

EDITORS = ("Edit", "MultiEdit", "NotebookEdit", "Write")
"""Its tools that change files."""
_KINDS: Mapping[str, ToolKind] = {
    "Bash": "run",
    "Glob": "read",
    "Grep": "read",
    "LS": "read",
    "NotebookRead": "read",
    "Read": "read",
    **dict.fromkeys(EDITORS, "edit"),
}
_PATHS = ("file_path", "notebook_path", "path")
_SUBJECTS = ("command", "url", "query", "description", "skill", "subject")


def tool_call(name: str, call_id: str, given: Mapping[str, Any], worktree: Path) -> ToolCall:
    """A tool use, with the command or the path as its title. A tool that is not known is `other`, whatever it says."""
    kind = _KINDS.get(name, "other")
    return ToolCall(call_id, kind, _title(kind, name, given, worktree), given)


def _title(kind: ToolKind, name: str, given: Mapping[str, Any], worktree: Path) -> str:
    if kind == "run":
        return one_line(words(given.get("command"))) or name
    if kind == "other":
        subject = next((text for key in _SUBJECTS if (text := words(given.get(key)))), "")
        return one_line(f"{name} {subject}")
    path = next((text for key in _PATHS if (text := words(given.get(key)))), ".")
    pattern = words(given.get("pattern"))
    return one_line(f"{inside(worktree, path)} ({pattern})" if pattern else inside(worktree, path))


def result_text(content: Any) -> str:
    """The text of a tool's result; pictures are only named."""
    if isinstance(content, str):
        return content
    return "\n".join(words(part.get("text")) or f"({words(part.get('type')) or 'part'})" for part in rows(content))


def file_changes(done: Any, worktree: Path) -> Iterator[FileChange]:
    """The file that an edit changed, by its structured result (`tool_use_result`)."""
    result = table(done)
    path = words(result.get("filePath"))
    if not path or "structuredPatch" not in result:
        return
    path = inside(worktree, path)
    if result.get("type") == "create":
        yield FileChange(path, "add", capped(_added(path, words(result.get("content"))))[0])
    else:
        yield FileChange(path, "update", capped(_patched(path, rows(result["structuredPatch"])))[0])


def _added(path: str, content: str) -> str:
    lines = content.split("\n")
    ends_open = lines[-1] != ""
    lines = lines if ends_open else lines[:-1]
    if not lines:
        return ""
    head = ["--- /dev/null", f"+++ b/{path}", f"@@ -0,0 +1,{len(lines)} @@"]
    return "\n".join([*head, *(f"+{line}" for line in lines), *(["\\ No newline at end of file"] if ends_open else [])])


def _patched(path: str, hunks: list[Mapping[str, Any]]) -> str:
    out = [f"--- a/{path}", f"+++ b/{path}"]
    for hunk in hunks:
        old, new = (f"{hunk.get(f'{side}Start', 0)},{hunk.get(f'{side}Lines', 0)}" for side in ("old", "new"))
        lines = hunk.get("lines")
        out += [f"@@ -{old} +{new} @@", *(words(line) for line in (lines if isinstance(lines, list) else []))]
    return "\n".join(out) if hunks else ""
