"""Answering the permission requests of agents: allow this once, allow it for the rest of the run, or refuse."""

from collections.abc import Callable

from factory.errors import Missing, Refused, Usage
from factory.model.permission import Permission
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt
from factory.operations.results import Done
from factory.operations.verbs import act
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.rules.gate import let_through_a_person
from factory.workflow.flow import move

LONGEST_WORDS = 4_096


def allow(ports: Ports, permission: str, always: bool = False) -> Done:
    """Let an agent do what it asked for.

    Args:
        permission: Its id, or a unique beginning of it.
        always: The very same call is allowed for the rest of the run too.

    Raises:
        Missing: no such request. Refused: `already_decided`; `not_ready`, its agent waits no more;
            `agent_may_not_approve`, `terminal_state`.
    """
    return _answer(ports, permission, "allow", always=always)


def deny(ports: Ports, permission: str, words: str) -> Done:
    """Refuse what an agent asked for; it reads the words and goes on.

    Raises:
        Usage: no words. Otherwise as `allow`.
    """
    if not words.strip() or len(words) > LONGEST_WORDS or "\0" in words:
        raise Usage("A refusal says why, in 1 to 4,096 characters: the agent reads it.", "--reason TEXT")
    return _answer(ports, permission, "deny", words=words.strip())


def open_permissions(ports: Ports, run: str = "") -> tuple[Permission, ...]:
    """The requests that wait for an answer, oldest first; of one run, or of all."""
    of = {"run": ports.ledger.resolve(run)} if run else {}
    return ports.ledger.find(Permission, state="open", **of)


def find_permission(ports: Ports, text: str) -> Permission:
    """The request that is meant: by its id, a unique beginning of it, or the only open one of a run.

    Raises:
        Missing: none or several fit.
    """
    fitting = [one for one in ports.ledger.find(Permission) if one.id == text] or [
        one for one in open_permissions(ports) if text and one.id.startswith(text)
    ]
    if len(fitting) != 1:
        said = "no request" if not fitting else f"{len(fitting)} requests"
        raise Missing(f"There is {said} {text!r}." if not fitting else f"{text!r} fits {said}.", "cockpit permissions")
    return fitting[0]


def _answer(ports: Ports, permission: str, event: str, always: bool = False, words: str = "") -> Done:
    let_through_a_person(ports.inside_agent(), "answer a permission request")
    found = find_permission(ports, permission)
    changes = {"always": always, "words": words, "by": ports.actor, "answered_at": ports.clock.now()}
    return act(ports, found.run, f"permission.{event}", _move(found.id, event, changes))


def _move(id: str, event: str, changes: dict[str, object]) -> Callable[[Transaction, Run], None]:
    def work(tx: Transaction, _run: Run) -> None:
        current = tx.get(Permission, id)
        if current.state == "void":
            raise Refused(f"Nobody waits for this answer any more: {current.words}.", "Nothing changed.", "not_ready")
        if current.state == "open" and is_over(tx.get(Attempt, current.attempt)):
            raise Refused(
                "Nobody waits for this answer any more: its agent has ended.", "Nothing changed.", "not_ready"
            )
        if current.state != "open":
            did = "allowed" if current.state == "allowed" else "refused"
            raise Refused(
                f"{current.by} {did} this at {current.answered_at}.", "Nothing changed.", code="already_decided"
            )
        move(tx, current, event, **changes)

    return work
