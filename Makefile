PYTHON3 ?= python3
PYTHON := .venv/bin/python
INSTALLED := .venv/.installed

export ALEMBIC_CONFIG := alembic/alembic.ini

.PHONY: run dev demo test lint bench clean

run: $(INSTALLED)
	@$(PYTHON) -m shinesmile.serve

dev: $(INSTALLED)
	@$(PYTHON) -m shinesmile.serve --dev

demo: $(INSTALLED)
	@$(PYTHON) -m shinesmile.serve --reset-demo

test: $(INSTALLED)
	@$(PYTHON) -m tests.browser
	@$(PYTHON) -m shinesmile.serve --build-only
	@$(MAKE) --no-print-directory lint
	@$(PYTHON) -m pytest

lint: $(INSTALLED)
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/mypy

bench: $(INSTALLED)
	@$(if $(wildcard tests/bench/.),$(PYTHON) -m tests.bench,echo "There are no benchmarks yet.")

clean:
	rm -rf .venv .web .states .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(INSTALLED): requirements.txt | $(PYTHON)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(PYTHON):
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "ShineSmile needs Python 3.11 or newer; name one with PYTHON3=..."; exit 1; }
	@$(PYTHON3) -c 'import ensurepip' 2>/dev/null || { echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON3) -m venv .venv
