"""What the film says under its pictures: what is real there and what is scripted. Each line is shown by a file.

`cockpit demo --check` names the file of each one, and does not hold when one is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caption:
    """One sentence, on one line of the film.

    Args:
        step: The step of `cockpit demo --check` that shows it.
    """

    name: str
    text: str
    step: str


CAPTIONS = (
    Caption(
        "opening",
        "Drawn from the recording of a real run. Ids, hashes and times are the film's own.",
        "parent task and subtasks",
    ),
    Caption(
        "form",
        "Scripted: the keys, their pace, both agents. Real: git, commands, exit codes, database, HTTP.",
        "routed to two companies",
    ),
    Caption(
        "launched",
        "Launched. The thread of coder and verifier is prewired: nothing has been sent.",
        "thread prewired, nothing sent",
    ),
    Caption(
        "baseline", "Real: the acceptance ran before any agent did. 5 of 13 tests fail.", "5, 2 and 0 tests failed"
    ),
    Caption("attempt 1", "The scripted coder is plausible and wrong; its own two tests pass.", "attempt 1"),
    Caption(
        "sent", "v sends the commit to the verifier, which works for another company.", "changes requested, then pass"
    ),
    Caption(
        "counterexample",
        "Changes requested, with a counterexample. The factory ran that command itself: it fails.",
        "counterexample",
    ),
    Caption("attempt 2", "The finding went back to the coder. Attempt 2.", "attempt 2"),
    Caption("pass", "The verifier says pass, and the factory saw it: 13 of 13 tests pass.", "5, 2 and 0 tests failed"),
    Caption("down", "The memory goes away: the socket of a LightRAG stub is closed.", "memory stub down"),
    Caption(
        "card",
        "a opens the card of exactly this package. Only the front of its digest, typed by hand, approves.",
        "evidence package frozen",
    ),
    Caption("approved", "Approved once, bound to that digest.", "approved at the QA gate"),
    Caption(
        "done",
        "Done without the memory: its lesson is queued, and one alert was given.",
        "done, writeback queued, one alert",
    ),
    Caption(
        "up", "The stub is back: accepted, processed, delivered. Nobody did anything.", "lesson delivered to the memory"
    ),
    Caption("evidence", "e: claimed beside proven, and every file of it.", "5, 2 and 0 tests failed"),
    Caption(
        "digest",
        "A file is digested again when it is opened. So was the whole package, by the check.",
        "closing package",
    ),
    Caption(
        "end",
        "This shows the mechanism; it says nothing about models. See it yourself: make cockpit",
        "postflight page",
    ),
)
