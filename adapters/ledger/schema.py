"""The number of the ledger's schema; without any library, for whoever looks before the libraries are there."""

SCHEMA = 2
"""The number of this schema: clients compare it, the newest migration carries it."""
