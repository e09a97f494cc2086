"""Hostile content on every page: it is shown, it is never obeyed, and keys still answer."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factory.model.outbox import OutboxItem
from tests.app import sample
from tests.app.driving import screen_text, settled
from tests.app.pages_driving import open_part
from tests.app.pages_sample import planted
from tests.app.test_hostile_text import BAD, HOSTILE

TEXT = "\n".join((*HOSTILE.values(), "x" * 1_000_000, "last"))
BYTES = TEXT.encode("utf-8", "surrogatepass") + b"\n\xff\xfe\x80 \x9b31m broken\n"
JUNIT = b"<testsuite name='[red]\xe2\x80\xae'><testcase name='[bold]\xe2\x80\xae'><failure>" + b"y" * 100_000
DIFF = b"diff --git a/[red].py b/[red].py\n@@ -1,9 +1,99 @@\n" + b"\n".join(b"+" + line for line in BYTES.split(b"\n"))
FILES = {
    "evil.log": BYTES, "evil.patch": DIFF, "evil.md": BYTES, "evil.json": json.dumps({TEXT: [TEXT, TEXT]}).encode(),
    "evil.junit.xml": JUNIT + b"</failure></testcase></testsuite>", "\x1b[31m\u202eevil.png": b"\x89PNG\r\n\x1a\n",
    "broken.junit.xml": BYTES, "broken.json": BYTES,
}  # fmt: skip
SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((200, 50), id="200x50", marks=pytest.mark.slow)]
PARTS = ("evidence", "diff", "output", "thread", "cost", "timeline", "audit", "knowledge", "blockers", "run")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("part", PARTS)
async def test_no_page_obeys_what_it_shows(tmp_path: Path, part: str, size: tuple[int, int]) -> None:
    app = hostile(tmp_path)
    async with app.run_test(size=size) as pilot:
        await open_part(pilot, part)
        for key in ("j", "G", "l", "g", "pagedown"):
            _check(app)
            await pilot.press(key)
            await settled(pilot)
        _check(app)


@pytest.mark.parametrize("number", range(1, len(FILES) + 1))
async def test_no_view_of_a_file_obeys_what_it_shows(tmp_path: Path, number: int) -> None:
    app = hostile(tmp_path)
    async with app.run_test() as pilot:
        page = await open_part(pilot, "evidence")
        page.text.go_to(f"evd_{number}")
        await pilot.press("enter")
        await settled(pilot)
        for key in ("j", "enter", "G", "h", "pageup", "l", "g"):
            _check(app)
            await pilot.press(key)
            await settled(pilot)
        await pilot.press("slash", *"last", "enter")
        await settled(pilot)
        _check(app)


def hostile(home: Path) -> Any:
    """A cockpit in which every file, name and event of the first goal is hostile."""
    app = planted(home, FILES, BYTES)
    ledger: Any = app.sight.ledger
    view = ledger.views[sample.RUN]
    payload = json.dumps({"ref": TEXT[:90], "text": f"---\n{TEXT}\n---\n{TEXT}\n# {TEXT}"})
    page = OutboxItem(id="out_9", run=sample.RUN, target="knowledge", op="page", dedupe_key="k", last_error=TEXT,
                      payload=payload)  # fmt: skip
    ledger.views[sample.RUN] = replace(
        view, outbox=(page,), messages=tuple(replace(one, body=TEXT) for one in view.messages),
        costs=tuple(replace(one, model=TEXT[:5000], agent=TEXT[:5000], role=TEXT[:50]) for one in view.costs),
        attempts=tuple(replace(one, end_reason=TEXT, agent=TEXT) for one in view.attempts),
        blockers=tuple(replace(one, message=TEXT, code=TEXT, severity="block") for one in view.blockers),
    )  # fmt: skip
    ledger.chain = tuple(replace(one, actor=TEXT, action=TEXT, detail={TEXT: TEXT}) for one in ledger.chain)
    return app


def _check(app: Any) -> None:
    text = screen_text(app)
    assert not BAD & set(text)
    text.encode()
    assert {strip.cell_length for strip in app.screen._compositor.render_strips()} == {app.size.width}
    styles = {segment.style for strip in app.screen._compositor.render_strips() for segment in strip if segment.style}
    assert not any(style.link or "@click" in (style.meta or {}) for style in styles)
