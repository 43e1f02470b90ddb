# `make` alone lists what there is to do. Every target builds .venv first when it is missing or stale.

PYTHON ?= python3
ARGS ?=

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

##@ Set up

.PHONY: venv
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
