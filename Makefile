# Everything a newcomer needs: `make run` to watch the bot at work, `make test` to trust it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: run start test check bench lock screenshots clean

run: $(STAMP)  ## the bot at work in a local rehearsal, no account needed
	@$(BIN)/python -m bot rehearse $(if $(PLATFORM),--platform $(PLATFORM))

start: $(STAMP)  ## the same bot on your server, with the token in .env
	@$(BIN)/python -m bot run

test: $(DEV_STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot check-content

bench: $(DEV_STAMP)
	$(BIN)/python -m bench $(ARGS)

screenshots: $(DEV_STAMP)  ## redraw the pictures in docs/pictures from the running rehearsal
	$(BIN)/python -m tests.pictures

lock: $(DEV_STAMP)  ## compile the hash-pinned requirements from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements-dev.txt

$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Third Chair needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Install a newer one, or say which to use: make run PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

$(STAMP): $(VENV)/bin/uv requirements.txt
	@echo "Installing what the bot needs into $(VENV) (once, about a minute) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	@echo "Installing the tools for tests and checks ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
