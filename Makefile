# Two commands for everybody: `make demo` and `make test`. They need Python 3.11 or newer, make, git and the package registries.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
PORT ?= 8050
DEMO := demo/wendleshire.duckdb
# what Python compiled is kept: without it every command takes three times as long to start
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check tools units style test-long bench lock format notebooks clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 20

$(READY): requirements/all.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is %s. Try: make PYTHON=python3.11 …" % sys.version.split()[0])'
	@echo "Making the environment in $(VENV) (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/all.txt \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/all.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## load the sample county and open its dashboards
	@mkdir -p demo
	@test -f $(DEMO) || { $(BIN)/partnership load sample_data/wendleshire/wendleshire_plan.xlsx --yes --actor "Demonstration" --reason "Sample county" --store $(DEMO) \
	  && $(BIN)/partnership load --as unit-costs sample_data/open/unit_costs_gmca_v1_4_extract.csv --yes --actor "Demonstration" --reason "Unit costs" --store $(DEMO) \
	  && $(BIN)/partnership verify-store --store $(DEMO); }
	@$(BIN)/partnership serve --store $(DEMO) --port $(PORT) --as-of 2026-11-23 --open

test: ## everything: style, types, import rules, units, examples, golden cases, real browser
	@$(MAKE) --no-print-directory -j 2 $(READY) tools
	@$(MAKE) --no-print-directory -j 2 units style
	@$(BIN)/partnership verify

tools: # a browser and a spreadsheet program for the tests, while the environment is made
	@$(PYTHON) tests/install_tools.py

units: $(READY) # the files that take longest begin first (tests/conftest.py), while style and types are looked at
	@$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder

style: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: $(READY) style ## the quick part: no browser, under a minute
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not long and not browser and not office and not slow"

test-long: $(READY) tools ## what takes longer: a thousand kills, large files
	@$(BIN)/python -m pytest -m long --timeout 3600

bench: $(READY) ## measure, as ratios in one run
	@for f in benchmarks/[a-z]*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

lock: $(READY) ## lock versions with hashes, without naming a registry
	@$(BIN)/uv pip compile pyproject.toml --group dev --extra dashboards --extra notebook --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements/all.txt
	@$(BIN)/uv pip compile requirements/build.in --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements/build.txt

format: $(READY) ## put the code in its standard form
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

clean: ## remove what was made
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
