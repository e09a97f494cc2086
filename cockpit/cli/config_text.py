"""The settings as they apply, for programs and for people, each with where it comes from."""

from collections.abc import Mapping
from typing import Any

from cockpit.cli.columns import columns
from cockpit.cli.output import plain
from cockpit.config import CONFIG_FILE
from cockpit.settings import SECTIONS, Settings

MICROS = ("budget_usd", "thread_cap_usd")
DOLLAR = 1_000_000


def config_value(settings: Settings) -> dict[str, Any]:
    """Home, file, every section, and the origin of what is no default."""
    sections = {name: _in_dollars(plain(getattr(settings, name))) for name in SECTIONS}
    more = {"agents": plain(settings.agents), "keys": dict(settings.keys)}
    file = settings.home / CONFIG_FILE
    return {"home": str(settings.home), "file": str(file), "exists": file.exists()} | {
        "settings": sections | more,
        "origins": dict(settings.origins),
    }


def config_text(settings: Settings) -> str:
    """One setting a line: its name, its value, and where that comes from."""
    value = config_value(settings)
    rows = [("home", value["home"], ""), ("file", value["file"], "" if value["exists"] else "(not there)")]
    for section, keys in value["settings"].items():
        for name, each in _flat(section, keys):
            rows.append((name, str(each), settings.origins.get(name, "default")))
    return columns(rows)


def _flat(above: str, value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        return [(above, value)]
    return [pair for key, each in value.items() for pair in _flat(f"{above}.{key}", each)]


def _in_dollars(section: dict[str, Any]) -> dict[str, Any]:
    return {key: value / DOLLAR if key in MICROS else value for key, value in section.items()}
