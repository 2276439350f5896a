# Everything Shoal needs lives in .venv; these targets make it when it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo dashboard test compose-test chaos lint format bench quality docs screenshots clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.tools $(VENV)/.compiled ## Make the virtual environment with everything for development

demo: $(VENV)/.compiled ## A shop's stream, its segments, and who moves between them (no broker)
	@$(BIN)/shoal demo --dir build/demo

dashboard: $(VENV)/.compiled $(VENV)/.dashboard ## The demo's shop in a browser, going on while you look (make demo first)
	@$(BIN)/shoal dashboard --demo build/demo

# Most of the waiting is for brokers, so that a few more workers than cores do no harm; what kills
# and puts to sleep has time-outs of seconds, and runs by itself.
WORKERS ?= 3

test: $(VENV)/.tools $(VENV)/.compiled ## Run every test (Kafka on a real broker: see CONTRIBUTING.md)
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore tests/chaos
	$(BIN)/python -m pytest tests/chaos

compose-test: $(VENV)/.tools ## Bring everything up with Docker, kill each service, compare, take it down
	$(BIN)/python -m pytest tests/compose/whole_way.py

chaos: $(VENV)/.tools ## Kill workers at random, a few minutes long, and compare (SEED=… repeats a run)
	$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED))

lint: $(VENV)/.tools ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.tools ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.tools ## Measure against the floors and write docs/benchmarks.md
	$(BIN)/python -m benchmarks

quality: $(VENV)/.tools ## Measure how good the segments are and write docs/quality.md
	$(BIN)/python -m benchmarks.quality

docs: $(VENV)/.tools ## Write the generated documents anew
	$(BIN)/python -m app.generate_docs
	$(BIN)/python -m app.demo.picture

screenshots: $(VENV)/.tools $(VENV)/.compiled ## Take the pictures of the dashboard anew (make demo first; needs Chromium)
	$(BIN)/python -m app.dashboard.screenshots docs/images --demo build/demo

clean: ## Remove the environment and everything made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name '*.nb[ic]' -delete

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "make: there is no $(PYTHON): install Python 3.11 or newer, or name one with make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $$($(PYTHON) --version) is too old: Shoal needs 3.11 or newer (make PYTHON=python3.12 …)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: $(PYTHON) has no venv module: install it (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.shoal: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Shoal and what it stands on (a minute or two, once) …"
	@$(PIP) install --progress-bar on --constraint constraints.txt --editable . \
		|| { echo "make: pip could not install the packages above: is the package index within reach?" >&2; exit 1; }
	@touch $@

# Once; when the code changes, what changed is compiled where it is first used.
$(VENV)/.compiled: $(VENV)/.shoal
	@echo "Compiling the loops (half a minute, once) …"
	@$(BIN)/python -m app.compiling
	@touch $@

$(VENV)/.dashboard: $(VENV)/.shoal
	@echo "Installing what the dashboard stands on …"
	@$(PIP) install --progress-bar on --constraint constraints.txt --editable '.[dashboard,sql]' \
		|| { echo "make: pip could not install the packages above: is the package index within reach?" >&2; exit 1; }
	@touch $@

$(VENV)/.tools: $(VENV)/.shoal
	@echo "Installing the tools for tests and checks …"
	@$(PIP) install --progress-bar on --constraint constraints.txt --editable '.[dev]' \
		|| { echo "make: pip could not install the packages above: is the package index within reach?" >&2; exit 1; }
	@touch $@
