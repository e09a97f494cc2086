"""The tables of the ledger: one for each kind of entity, and the six that hold the ledger itself together.

A change here needs a migration with the next number, and `SCHEMA` to say that number.
"""

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from adapters.ledger.columns import (
    NAMES,
    flags,
    identity,
    later_flags,
    nested,
    numbers,
    optional_nested,
    optional_numbers,
    optional_texts,
    owner,
    texts,
)
from adapters.ledger.schema import SCHEMA as SCHEMA
from factory.model.audit import Command
from factory.model.blocker import Blocker
from factory.model.cost import Budget, CostEntry
from factory.model.evidence import Evidence, Package
from factory.model.gate import Approval, Gate
from factory.model.identity import Entity
from factory.model.outbox import OutboxItem, Page, PortHealth
from factory.model.permission import Permission
from factory.model.request import Request
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.model.trial import Assignment

METADATA = MetaData(naming_convention=NAMES)

RUNS = Table(
    "runs", METADATA, *identity(),
    *texts("goal lang priority domain planner profile workflow_sha256 repo base_commit result_commit worktree"),
    *texts("accept_dir operator_path state state_reason mc_ref landed supersedes started_by"),
    *optional_texts("idempotency_key"),
    *flags("verifier_required allow_green_baseline"),
    *nested("criteria risk verifier_reasons route coder verifier definition prepare left_out labels"),
    UniqueConstraint("namespace", "idempotency_key"),
    Index("ix_runs_born", "born", unique=True),
    Index("ix_runs_state_born", "state", "born"),
)  # fmt: skip

STEPS = Table(
    "steps", METADATA, *identity(), *owner(),
    *texts("kind state state_reason next_retry_at parent_step assigned"),
    *numbers("order attempt_no max_attempts"),
    *flags("required"),
    *nested("deps"),
)  # fmt: skip

ATTEMPTS = Table(
    "attempts", METADATA, *identity(), *owner(),
    *texts("step role agent company runtime model session_ref folder lease_until last_heartbeat last_progress"),
    *texts("started_at ended_at state end_reason subject commit summary"),
    *numbers("n fence_token reserved_micros"),
    *optional_numbers("exit_code"),
    *flags("request_review late"),
    *nested("artefacts"),
    *optional_texts("outcome resets_at resumes"),
    *optional_nested("gauge"),
    *later_flags("is_self_check"),
    UniqueConstraint("step", "n"),
)  # fmt: skip

THREADS = Table(
    "threads", METADATA, *identity(), *owner(),
    *texts("step coder verifier trigger state end_state"),
    *numbers("round max_rounds cap_micros"),
    *nested("verdicts"),
)  # fmt: skip

MESSAGES = Table(
    "messages", METADATA, *identity(), *owner(),
    *texts("thread sender recipient kind body status external_ref"),
    *numbers("seq"),
    *nested("artefacts"),
    UniqueConstraint("thread", "seq"),
)  # fmt: skip

GATES = Table(
    "gates", METADATA, *identity(), *owner(),
    *texts("kind state package package_digest expires_at"),
    *nested("requirements"),
    *optional_nested("request"),
)  # fmt: skip

APPROVALS = Table(
    "approvals", METADATA, *identity(), *owner(),
    *texts("gate decision actor role surface reason package_digest"),
    *numbers("open_ms"),
    *flags("self_approved"),
    *nested("viewed"),
    UniqueConstraint("gate"),
)  # fmt: skip

EVIDENCE = Table(
    "evidence", METADATA, *identity(), *owner(),
    *texts("step attempt kind polarity path sha256 capture actor role captured_at subject source title outcome"),
    *numbers("size redactions"),
    *flags("baseline"),
    *nested("claims"),
    *optional_nested("command tests"),
)  # fmt: skip

PACKAGES = Table(
    "packages", METADATA, *identity(), *owner(),
    *texts("phase state path digest result_commit approved_package"),
    *numbers("n score"),
    *flags("sufficient"),
    *nested("reasons"),
    UniqueConstraint("run", "phase", "n"),
)  # fmt: skip

COSTS = Table(
    "costs", METADATA, *identity(), *owner(),
    *texts("step attempt thread role agent provider model basis price_version"),
    *numbers("micros"),
    *nested("tokens"),
)  # fmt: skip

BUDGETS = Table(
    "budgets", METADATA, *identity(), *owner(required=False),
    *texts("scope subject state"),
    *numbers("limit_micros reserved_micros spent_micros overshoot_micros"),
    Index("ix_budgets_subject", "subject"),
)  # fmt: skip

BLOCKERS = Table(
    "blockers", METADATA, *identity(), *owner(),
    *texts("code severity message cause_ref opened_at resolved_at resolution"),
)  # fmt: skip

OUTBOX = Table(
    "outbox", METADATA, *identity(), *owner(),
    *texts("target op dedupe_key order_key payload payload_sha256 state next_at lease_until remote_ref last_error"),
    *numbers("tries"),
    UniqueConstraint("dedupe_key"),
    Index("ix_outbox_state_next_at", "state", "next_at"),
    Index("ix_outbox_target_order_key", "target", "order_key"),
)  # fmt: skip

PAGES = Table(
    "pages", METADATA, *identity(), *owner(),
    *texts("role ref sha256 index_state"),
    UniqueConstraint("run", "role"),
)  # fmt: skip

PORT_HEALTH = Table(
    "port_health", METADATA, *identity(),
    *texts("state seen_at detail outage_since"),
    *numbers("latency_ms"),
    *optional_texts("release"),
)  # fmt: skip

PERMISSIONS = Table(
    "permissions", METADATA, *identity(), *owner(),
    *texts("step attempt ask kind title tier input reason state words by answered_at"),
    *numbers("spent_micros"),
    *flags("always"),
    UniqueConstraint("attempt", "ask"),
    Index("ix_permissions_state", "state"),
)  # fmt: skip

REQUESTS = Table(
    "requests", METADATA, *identity(),
    *texts("ref goal text priority repo by state run seen_at"),
    *nested("accept"),
    *optional_texts("problem"),
    Index("ix_requests_state", "state"),
    Index("ix_requests_ref", "ref"),
    Index("ix_requests_run", "run"),
)  # fmt: skip

ASSIGNMENTS = Table(
    "assignments", METADATA, *identity(),
    *texts("given_to arm stratum block why"),
    *numbers("place"),
    UniqueConstraint("given_to"),
    Index("ix_assignments_stratum", "stratum"),
)  # fmt: skip

COMMANDS = Table(
    "commands", METADATA,
    Column("born", Integer, primary_key=True),  # counted by the database: a command has no event
    *texts("id namespace created_at updated_at verb reason step actor applied_at error"),
    *numbers("version"),
    *owner(),
    UniqueConstraint("id"),
    Index("ix_commands_applied_at", "applied_at"),
)  # fmt: skip

EVENTS = Table(
    "events", METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    *texts("at namespace actor action object run before_sha256 after_sha256 prev_hash hash"),
    *optional_texts("key"),
    *nested("detail"),
    UniqueConstraint("key"),
    Index("ix_events_run_seq", "run", "seq"),
)  # fmt: skip

HISTORY = Table(
    "history", METADATA,
    Column("number", Integer, primary_key=True),  # counted by the database: beats have no event of their own
    *numbers("seq"),
    *texts("run kind entity"),
    *nested("values"),
    Index("ix_history_run_seq", "run", "seq"),
)  # fmt: skip
"""What each change made of an entity; `history.py` says how."""

CHAIN = Table(
    "chain", METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *numbers("count"),
    *texts("hash"),
)  # fmt: skip
"""One row: how long the chain is and where it ends. Who holds it is the one who writes."""

META = Table(
    "meta", METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *numbers("schema"),
)  # fmt: skip
"""One row: the number of the schema."""

ALEMBIC = Table(
    "alembic_version", METADATA,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)  # fmt: skip
"""Where Alembic finds which migration was the last; ours to make, so that creating a ledger needs no Alembic."""

TABLES: Mapping[type[Entity], Table] = {
    Run: RUNS, Step: STEPS, Attempt: ATTEMPTS, Thread: THREADS, Message: MESSAGES, Gate: GATES, Approval: APPROVALS,
    Evidence: EVIDENCE, Package: PACKAGES, CostEntry: COSTS, Budget: BUDGETS, Blocker: BLOCKERS, OutboxItem: OUTBOX,
    Page: PAGES, PortHealth: PORT_HEALTH, Permission: PERMISSIONS, Request: REQUESTS,
    Assignment: ASSIGNMENTS, Command: COMMANDS,
}  # fmt: skip
"""Where each kind of entity is kept."""
