# Two commands: `make run` and `make test`. The rest is for those who build Treadle.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Its tests, one an operation, have one name: xdist would run the last of them only.
ONE_BY_ONE := tests/api/test_schemathesis.py
# How many broken files `make fuzz` tries, and which ones.
N ?= 20000
SEED ?= 0
# The pins are names and versions only; where packages come from is the user's own pip settings.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: run test check reference screenshots benchmarks fuzz clean

run: $(VENV)/ready-to-run  ## play the example programme, then serve the console
	$(BIN)/treadle play examples/heddle

test: $(VENV)/ready-to-test check  ## everything: style, types, walls, tests
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --ignore=$(ONE_BY_ONE)
	$(BIN)/pytest $(ONE_BY_ONE)

check: $(VENV)/ready-to-test
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-logo

reference: $(VENV)/ready-to-test  ## write docs/reference anew
	$(BIN)/python docs/generate_reference.py

screenshots: $(VENV)/ready-to-test  ## write docs/images anew (needs Chromium)
	$(BIN)/python docs/images/make_screenshots.py

benchmarks: $(VENV)/ready-to-test  ## measure every figure; takes about twenty minutes
	$(BIN)/python benchmarks/run.py

fuzz: $(VENV)/ready-to-test  ## break N scenarios and roads by chance and try them: a table of what came of it
	PYTHONPATH=src:tests $(BIN)/python -m proving.fuzz.many --number $(N) --seed $(SEED)

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Treadle needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; say make PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready-to-run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo 'Installing into $(VENV) ...'
	@$(PIP) --editable .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo 'Installing into $(VENV) ...'
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/ready-to-run
