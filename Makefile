# Needs python3 >= 3.11 with venv, git and make; everything else goes into .venv, pinned by constraints.txt.
# Two stamps say what .venv holds: .runtime is enough to run, .dev is enough to work on it.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input install --progress-bar off \
	--no-warn-script-location --constraint constraints.txt
PYTEST := $(BIN)/python -m pytest
# Half of the time a test waits for a screen, a process or a clock: one more of them than two cores have work for.
QUICK := -n 3 --dist loadgroup
# The longest tests first: short ones fill the gaps at the end.
SUITES := tests/e2e tests/app tests/contract tests/unit

# What a test starts reads our modules as they were compiled once; where that is off, each start compiles them again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help cockpit test check test-crash test-slow test-late test-agents test-lightrag bench screenshots film keys lint types layers clean needs
.NOTPARALLEL:

help:
	@echo 'make cockpit       open the cockpit with the demo goal; without a terminal, run the check of the demo'
	@echo 'make test          unit, contract, app and short end-to-end tests'
	@echo 'make check         lint, types, layers, then make test'
	@echo 'make test-slow     what takes longer than make test may: whole programs, every page, every size'
	@echo 'make test-crash    kill workers and clients at random moments; every run must end the same way'
	@echo 'make test-late     the tests of the screens, with every thread a little late, as on a busy machine'
	@echo 'make test-agents   install the real coding agents (1 GB, once) and drive them against a scripted model;'
	@echo '                   AGENTS="claude codex" takes only those'
	@echo 'make test-lightrag install a real LightRAG server (770 MB, once) and kill it while lessons are on their way'
	@echo 'make bench         measure, as ratios to the bare thing on the same machine; HOUR=1 watches memory for an hour'
	@echo 'make screenshots   draw the pictures in screenshots/ again'
	@echo 'make film          play the demo for real, and draw its film in screenshots/ again; a minute'
	@echo 'make keys          write docs/keys.md again, from the key table'
	@echo 'make clean         remove .venv and every cache'

cockpit: .venv/.runtime
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/cockpit demo; else $(BIN)/cockpit demo --check; fi; ended=$$?; \
	echo; \
	echo "Without make: '$(CURDIR)/$(BIN)/cockpit', or install it for yourself with" \
		"pipx install '$(CURDIR)' and call 'cockpit'."; \
	exit $$ended

test: .venv/.dev
	@$(PYTEST) $(QUICK) $(SUITES)

check: lint types layers test

test-crash: .venv/.dev
	@$(PYTEST) -n 2 --dist worksteal -m crash tests/e2e

test-slow: .venv/.dev
	@$(PYTEST) -n 2 --dist loadgroup -m "slow and not crash" --timeout 600 $(SUITES)

test-late: .venv/.dev
	@$(PYTEST) -n 2 -p tests.late_threads -m "not slow" tests/app

test-agents: .venv/.dev
	@COCKPIT_AGENTS="$(AGENTS)" $(PYTEST) -n 0 -m agents tests/agents

test-lightrag: .venv/.dev
	@$(PYTEST) -n 0 -m lightrag tests/lightrag

bench: .venv/.dev
	@$(BIN)/python -m tests.bench $(if $(HOUR),--hour)

screenshots: .venv/.dev
	@$(BIN)/python -m tests.screenshots

film: .venv/.dev
	@$(BIN)/python -m tests.film

keys: .venv/.dev
	@$(BIN)/python -m tests.keys_page

lint: .venv/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: .venv/.dev
	@$(BIN)/mypy

layers: .venv/.dev
	@$(BIN)/lint-imports --no-logo

clean:
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache snapshot_report.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# hatchling first and no build isolation: the build is pinned too, and a changed pyproject.toml needs no network.
.venv/.runtime: pyproject.toml constraints.txt | needs
	@echo 'Setting up .venv to run Cockpit; the first time takes a minute or two.' >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) hatchling
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/.dev: pyproject.toml constraints.txt | needs
	@echo 'Setting up .venv to run and test Cockpit; the first time takes a minute or two.' >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) hatchling
	@$(PIP) --no-build-isolation --editable '.[dev]'
	@touch .venv/.runtime $@

needs:
	@command -v git >/dev/null || { \
		echo 'Cockpit needs git: install the Debian package git (apt install git).' >&2; exit 1; }
	@[ -x $(BIN)/python ] || command -v $(PYTHON) >/dev/null || { \
		echo 'Cockpit needs Python 3.11 or newer: install the Debian packages python3 and python3-venv' \
			'(apt install python3 python3-venv).' >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Cockpit needs Python 3.11 or newer and $(PYTHON) is $$($(PYTHON) -V 2>&1): install the Debian package" \
			'python3.11-venv and call make with PYTHON=python3.11.' >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Cockpit needs Python's venv module: install the Debian package python3-venv" \
			'(apt install python3-venv).' >&2; exit 1; }
