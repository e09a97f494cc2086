"""A home on disk for the pages: evidence of every kind, the output of each attempt, knowledge pages, a whole chain."""

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cockpit.app import CockpitApp
from factory.model.audit import GENESIS, Event, event_hash
from factory.model.evidence import Evidence, EvidenceKind
from factory.model.outbox import OutboxItem
from factory.model.view import RunView
from tests.app import sample
from tests.app.fakes import Desk, ShelfLedger, cockpit

PATCH = b'''diff --git a/src/split.py b/src/split.py
index 1111111..2222222 100644
--- a/src/split.py
+++ b/src/split.py
@@ -1,4 +1,8 @@
 """Money."""

 def split(total, ways):
-    return [total // ways] * ways
+    """Split a total; the rest goes one cent at a time to the first parts."""
+    if ways < 1:
+        raise ValueError("ways must be at least 1")
+    share, rest = divmod(total, ways)
+    return [share + 1] * rest + [share] * (ways - rest)
diff --git a/tests/test_split.py b/tests/test_split.py
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/tests/test_split.py
@@ -0,0 +1,4 @@
+from split import split
+
+def test_parts_add_up():
+    assert sum(split(100, 3)) == 100
'''
JUNIT = b"""<?xml version="1.0"?><testsuites><testsuite name="pytest" tests="4">
<testcase classname="tests.test_split" name="test_sum[100-3]" time="0.001"/>
<testcase classname="tests.test_split" name="test_fair[10-4]" time="0.002"><failure>def test_fair():
    parts = split(10, 4)
&gt;   assert max(parts) - min(parts) &lt;= 1
E   assert 2 &lt;= 1</failure></testcase>
<testcase classname="tests.test_split" name="test_ways" time="0.001"><skipped message="not today"/></testcase>
<testcase classname="tests.test_split" name="test_sum[7-2]" time="0.001"/>
</testsuite></testsuites>"""
JSON = json.dumps(
    {"tool": "ruff", "ok": False, "found": [{"file": "src/split.py", "line": 4, "code": "F401"}], "n": 1.5}
)
LOG = "".join(f"{n:04} collected, running tests/test_split.py\n" for n in range(1, 400)).encode()
PAGE = """---
template: "status"
run: "run_x"
---
<!-- cockpit:generated:begin -->
# Status

As of `2026-03-02`, **all** is [well](https://example.org).

- State: done
- Evidence: 2 items
  - `store/a.log`

1. first
2. second

```text
Fix split()
```

| Claim | State |
| --- | --- |
| A1 | proven |
"""


def png(width: int, height: int) -> bytes:
    """A picture of this size, as far as its header goes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(head))


FILES: Mapping[str, bytes] = {
    "build-2.patch": PATCH, "verify-1-A2.junit.xml": JUNIT, "lint.json": JSON.encode(), "verify-2-A1.log": LOG,
    "screen.png": png(1280, 720), "notes.md": b"# Notes\nread me\n",
}  # fmt: skip


def planted(home: Path, files: Mapping[str, bytes] = FILES, output: bytes = LOG) -> CockpitApp:
    """A cockpit whose first goal has these files as evidence, newest last, and this output of its newest attempt."""
    view = view_with(home, files, output)
    row = replace(sample.ROWS[1], id=sample.RUN)
    ledger = ShelfLedger(shelf={row.id: row}, views={sample.RUN: view}, chain=chain())
    app = cockpit(Desk(ledger=ledger))
    app.evidence_root = home / "evidence"
    return app


def view_with(home: Path, files: Mapping[str, bytes] = FILES, output: bytes = LOG) -> RunView:
    """The sample's view over files that are really there."""
    root = home / "evidence" / sample.RUN
    (root / "store").mkdir(parents=True, exist_ok=True)
    items = [_item(root, n, name, data) for n, (name, data) in enumerate(files.items(), 1)]
    attempts = []
    for attempt in sample.VIEW.attempts:
        folder = home / "agents" / attempt.id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "out.log").write_bytes(f"output of {attempt.id}\n".encode())
        attempts.append(replace(attempt, folder=str(folder)))
    (Path(attempts[-1].folder) / "out.log").write_bytes(output)
    return replace(sample.VIEW, evidence=tuple(items), attempts=tuple(attempts), outbox=pages())


def pages() -> tuple[OutboxItem, ...]:
    """Two knowledge pages: one that lies where nobody here can read it, one that was not written yet."""

    def one(n: int, role: str, **more: Any) -> OutboxItem:
        payload = json.dumps({"ref": f"{sample.RUN}/{role}", "text": PAGE.replace("Status", role.capitalize())})
        return OutboxItem(id=f"out_{n}", run=sample.RUN, target="knowledge", op="page", dedupe_key=role,
                          payload=payload, **more)  # fmt: skip

    return (one(1, "request", state="delivered", remote_ref="/home/me/knowledge/request.md"), one(2, "status"))


def chain(events: tuple[Event, ...] = sample.EVENTS) -> tuple[Event, ...]:
    """The same events, properly chained."""
    made: list[Event] = []
    for event in events:
        linked = replace(event, prev_hash=made[-1].hash if made else GENESIS, hash="")
        made.append(replace(linked, hash=event_hash(linked)))
    return tuple(made)


def _item(root: Path, n: int, name: str, data: bytes) -> Evidence:
    digest = sha256(data).hexdigest()
    path = f"store/{digest[:16]}-{name}"
    (root / path).write_bytes(data)
    kind: EvidenceKind = "test" if name.endswith(".xml") else "log" if name.endswith(".log") else "file"
    base = sample.VIEW.evidence[min(n, len(sample.VIEW.evidence)) - 1]
    return replace(base, id=f"evd_{n}", kind=kind, path=path, sha256=digest, size=len(data), title=name, tests=None,
                   command=None, baseline=False)  # fmt: skip
