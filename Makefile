# Everything a newcomer needs: `make run` to watch the bot at work, `make test` to trust it.
# A Python 3.11 or newer and make are all that the machine must have; the rest goes into .venv here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run start test check bench screenshots lock clean

help:  ## show this list
	@echo "Third Chair. What would you like to do?"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(STAMP)  ## watch the bot at work in your browser, no account needed
	@$(BIN)/python -m bot rehearse $(if $(PLATFORM),--platform $(PLATFORM)) $(ARGS)

start: $(STAMP)  ## the same bot on your server, with the token in .env
	@$(BIN)/python -m bot run

test: $(DEV_STAMP)  ## all tests (ARGS="tests/rules -k dst" for some of them)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(DEV_STAMP)  ## lint, types, import contracts and content
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m bot check-content

bench: $(DEV_STAMP)  ## measure, one JSON object each (ARGS="claim" for one of them)
	@$(BIN)/python -m bench $(ARGS)

screenshots: $(DEV_STAMP)  ## redraw the pictures in docs/pictures from the running rehearsal
	$(BIN)/python -m tests.pictures

lock: $(DEV_STAMP)  ## compile the hash-pinned requirements from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements-dev.txt

clean:  ## remove what make has built (the bot's data stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Said in sentences, because whoever reads them may never have heard of a virtual environment.
define CHECK_PYTHON
import sys
version = "%d.%d" % sys.version_info[:2]
if sys.version_info < (3, 11):
    sys.exit("Third Chair needs Python 3.11 or newer, and $(PYTHON) is Python " + version + ". "
             "Install a newer one (python.org/downloads), or name one that you have: make run PYTHON=python3.12")
try:
    import ensurepip, venv
except ImportError:
    sys.exit("Python " + version + " is here, but without the part that makes virtual environments. "
             "On Debian or Ubuntu: sudo apt install python" + version + "-venv (elsewhere: the full Python package); "
             "then run make again.")
endef
export CHECK_PYTHON

$(BIN)/uv:
	@command -v $(PYTHON) >/dev/null || { echo "Third Chair needs Python 3.11 or newer, and there is no $(PYTHON) here. Install it (python.org/downloads), or name one that you have: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c "$$CHECK_PYTHON"
	@echo "Preparing $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9' || { echo "The tools could not be fetched: is this machine online? Run make again when it is." >&2; exit 1; }

$(STAMP): $(BIN)/uv requirements.txt
	@echo "Installing what the bot needs into $(VENV) (once, about a minute) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt || { echo "The packages could not be fetched: is this machine online? Run make again when it is." >&2; exit 1; }
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	@echo "Installing the tools for tests and checks ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt || { echo "The packages could not be fetched: is this machine online? Run make again when it is." >&2; exit 1; }
	@touch $@
