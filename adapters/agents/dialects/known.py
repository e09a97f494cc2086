"""Every dialect by its name. A new one is a file beside this one and a line here."""

from collections.abc import Mapping

from adapters.agents.dialects.claude import ClaudeDialect
from adapters.agents.dialects.codex import CodexDialect
from adapters.agents.dialects.dialect import Dialect

DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (ClaudeDialect(), CodexDialect())}
