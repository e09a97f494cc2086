"""Every dialect by its name. A new one is a file beside this one and a line here."""

from collections.abc import Mapping

from adapters.agents.dialects.acp import ACP_DIALECTS
from adapters.agents.dialects.claude import ClaudeDialect
from adapters.agents.dialects.codex import CodexDialect
from adapters.agents.dialects.dialect import Dialect
from adapters.agents.dialects.opencode import OpencodeDialect
from adapters.agents.dialects.pi import PiDialect

_ALL: tuple[Dialect, ...] = (ClaudeDialect(), CodexDialect(), PiDialect(), OpencodeDialect(), *ACP_DIALECTS)
DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in _ALL}
