# Every command a person types. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Compiled code is kept: without it each of the service's processes starts twice as slowly.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
SERVERS := $(PY) -m dev.with_servers --
PYTEST := $(PY) -m pytest
DCLINT := 3.1.0
ARGS ?=
ONLY ?=
ONCE ?=
CASES ?= tests/protocol/vignettes.toml

.PHONY: help
help: ## List every target.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Make .venv from the lock (uv or pip); nothing to do when it is current.
	@dev/setup.sh

.PHONY: demo
demo: setup ## Play a whole course through the API, then serve it. ONCE=1: stop after the summary.
	@$(PY) -m dev.demo $(if $(filter 1,$(ONCE)),--once)

.PHONY: up
up: setup ## Serve on this machine: servers, web, worker, beat, relay, mail sink. Ctrl-C ends it.
	@$(PY) -m dev.up

.PHONY: test
test: setup ## Run the tests on real PostgreSQL and Redis. ARGS='-k booking' picks some.
	@$(SERVERS) $(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder -q $(ARGS)

.PHONY: journeys
journeys: setup ## Run only the stories that go through every door.
	@$(SERVERS) $(PYTEST) -q tests/journeys $(ARGS)

.PHONY: check
check: setup check-code check-files ## Lint, types, floors, laws, migrations, what is generated, container files.
	@$(SERVERS) $(MAKE) check-django

.PHONY: check-fast
check-fast: setup ## The same in seconds: format, lint, floors, laws, rules of the protocol.
	$(PY) -m dev.lock check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	@$(SERVERS) $(PYTEST) -q tests/laws tests/protocol

.PHONY: check-code
check-code:
	$(PY) -m dev.lock check
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports

.PHONY: check-files
check-files:
	.venv/bin/hadolint Dockerfile
	@if command -v npx >/dev/null || [ -n "$$CI" ]; then \
	  echo "dclint docker-compose.yml"; \
	  npx --yes dclint@$(DCLINT) --max-warnings 0 docker-compose.yml; \
	else echo "docker-compose.yml was not linted: no npx on this machine"; fi

# Needs the service's variables; `make check` gives them.
.PHONY: check-django
check-django:
	$(PY) -m mypy
	$(PY) -m backend.manage check --fail-level WARNING
	$(PY) -m backend.manage makemigrations --check --dry-run
	$(PY) -m backend.manage write_schema --check
	$(PY) -m backend.manage write_states --check
	$(PY) -m backend.manage write_rules --check
	$(PYTEST) -q tests/laws

.PHONY: fix
fix: setup ## Format, and mend what ruff can mend.
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

.PHONY: schema
schema: setup ## Write api_schema/ from the code.
	@$(SERVERS) $(PY) -m backend.manage write_schema

.PHONY: diagrams
diagrams: setup ## Draw docs/states/ from the rule tables.
	@$(SERVERS) $(PY) -m backend.manage write_states

.PHONY: rules
rules: setup ## Write docs/rules.md and docs/rules.ja.md: every rule, its numbers pack beside pack.
	@$(SERVERS) $(PY) -m backend.manage write_rules

.PHONY: messages
messages: setup ## Collect what the pages say into each portal's Japanese, and compile it.
	@$(PY) -m dev.messages update && $(PY) -m dev.messages compile && $(PY) -m dev.messages check

.PHONY: cases
cases: setup ## Run case files against the rules. CASES=file-or-folder (.toml, .jsonl).
	@$(PY) -m backend.protocol.cases $(CASES)

.PHONY: mutants
mutants: setup ## Change the rules one by one and see a test fail each time. ONLY=dosing,mood
	@$(PY) -m dev.mutants $(if $(ONLY),--only $(ONLY))

.PHONY: bench
bench: setup ## Measure the promised figures into build/bench.json. ONLY=name picks one.
	@$(PY) -m dev.bench $(if $(ONLY),--only $(ONLY))

.PHONY: tamper
tamper: setup ## Tamper with a sealed audit trail at random: is all found, and named? COUNT=10000 SEED=
	@$(PY) -m dev.tamper $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

.PHONY: writers
writers: setup ## Write, seal and verify at once: no alarm, no gap? SECONDS=120 WRITERS=64
	@$(PY) -m dev.tamper.writers $(if $(SECONDS),--seconds $(SECONDS)) $(if $(WRITERS),--writers $(WRITERS))

.PHONY: kills
kills: setup ## Kill the sealer at random moments: is there one tree, and does it catch up? COUNT=200 SEED=
	@$(PY) -m dev.tamper.kills $(if $(COUNT),--count $(COUNT)) $(if $(SEED),--seed $(SEED))

.PHONY: manage
manage: setup ## Run a management command on the data of 'make up': make manage ARGS='audit verify'.
	@$(PY) -m dev.manage $(ARGS)

.PHONY: audit-export
audit-export: setup ## Write a bundle of the audit trail that anybody can verify. ARGS='--all --out trail.zip'
	@$(PY) -m dev.manage audit export $(ARGS)

.PHONY: lock
lock: setup ## Resolve the packages again after a change of pyproject.toml. ARGS=--upgrade renews all.
	@$(PY) -m dev.lock write $(ARGS)
	@dev/setup.sh

.PHONY: image-check
image-check: setup ## Build the image on stand-in base images and see the services answer (root, Debian).
	@dev/image_check.sh
