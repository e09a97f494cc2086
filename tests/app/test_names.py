"""Names and events as the screen has room for them: short, and still telling one from another."""

import pytest

from cockpit.heading import heading_of
from cockpit.sums import totals_of
from factory.model.audit import Event
from tests.app import sample
from widgets.heading import UNKNOWN, Heading, header_line
from widgets.lines import text_of, width_of
from widgets.live import live_line
from widgets.names import agent_name, evidence_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("scripted:/srv/long/path/coder.json", "scripted:coder.json"),
        ("command:/srv/long/path/x.sh --flag", "command:x.sh"),
        ("command:/usr/bin/python3 /srv/agents/coder.py --fast", "command:python3 coder.py"),
        ("command:true", "command:true"),
        ("claude", "claude"),
        ("worker", "worker"),
        ("command:", "command:"),
        ("", ""),
    ],
)
def test_an_agent_loses_its_folders_and_options(name: str, shown: str) -> None:
    assert agent_name(name) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/e/store/0123456789abcdef-verify-1-A2.junit.xml", "verify-1-A2.junit.xml"),
        ("/e/store/verify-1-A2.junit.xml", "verify-1-A2.junit.xml"),
        ("/e/store/0123456789abcdef-0123456789abcdef-x", "0123456789abcdef-x"),
        ("/e/store/0123456789abcdef-", "0123456789abcdef-"),
        ("/e/store/0123456789abcdefg-x", "0123456789abcdefg-x"),
    ],
)
def test_evidence_loses_the_digest_before_its_title(path: str, shown: str) -> None:
    assert evidence_name(path) == shown


def said(action: str, **detail: object) -> str:
    event: Event = sample.event(1, "14:00:00", sample.RUN, "worker", action, **detail)
    return text_of([live_line(event)[3:]]).rstrip()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (said("evidence.capture", title="verify-1-A2.junit.xml", outcome="failed", sha256="ab" * 32),
         "evidence  verify-1-A2.junit.xml failed"),
        (said("evidence.capture", title="build-1.log", sha256="ab" * 32), "evidence  build-1.log captured"),
        (said("step.begin", kind="build"), "step build running"),
        (said("attempt.start", role="coder", n=2), "attempt coder 2 started"),
        (said("budget.settle", micros=9200), "budget settled  $0.0092"),
        (said("run.result", commit="cec70eb6de52f871", files=2), "run result  commit cec70eb, files 2"),
        (said("message.send", to="scripted:/srv/verifier.json", artefacts=["ab"]),
         "message sent  to scripted:verifier.json"),
        (said("step.stall", kind="build", why=""), "step build stalled?"),
        (said("made.up_word", empty=None), "made up word"),
    ],
)  # fmt: skip
def test_events_are_words_without_digests_and_empty_values(line: str, words: str) -> None:
    assert line == words


def test_what_an_event_names_is_made_visible() -> None:
    assert "\x1b" not in said("evidence.capture", title="\x1b[31mred", outcome="\x1b[2J")


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_header_names_spent_in_flight_and_cap(width: int) -> None:
    heading = Heading(
        goals=14, need_me=2, oldest_wait_s=800, spent=12_310_000, in_flight=350_000, limit=25_000_000,
        open_spent=3_000_000, clock="14:02",
    )  # fmt: skip
    line = header_line(heading, width)
    assert width_of(line) == width
    assert all(word in text_of([line]) for word in ("$12.31", "+$0.35", "13%", "$25"))


def test_the_header_counts_who_waits_for_a_place_apart_from_who_works() -> None:
    works = sample.row("0001", "g", "running")
    rows = (works, *(sample.row(f"000{n}", "g", "running", is_queued=True) for n in (2, 3)))
    heading = heading_of(3, "all", totals_of(rows), UNKNOWN, sample.NOW)
    assert "3 goals   1 working   2 queued   " in text_of([header_line(heading, 160)])
    assert totals_of(rows).active == 3, "a worker has something to do for all of them"
