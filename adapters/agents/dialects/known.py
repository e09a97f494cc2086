"""Every dialect by its name. A new one is a file beside this one and a line here."""

from collections.abc import Mapping

from adapters.agents.dialects.dialect import Dialect

DIALECTS: Mapping[str, Dialect] = {}
