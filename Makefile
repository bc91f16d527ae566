# Needs Python 3.11, 3.12 or 3.13 and make. Everything else goes into .venv, with versions and hashes that are pinned
# in requirements/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate pyproject.toml --group build
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

# The newest of the usual names that is a Python we run on and can make environments.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,$(shell \
	$(name) -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $(name))))

.PHONY: help setup demo test lint format check bench bench-full soak docs requirements clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

setup: $(RUNTIME) ## Make .venv with what running needs

demo: $(RUNTIME) ## A simulated desk to look at: fills it, serves it, keeps it living
	@exec $(BIN)/deskledger demo

test: $(DEVELOPMENT) ## All tests but the long random ones
	$(BIN)/pytest -n auto --dist loadgroup -m "not soak"

lint: $(DEVELOPMENT) ## Style, types, import contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEVELOPMENT) ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: lint ## lint, and whether generated documents are what would be generated
	$(BIN)/deskledger docs --check

bench: $(DEVELOPMENT) ## Measure speed at 1,000,000 events (10 minutes)
	$(BIN)/python -m benchmarks

bench-full: $(DEVELOPMENT) ## Measure speed at 10,000,000 events
	$(BIN)/python -m benchmarks --full

soak: $(DEVELOPMENT) ## The long random tests
	$(BIN)/pytest -n auto --dist loadgroup -m soak --timeout 1800

docs: $(DEVELOPMENT) ## Write the generated documents anew
	$(BIN)/deskledger docs

requirements: $(DEVELOPMENT) ## Pin the newest versions that pyproject.toml allows
	$(COMPILE) --upgrade --output-file requirements/runtime.txt
	$(COMPILE) --upgrade --group dev --constraint requirements/runtime.txt --output-file requirements/development.txt

clean: ## Remove what make made, the demo's data included
	rm -rf $(VENV) .deskledger .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Deskledger needs Python 3.11, 3.12 or 3.13 with its venv module; none was found." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt | $(BIN)/python
	@echo "Setting up .venv (once) ..."
	@$(PIP) --requirement requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements/development.txt $(RUNTIME)
	@echo "Adding the tools of development to .venv (once) ..."
	@$(PIP) --requirement requirements/development.txt
	@touch $@
