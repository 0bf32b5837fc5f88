# Everything one does here; only Python 3.11 or newer and make are needed.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help up test check schema migrate settings format bench explorer env clean drift tools

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(INSTALLED) ## Run everything with sample data; ARGS="--port 8123 --data folder --json"
	@$(BIN)/fieldgraph up $(ARGS)

test: $(INSTALLED) ## Run the tests; ARGS="tests/domain -k claim"
	@$(BIN)/pytest $(ARGS)

check: $(INSTALLED) tools ## Check all: format, lint, types, import laws, schema, migrations, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) drift
	FIELDGRAPH_THOROUGH=1 $(BIN)/pytest $(ARGS)

schema: $(INSTALLED) ## Print the GraphQL schema into its file
	@$(BIN)/fieldgraph schema > schema/schema.graphql.new && mv schema/schema.graphql.new schema/schema.graphql

migrate: $(INSTALLED) ## Write a migration for what changed in models, and apply it; ARGS="--name why"
	@$(BIN)/tortoise -c settings.TORTOISE makemigrations $(ARGS)
	@$(BIN)/fieldgraph migrate

settings: $(INSTALLED) ## Print the settings into .env.example
	@$(BIN)/fieldgraph settings > .env.example

format: $(INSTALLED) ## Put the code into its form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(INSTALLED) ## Measure us against hand-written SQL
	@$(BIN)/python -m bench $(ARGS)

explorer: ## Build the explorer from web/explorer; needs npm
	@cd web/explorer && npm ci && npm run build

env: $(INSTALLED) ## Install into .venv what constraints.txt pins

clean: ## Remove .venv and caches; the data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path '*/node_modules/*' -prune -exec rm -rf {} +

# What pip says goes to standard error: the standard output of `make up` belongs to `fieldgraph up --json`.
$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@echo 'Installing into .venv (once; a minute or two)' >&2
	@$(PYTHON) -m venv .venv >&2
	@$(PIP) hatchling editables >&2
	@$(PIP) --no-build-isolation --editable '.[embedded,dev]' >&2
	@touch $@

# Tortoise has no dry run: let it write into a copy, and see whether it does.
drift:
	@copy=$$(mktemp -d) && cp -R models settings.py $$copy && cd $$copy && \
	PYTHONPATH=. '$(CURDIR)/$(BIN)/tortoise' -c settings.TORTOISE makemigrations > said 2>&1; \
	cat said; grep -q 'No changes detected' said && rm -rf $$copy || { echo 'The migrations lag behind: make migrate'; exit 1; }

tools: # programs that some tests need; without them these tests skip, visibly
	@missing=''; \
	command -v chromium > /dev/null || missing="$$missing chromium"; \
	command -v redis-server > /dev/null || missing="$$missing redis-server"; \
	ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1 || missing="$$missing postgresql"; \
	test -z "$$missing" || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null && \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } || \
	echo "SKIPPED the tests that need$$missing: only root can install it, with apt-get"
