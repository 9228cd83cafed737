# The few words a newcomer types. `make help` lists them.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
ACADEMY_INSTANCE ?= $(CURDIR)/instance
ACADEMY_PUBLIC_URL ?= http://127.0.0.1:$(PORT)
ACADEMY_DEMO ?= 1
BIN = .venv/bin
export ACADEMY_INSTANCE ACADEMY_PUBLIC_URL ACADEMY_DEMO
unexport PYTHONDONTWRITEBYTECODE  # compiling every module again costs each process four seconds

.PHONY: help run test test-deep check bench shots lock translations clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/installed ## install what is missing, prepare the academy, serve it on HOST:PORT
	@$(BIN)/flask --app wsgi start --host $(HOST) --port $(PORT)

test: .venv/installed-dev ## all the tests, on SQLite and PostgreSQL, in a real browser where there is one
	@$(BIN)/pytest -n auto --dist worksteal

test-deep: .venv/installed-dev ## the same with the long races and fuzzing
	@ACADEMY_DEEP=1 ACADEMY_RACE_ATTEMPTS=10000 $(BIN)/pytest -n auto --dist worksteal

check: .venv/installed-dev ## style, types, import contracts, templates, spelling
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . 
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint academy/templates --lint --quiet
	@$(BIN)/codespell
	@$(BIN)/pyright

bench: .venv/installed-dev ## timings as ratios to yardsticks measured in the same run
	@$(BIN)/python -m tests.bench

shots: .venv/installed-dev ## screenshots of every page into shots/, or of some: PLACES="resource api"
	@$(BIN)/python -m tests.browser.shots $(PLACES)

lock: .venv/installed-dev ## write requirements.txt and requirements-dev.txt anew from pyproject.toml
	@$(BIN)/uv pip compile --universal --generate-hashes --upgrade --quiet pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --universal --generate-hashes --quiet --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt

translations: .venv/installed-dev ## gather the strings to translate into academy/translations/
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --omit-header --sort-output -o academy/translations/messages.pot academy
	@$(BIN)/pybabel -q update -i academy/translations/messages.pot -d academy/translations --no-fuzzy-matching --omit-header --ignore-obsolete
	@rm academy/translations/messages.pot

clean: ## forget the virtual environment (instance/ stays)
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is missing: install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian, apt install python3-venv"; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python
	@cmp -s requirements.txt $@ || { echo "Installing the locked packages…"; \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt \
	 || { echo "The packages could not be installed: the first start needs access to a Python package index (pip's own message is above)"; exit 1; }; }
	@cp requirements.txt $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@cmp -s requirements-dev.txt $@ || { echo "Installing the test tools…"; \
	 $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt \
	 || { echo "The test tools could not be installed: the first run needs access to a Python package index (pip's own message is above)"; exit 1; }; }
	@cp requirements-dev.txt $@
