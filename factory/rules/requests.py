"""Which tasks of a mission control are requests to us, and what such a task asks for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factory.model.identity import stable_id
from factory.model.mission import MissionTask
from factory.model.request import Request
from factory.model.run import Priority

WAITING = frozenset({"inbox", "assigned"})
"""Statuses in which a task waits for whoever it is assigned to."""
REF = "mission:"
OURS = "cockpit"
"""Key of the part of a task's metadata that only we write; and the tag of our tasks."""
_GOAL, _TEXT = 2_000, 20_000
"""Characters that are kept; the server lets in fewer."""
_OUR_IDS = ("run_", "stp_", "gat_")
_PRIORITY: dict[str, Priority] = {"critical": "H", "high": "H", "medium": "M", "low": "L"}
_CRITERION = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\s*:.* :: ")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])?\s*")
_REPOS = ("implementation_repo", "code_location")


@dataclass(frozen=True)
class Asked:
    """What somebody wrote below the title of a request: context for whoever works on it, never an instruction."""

    by: str
    text: str


def ref_of(id: int) -> str:
    """How `--from-mission` names a task."""
    return f"{REF}{id}"


def task_of(ref: str) -> int:
    """The number of the task in such a name; 0 = it is none."""
    number = ref.removeprefix(REF)
    return int(number) if ref.startswith(REF) and number.isascii() and number.isdigit() else 0


def refs_meant(text: str) -> tuple[str, ...]:
    """What somebody may mean who writes a reference: as it is, or `42`, `#42`, `tasks/42` for `mission:42`."""
    found = re.fullmatch(r"(?:#|tasks/)?(\d+)", text.strip())
    return (text.strip(), ref_of(int(found[1]))) if found else (text.strip(),)


def mark_of(task: MissionTask) -> tuple[str, str]:
    """Id here of the run, step or gate that a task of ours mirrors, and the status that we wrote last; else empty."""
    ours = task.metadata.get(OURS)
    if not isinstance(ours, dict):
        return "", ""
    id, status = ours.get("id", ""), ours.get("status", "")
    return (id, status) if isinstance(id, str) and isinstance(status, str) else ("", "")


def is_ours(task: MissionTask, me: str) -> bool:
    """Whether we made a task, or have taken it up; also when somebody has replaced its metadata since.

    Args:
        me: Our name there.
    """
    client = task.metadata.get("client_id")
    is_marked = isinstance(task.metadata.get(OURS), dict)
    is_named = isinstance(client, str) and client.startswith(_OUR_IDS)
    return is_marked or is_named or (OURS in task.tags and task.created_by == me)


def asks_us(task: MissionTask, assignee: str, me: str) -> bool:
    """Whether a task is a request: it waits for us, and it is not ours."""
    return task.assigned_to == assignee and task.status in WAITING and not is_ours(task, me)


def request_of(task: MissionTask, server: str, repo: str = "") -> Request:
    """What a task asks for.

    Args:
        server: Its address; the numbers of another one are other tasks.
        repo: For a task that names no repository.
    """
    return Request(
        id=request_id(server, task.id),
        ref=ref_of(task.id),
        goal=task.title[:_GOAL],
        text=task.description[:_TEXT],
        priority=_PRIORITY.get(task.priority, "M"),
        accept=acceptance(task),
        repo=_repo(task) or repo,
        by=task.created_by,
    )


def request_id(server: str, task: int) -> str:
    """Id of the request that is behind a task."""
    return stable_id("req", server, task)


def acceptance(task: MissionTask) -> tuple[str, ...]:
    """Its lines `ID: text :: command`, from the description, then from its metadata; each once.

    Whether they are right is for the ready gate to say: one that is not must not be left out in silence.
    """
    return tuple(dict.fromkeys(line for line in _lines(task) if _CRITERION.match(line)))


def asked(requests: Sequence[Request]) -> Asked | None:
    """What the first of these says besides its acceptance; None when that is nothing.

    The lines of the acceptance stand with the criteria, and no agent is told their commands.
    """
    for request in requests[:1]:
        kept = [line for line in request.text.splitlines() if not _CRITERION.match(_bare(line))]
        if text := "\n".join(kept).strip():
            return Asked(request.by, text)
    return None


def _lines(task: MissionTask) -> Iterator[str]:
    for line in task.description[:_TEXT].splitlines():
        yield _bare(line)
    named = task.metadata.get("acceptance", ())
    for line in named if isinstance(named, list | tuple) else ():
        if isinstance(line, str):
            yield line.strip()


def _bare(line: str) -> str:
    """A line without what makes it an item of a list, or code."""
    return _BULLET.sub("", line).strip().strip("`").strip()


def _repo(task: MissionTask) -> str:
    named = (task.metadata.get(name) for name in _REPOS)
    return next((name.strip() for name in named if isinstance(name, str) and name.strip()), "")
