# `make demo` compiles the bundled model, simulates the accelerator and classifies real digits.
# `make test` runs everything that CI runs. Both set up the environment that they need.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

MNIST := examples/mnist
DEMO := build/mnist

.PHONY: help demo test style types lit unit clean

help:
	@sed -n 's/^# //p' Makefile

demo: $(VENV)/.installed
	$(BIN)/vaqf compile $(MNIST)/mnist_vit.onnx --calibration $(MNIST)/calibration.npz -o $(DEMO)
	$(MAKE) --no-print-directory -C $(DEMO) csim
	$(BIN)/vaqf csim $(DEMO) --input $(MNIST)/digits.npz
	@echo
	@echo 'The accelerator is in $(DEMO): start with its README.md, then src/top.cpp and ir/.'
	@echo 'To compile another model: . $(BIN)/activate && vaqf compile --help'

test: style types lit unit
	@echo 'All tests passed.'

style: $(VENV)/.installed-test
	@echo '== ruff'
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	@echo '== pyright'
	$(BIN)/pyright --pythonpath $(BIN)/python

lit: $(VENV)/.installed-test
	@echo '== lit'
	$(BIN)/lit --quiet --verbose --workers 2 tests/lit

unit: $(VENV)/.installed-test
	@echo '== pytest'
	@$(BIN)/python -m tests.mlir_opt
	$(BIN)/pytest --quiet --numprocesses 2 --dist worksteal

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "VAQF needs Python 3.11 or newer; name one with make PYTHON=...")'
	@command -v g++ >/dev/null || { echo 'VAQF needs g++ to simulate accelerators' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install --editable '.[test]'
	@touch $@

clean:
	rm -rf build .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name .venv -prune -o \( -name __pycache__ -o -path './tests/lit/*/Output' \) -prune -exec rm -rf {} +
