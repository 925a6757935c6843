# What can be done here. `make` alone lists it.
#
# PYTHON   the interpreter that .venv is made with (3.11 or newer; found if not named)
# ARGS     passed on: make run ARGS=doctor, make test ARGS="-k journal"

PYTHON ?= $(shell sh tools/find-python)
BIN := .venv/bin
ARGS ?=

# Models that tests marked `model` run; fetched once into the models folder, outside this one.
TEST_MODELS := smollm2-135m minilm-l6 minilm-l6-vocabulary hearing

UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --no-config --native-tls --upgrade --universal \
	--python-version 3.11 --extra model --extra terminal --extra passphrase --extra voice \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup run-env run test test-models check format bench bench-voice eval lock clean

help:  ## list what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup:  ## build .venv with all that development needs, and nothing else
	@test -n "$(PYTHON)"
	@$(PYTHON) tools/setup_env.py dev

run-env:
	@test -n "$(PYTHON)"
	@$(PYTHON) tools/setup_env.py run

run: run-env  ## talk with Oona; sets up what is missing first
	@exec $(BIN)/oona $(ARGS)

test: setup test-models  ## set up what is needed and run every test
	@$(BIN)/python -m pytest $(ARGS)

test-models:
	@for model in $(TEST_MODELS); do $(BIN)/oona models fetch "$$model" || exit 1; done

check: setup  ## format, lint, types, layers, budgets, and the house's own rules
	@$(BIN)/python tools/check.py

format: setup  ## write the format that `make check` asks for
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format --quiet

bench: setup  ## measure; JSON with the machine named
	@$(BIN)/python -m benchmarks $(ARGS)

bench-voice: setup  ## play conversations to Oona in real time, and measure the recordings
	@$(BIN)/python -m benchmarks.voice $(ARGS)

eval: setup  ## judge conversations with the real models; writes docs/reality.md
	@$(BIN)/python -m evaluation $(ARGS)

lock: setup  ## renew requirements/*.txt: versions and hashes, no addresses
	@$(UV_COMPILE) --group install -o requirements/run.txt
	@$(UV_COMPILE) --group dev -c requirements/run.txt -o requirements/dev.txt
	@$(BIN)/python tools/check.py addresses

clean:  ## remove .venv and caches; people's data and models lie elsewhere and stay
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
