# Everything a developer runs. `make` alone lists the targets; each one does its own set-up.
#
# Needed on the machine: Python 3.11 or newer, make, and a package registry that pip knows.

VENV := .venv
BIN  := $(VENV)/bin
PIP  := $(BIN)/python -m pip --disable-pip-version-check --no-input
JOBS ?= 2
ARGS ?=

PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$each"; break; }; done)

INSTALL := $(PIP) install -qq --require-hashes -r
LOCK    := $(VENV)-lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --resolver=backtracking

.DEFAULT_GOAL := help
.PHONY: help venv matching demo test lint format types imports unit mutants laws-long laws-loyalty docs bench bench-year \
	identity-bench \
	identity-live identity-long febrl stock-bench fixtures-table \
	coverage lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- set-up: stamps make the second run quick ------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "omo needs Python 3.11 or newer; set PYTHON=/path/to/python" >&2; exit 1; }
	@echo "== environment: $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)

# pip may keep a file's own date, so every stamp is touched last.
$(VENV)/.base: requirements/base.txt requirements/build.txt | $(BIN)/python
	@echo "== installing requirements/base.txt"
	@$(INSTALL) requirements/base.txt -r requirements/build.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "== installing requirements/dev.txt"
	@$(INSTALL) requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.base
	@echo "== installing requirements/bench.txt"
	@$(INSTALL) requirements/bench.txt
	@touch $@

# Splink and its rivals want an older pandas than the other benchmarks, so they live in an environment of their own.
$(VENV)-linkage/.done: requirements/linkage.txt requirements/build.txt | $(BIN)/python
	@echo "== environment: $(VENV)-linkage"
	@"$(PYTHON)" -m venv $(VENV)-linkage
	@$(VENV)-linkage/bin/python -m pip --disable-pip-version-check --no-input install -qq --require-hashes \
		-r requirements/linkage.txt -r requirements/build.txt
	@$(VENV)-linkage/bin/python -m pip --disable-pip-version-check --no-input install -qq --no-deps \
		--no-build-isolation -e .
	@touch $@

$(VENV)/.matching: requirements/matching.txt $(VENV)/.dev
	@echo "== installing requirements/matching.txt"
	@$(INSTALL) requirements/matching.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.base
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

venv: $(VENV)/.dev $(VENV)/.project ## make .venv with everything that development needs

matching: $(VENV)/.matching venv ## add the extras matching (Splink) and names (OpenCC) to .venv, for their tests

# --- what people run -------------------------------------------------------------------------------------------------

demo: $(VENV)/.project ## play a week of a small brand and show what omo says about it (seconds)
	@$(BIN)/python -m omo_adapters.demo $(ARGS)

test: venv ## everything a change must pass; what CI runs (under 10 minutes)
	@$(MAKE) --no-print-directory --keep-going lint types imports unit

# --- the parts of `make test` ----------------------------------------------------------------------------------------

lint: venv ## ruff: rules and format
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted; run: make format"; exit 1; }

format: venv ## let ruff repair what it can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

types: venv ## mypy, strict, on src and on what users may write (tests/typing)
	@echo "== mypy"
	@$(BIN)/mypy src $(wildcard tests/typing)

imports: venv ## import-linter: who may import whom
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo

unit: venv ## pytest without the long tests (ARGS="tests/core -k refund" narrows it)
	@echo "== pytest"
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

# --- longer runs -----------------------------------------------------------------------------------------------------

mutants: venv ## plant known bugs and see that the laws and contracts catch each
	@$(BIN)/python -m pytest tests -m mutants -n $(JOBS) --timeout 600 $(ARGS)

laws-long: venv ## the laws with many more examples and long histories (tens of minutes)
	@$(BIN)/python -m pytest tests -m long --hypothesis-profile nightly -n $(JOBS) --timeout 3600 $(ARGS)

laws-loyalty: venv ## the laws of points on 200,000 walks and more (10 minutes); ARGS=--save keeps what was tried
	@$(BIN)/python -m tests.loyalty.at_length $(ARGS)

coverage: venv ## the tests once more, with the lines that none of them reached
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

identity-bench: $(VENV)-linkage/.done ## 100,000 and 1,000,000 synthetic customers beside Splink: quality, speed, memory
	@$(VENV)-linkage/bin/python -m benchmarks.identity $(ARGS)

identity-live: venv ## one more observation in a shop that knows 1,000,000 records (minutes)
	@$(BIN)/python -m benchmarks.identity_live $(ARGS)

identity-long: venv ## the laws of members at length: every permutation, 10,000 shuffles, 50,000 walks
	@$(BIN)/python -m tests.core.members.at_length $(ARGS)

docs: venv ## rewrite the generated pages (docs/generate.py), then run every example in the docs
	@test ! -f docs/generate.py || $(BIN)/python docs/generate.py
	@$(BIN)/python -m pytest -q docs README.md $(ARGS)

bench: $(VENV)/.bench $(VENV)/.project ## speed of the core, the codec and the storages
	@$(BIN)/python -m benchmarks.run $(ARGS)

bench-year: $(VENV)/.bench $(VENV)/.project ## a year of a real grocer's baskets (installs the data set)
	@$(BIN)/python -m benchmarks.completejourney $(ARGS)

febrl: $(VENV)-linkage/.done ## FEBRL 3 and 4 through the rules and a matcher (a minute; installs Splink and the data)
	@$(VENV)-linkage/bin/python -m benchmarks.febrl $(ARGS)

stock-bench: venv ## plans, batches, rebalancing, scale of stock (hours; ARGS="--quick --save": minutes)
	@$(BIN)/python -m benchmarks.stock $(ARGS)

fixtures-table: venv ## which real documents omo reads, as a table
	@$(BIN)/python -m benchmarks.fixtures_table $(ARGS)

# --- upkeep ----------------------------------------------------------------------------------------------------------

$(VENV)-lock/bin/pip-compile:
	@"$(PYTHON)" -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install -qq "pip-tools==7.6.2"

lock: $(VENV)-lock/bin/pip-compile ## pin and hash the requirements anew (ARGS=--upgrade takes newer versions)
	@$(LOCK) $(ARGS) -o requirements/base.txt pyproject.toml
	@$(LOCK) $(ARGS) -o requirements/build.txt requirements/build.in
	@$(LOCK) $(ARGS) -c requirements/base.txt -c requirements/build.txt --extra dev -o requirements/dev.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements/dev.txt --extra bench -o requirements/bench.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements/dev.txt -c requirements/bench.txt --extra matching --extra names \
		-o requirements/matching.txt pyproject.toml
	@$(LOCK) $(ARGS) -c requirements/base.txt -c requirements/build.txt --extra linkage -o requirements/linkage.txt pyproject.toml

clean: ## remove environments, caches and build leftovers
	@rm -rf $(VENV) $(VENV)-lock $(VENV)-linkage build dist out htmlcov .coverage .coverage.* \
		.mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests benchmarks examples -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
