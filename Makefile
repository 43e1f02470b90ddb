# `make` alone lists what there is to do. Every target builds .venv first when it is missing or stale.

PYTHON ?= python3
ARGS ?=
WORKERS ?= 2

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Where uv and pip look for certificates, caches and the like is the machine's business; pins are not.
export UV_SYSTEM_CERTS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
UV := $(BIN)/uv
PACKAGES := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml))
INSTALLED := .venv/.installed
SOURCES := $(wildcard libs/*/src services/*/src tests)

.PHONY: help run demo test faults soak check format lint types contracts bench soak venv pins clean

help:
	@echo "make TARGET [VARIABLE=value]"
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\n  ARGS is handed to what run, demo, test and bench start: make test ARGS="-k optout"\n'
	@printf '  PYTHON chooses the interpreter that .venv is built with: make PYTHON=python3.12 venv\n'

##@ Use it

run: $(INSTALLED) ## start everything on this machine and leave it running
	@$(BIN)/mesh up $(ARGS)

demo: $(INSTALLED) ## start everything and watch a campaign with simulated people
	@$(BIN)/mesh demo $(ARGS)

##@ Change it

test: $(INSTALLED) ## run the tests (ARGS="-k name -x" goes to pytest), but for the faults
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore tests/faults $(ARGS)

faults: $(INSTALLED) ## break things on purpose: kills, crashes, outages, a short soak (ARGS as for test)
	@$(BIN)/python -m pytest -n $(WORKERS) tests/faults $(ARGS)

check: $(INSTALLED) ## everything that must hold before a commit: style, types, contracts, tests
	@echo "format";    $(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(MAKE) lint
	@$(MAKE) types
	@$(MAKE) contracts
	@echo "faults";    $(MAKE) faults
	@echo "test";      $(MAKE) test

format: $(INSTALLED) ## put the code into its one format, and fix what can be fixed safely
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix-only --quiet .

lint: $(INSTALLED) ## ruff: every rule but those that pyproject.toml excuses, with its reason
	@echo "lint";      $(BIN)/ruff check --quiet .

types: $(INSTALLED) ## mypy, strict
	@echo "types";     $(BIN)/mypy --no-error-summary $(SOURCES)

contracts: $(INSTALLED) ## who may import whom
	@echo "contracts"; out=$$($(BIN)/lint-imports --no-logo --no-cache 2>&1) || { echo "$$out"; exit 1; }

bench: $(INSTALLED) ## measure (ARGS="--help" shows what can be measured)
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(INSTALLED) ## break everything at random for MINUTES=5, then count (SEED=, CONVERSATIONS=, EVERY=)
	@$(BIN)/python -m tests.faults.soak --minutes $(or $(MINUTES),5) --every $(or $(EVERY),5) \
	  --conversations $(or $(CONVERSATIONS),500) $(if $(SEED),--seed $(SEED))

##@ Set up


venv: $(INSTALLED) ## build .venv (PYTHON=python3.12 chooses the interpreter)

$(INSTALLED): requirements/bootstrap.txt requirements/dev.txt $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) requirements/check_python.py
	@echo "building .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(UV) && $(UV) --version | grep -qF "$$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/bootstrap.txt)" || \
	  $(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/bootstrap.txt
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt || { \
	  echo "uv could not install the pins; trying pip, which may know of another index"; \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt; }
	@$(UV) pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation $(PACKAGES:%=-e ./%)
	@touch $@

# The resolver reads no configuration of this machine, so that the pins hold everywhere, and every
# platform's hashes are written, not only this one's.
COMPILE = $(UV) pip compile --quiet --no-config --python $(BIN)/python --universal \
  --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header $(PINARGS)
THIRD_PARTY := $(BIN)/python requirements/third_party.py

pins: $(INSTALLED) ## resolve requirements/*.txt again (PINARGS="--upgrade" or "-P nats-py" moves them)
	@mkdir -p .cache
	@$(THIRD_PARTY) libs/meshcore libs/meshreport libs/meshtables $(filter services/%,$(PACKAGES)) > .cache/runtime.in
	@$(COMPILE) --output-file requirements/runtime.txt .cache/runtime.in > /dev/null
	@{ $(THIRD_PARTY) $(PACKAGES); cat requirements/dev.in; } > .cache/dev.in
	@$(COMPILE) --constraint requirements/runtime.txt --output-file requirements/dev.txt .cache/dev.in > /dev/null
	@sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements/dev.txt > .cache/bootstrap.in
	@$(COMPILE) --output-file requirements/bootstrap.txt .cache/bootstrap.in > /dev/null
	@git --no-pager diff --stat -- requirements

clean: ## remove .venv, caches and what was built; .env and the data in .mesh stay
	@rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	@find libs services tests -name __pycache__ -type d -prune -exec rm -rf {} + 2> /dev/null || true
