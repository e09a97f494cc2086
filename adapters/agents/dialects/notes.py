"""What is worth keeping of a message that nobody knows."""

import json
from collections.abc import Mapping
from typing import Any

from factory.model.agent_event import Note

LONGEST = 500


def noted(message: Mapping[str, Any]) -> Note:
    """The message itself, as far as it fits."""
    return Note(json.dumps(message, ensure_ascii=False)[:LONGEST])
