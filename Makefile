# Everything a contributor types. Two commands need nothing but Python and make: demo and test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
PACKAGES := bot cogs storage
VERSION = $(shell sed -n 's/^version = "\(.*\)"$$/\1/p' pyproject.toml)
RUNS ?= 200
STORE ?= tinydb
SEED ?= 1
DAYS ?= 365
PAYLOADS ?= 20000
PEOPLE ?= 10000

.PHONY: demo test check lint types contracts docker-lint bench chaos fuzz soak gallery charts baselines \
	wheel released site audit lock clean

demo: $(VENV)/.installed  ## Replay seven real weeks: no token, no key, no network.
	$(BIN)/rankshift demo

test: $(VENV)/.installed-dev  ## Run the whole test suite.
	$(BIN)/pytest

check: lint types contracts docker-lint test  ## Run all that must be green before a commit.

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports

docker-lint: $(VENV)/.installed-dev
	$(BIN)/hadolint Dockerfile

bench: $(VENV)/.installed-dev  ## Run the benchmarks, or one: make bench ONLY=name.
	$(BIN)/python -m tests.bench $(ONLY)

chaos: $(VENV)/.installed-dev  ## Kill the bot at random, again and again: make chaos RUNS=200 SEED=1 STORE=postgresql.
	$(BIN)/python -W ignore:resource_tracker -m tests.chaos --runs $(RUNS) --seed $(SEED) --store $(STORE)

fuzz: $(VENV)/.installed-dev  ## Hostile payloads and people: make fuzz PAYLOADS=20000 PEOPLE=10000 SEED=1.
	$(BIN)/python -m tests.fuzz --payloads $(PAYLOADS) --people $(PEOPLE) --seed $(SEED)

soak: $(VENV)/.installed-dev  ## Live through a year at once: make soak DAYS=365 SEED=1.
	$(BIN)/python -m tests.soak --days $(DAYS) --seed $(SEED)

gallery: $(VENV)/.installed-dev  ## Photograph every answer for docs/commands.md (needs Chromium).
	$(BIN)/python -m tests.gallery

charts: $(VENV)/.installed-dev  ## Draw docs/gallery.md and its pictures anew.
	$(BIN)/python -m tests.gallery.charts

baselines: $(VENV)/.installed-dev  ## Draw the sheets that image tests compare with anew.
	$(BIN)/python -m tests.charts.images

wheel: $(VENV)/.installed  ## Build dist/, and run the demo of its wheel in an empty environment.
	rm -rf build dist
	$(BIN)/python -c "from setuptools.build_meta import build_sdist, build_wheel; \
		build_sdist('dist'); build_wheel('dist')"
	rm -rf build rankshift.egg-info
	$(PYTHON) -m venv build/empty
	build/empty/bin/pip install --quiet --require-hashes -r requirements.txt
	build/empty/bin/pip install --quiet --no-deps --no-index dist/*.whl
	cd build && empty/bin/rankshift --version && empty/bin/rankshift demo

released:  ## Check that TAG is of the version, which has a changelog and a kept data folder.
	test "$$TAG" = "v$(VERSION)"
	grep --quiet "^## $(VERSION)" CHANGELOG.md
	test -f tests/storage/released/$(VERSION).zip

site: $(VENV)/.installed-dev  ## Build the documents as a site in site/.
	$(BIN)/mkdocs build --quiet --strict

audit: $(VENV)/audit/.installed  ## Look for known faults of what is locked (needs the network).
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip -r requirements.txt
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip -r requirements-dev.txt
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip -r requirements-audit.txt

lock: pyproject.toml  ## Lock the requirements anew (needs uv).
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra build \
		--extra postgresql pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra build \
		--extra dev --extra docs --extra sentry --extra postgresql pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group audit \
		-o requirements-audit.txt

clean:
	rm -rf $(VENV) build dist *.egg-info rankshift-demo bench-results

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/audit/.installed: requirements-audit.txt
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --require-hashes -r requirements-audit.txt
	touch $@
