# The two commands: `make up` runs the reference city, `make test` passes the tests. Both need Python 3.11+, make and the package registries.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests
ONLY ?=

.PHONY: help up test check bench soak seed clean lock texts docs screenshots

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/ready: requirements-dev.lock pyproject.toml
	@echo "· Setting up Python packages in $(VENV) (hash-checked; a minute or two the first time)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Fangtang needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing (Debian: apt-get install python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

up: $(VENV)/ready ## Set everything up and run the reference city (PORT=8000, DATABASE_URL= for PostgreSQL)
	@$(BIN)/fangtang up

test: check ## Set everything up and pass the tests (all of `make check`)

check: $(VENV)/ready ## Exactly what CI runs: format, lint, types, layers, texts, migrations, tests
	@PATH="$(CURDIR)/$(BIN):$$PATH" TESTS="$(TESTS)" bash .ci/check

bench: $(VENV)/ready ## Measure the promises (ONLY=name for one script of bench/)
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash bench/run $(ONLY)

soak: $(VENV)/ready ## The slow suites: more examples, more kills, larger sizes
	@FANGTANG_SOAK=1 $(BIN)/python -m pytest tests -q -n 2 -m "slow or not slow" --hypothesis-profile=soak

seed: $(VENV)/ready ## Make the reference city where none is, or add articles up to SIZE=300 (make clean starts over)
	@$(BIN)/fangtang seed --size $(or $(SIZE),300)

clean: ## Forget the reference city and its data (var/); packages stay
	@if [ -x $(BIN)/fangtang ]; then $(BIN)/fangtang stack down >/dev/null 2>&1 || true; fi
	@rm -rf var && echo "· var/ is gone; the next make up starts over."

lock: ## Resolve the dependencies anew (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade -o requirements.lock
	@uv pip compile pyproject.toml --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade -o requirements-dev.lock

texts: $(VENV)/ready ## Collect new texts into the catalogues and compile them
	@$(BIN)/python -m tools.texts

docs: $(VENV)/ready ## Generate docs/reference from the code
	@$(BIN)/python -m tools.reference

screenshots: $(VENV)/ready ## Draw docs/screenshots from a fresh reference city (needs chromium)
	@$(BIN)/python -m tools.screenshots
