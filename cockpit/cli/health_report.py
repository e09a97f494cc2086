"""What `doctor` found, kept as a file: it can be sent to somebody, or be added to a run as evidence."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from adapters.evidence.disk import write_private
from cockpit.cli.output import plain
from factory.rules.redaction import redact

REPORT = Path("log", "doctor.json")
"""In the home; the newest one replaces the one before."""


def keep_report(home: Path, report: Mapping[str, object]) -> Path | None:
    """Where it is kept now; None in a home that cannot be written, of which the report itself tells."""
    path = home / REPORT
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    text = json.dumps(plain(report), ensure_ascii=False, indent=2) + "\n"
    try:
        fresh.unlink(missing_ok=True)
        write_private(fresh, redact(text.encode("utf-8", "backslashreplace"))[0])
        return fresh.replace(path)
    except OSError:
        return None
