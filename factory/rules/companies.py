"""The companies that agents work for."""

from factory.rules.routing_table import RoutingTable

COMPANIES = ("CodeCraft", "Vizu", "FlowForge", "Proveo", "Securion", "AgentForge", "Skillforge", "Lexicon")
"""Those that the cockpit knows without a table."""


def companies_of(table: RoutingTable) -> tuple[str, ...]:
    """The known companies, and those that a table names, each once."""
    named = [company for row in table.rows for company in (row.builder, row.verifier)]
    return tuple(dict.fromkeys((*COMPANIES, *named)))
