# Every check has one definition, here; .ci/run and CONTRIBUTING.md only call these targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
LINTS := lint-format lint-types lint-imports lint-spelling lint-security lint-licences lint-scripts
.PHONY: help run demo migrate migration test coverage test-browser soak fuzz bench screenshots lint fix check third-party translations \
	check-migrations $(LINTS)

PYTHON ?= python3
BIN := .venv/bin
PYTHONS := Python 3.11, 3.12 or 3.13
CODE := app.py core db pages
OLDEST_NODE := 18
# Tests start some hundred processes: each module is compiled once, not in each of them.
unexport PYTHONDONTWRITEBYTECODE
FUZZED := $(wildcard tests/integration/house/test_fuzz*.py) tests/integration/importing/test_mutated_files.py \
	tests/app/house/test_fuzzed_addresses.py
HAS_NODE := $(shell command -v npm >/dev/null && node -p 'parseInt(process.versions.node) >= $(OLDEST_NODE)' 2>/dev/null)
# Exit status 1: all ran, some failed.
IN_CI := $(if $(CI),|| { [ $$? -eq 1 ] && $(BIN)/python -m tests.support.house.again; })

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: .venv/.runtime ## Serve the portal (settings: PORT, HOST, DATABASE_URL or a .env file)
	@exec $(BIN)/python -m pages.web

demo: .venv/.runtime ## Load the demo into an empty database
	@$(BIN)/python -m db demo

migrate: .venv/.runtime ## Bring the database up to date
	@$(BIN)/python -m db migrate

migration: .venv/.dev ## Write a migration for changed models: make migration MESSAGE="what changes"
	@MESSAGE="$${MESSAGE:-}" $(BIN)/python -m tests.support.store.migration

test: .venv/.dev ## Run the tests, browser and PostgreSQL included; of what repeats, a sample
	$(BIN)/pytest -n 2 --no-loadscope-reorder $(IN_CI)

coverage: .venv/.dev ## Run every test and list what none of them reaches
	$(BIN)/pytest -n 2 --no-loadscope-reorder --cov --cov-report=term:skip-covered tests

test-browser: .venv/.dev ## Run the tests that look at the portal in Chromium
	$(BIN)/pytest tests/browser

soak: .venv/.dev ## Run the long proofs whole, and all that the tests draw a sample of
	SOAK=1 $(BIN)/pytest -m soak

fuzz: .venv/.dev ## Try 100,000 cases of bad input (FUZZ=1000000 for more) and 20,000 faulty files
	FUZZ=$${FUZZ:-100000} $(BIN)/pytest -p no:randomly --timeout 14400 $(FUZZED) --durations=0

bench: .venv/.dev ## Measure imports, submissions, pages and sessions; print tables
	$(BIN)/python -m tests.bench

screenshots: .venv/.dev ## Take the screenshots of README and guide from the real portal
	$(BIN)/python -m tests.browser.screenshots

lint: $(LINTS) ## Check format, style, types, import contracts, spelling, security

lint-format: .venv/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check

lint-types: .venv/.dev
	$(BIN)/mypy

lint-imports: .venv/.dev
	$(BIN)/lint-imports

lint-spelling: .venv/.dev
	$(BIN)/codespell

lint-security: .venv/.dev
	$(BIN)/bandit -q -ll -r $(CODE)  # what it rates low, ruff checks with a reason in place

lint-licences: .venv/.dev
	$(BIN)/python -m tests.support.house.licences --check

ifeq ($(HAS_NODE),true)
lint-scripts: node_modules/.made
	node_modules/.bin/eslint .
	node_modules/.bin/tsc
else
lint-scripts:
	@echo "MISSING: Node $(OLDEST_NODE) or newer with npm (apt-get install nodejs npm): the scripts are not checked."
	@test -z "$(CI)"
endif

audit: .audit/.made .venv/.dev ## Look for known advisories about the packages the portal stands on
	@$(BIN)/python -m tests.support.house.audit

sbom: .audit/.made ## List what the portal is made of, as CycloneDX JSON in var/sbom.json
	@mkdir -p var && .audit/bin/cyclonedx-py requirements requirements.txt --output-reproducible \
		--of JSON -o var/sbom.json && echo "var/sbom.json"

third-party: .venv/.dev ## Write THIRD-PARTY.md from what is installed
	@$(BIN)/python -m tests.support.house.licences

fix: .venv/.dev ## Repair format and what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

check: lint check-migrations test ## What must pass before a commit is shared

check-migrations: .venv/.runtime
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	export DATABASE_URL=sqlite:///$$folder/portal.db VAR_DIR=$$folder && \
	$(BIN)/python -m db migrate && $(BIN)/python -m db check

translations: .venv/.dev ## Bring the texts of the code into the catalogues
	@$(BIN)/python -m tests.support.house.texts

.venv/.runtime: requirements.txt .venv/.made
	@echo "Installing what the portal needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo "Installing what its tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/.made: package-lock.json
	@echo "Installing what checks the scripts ..."
	@npm ci --ignore-scripts --silent
	@touch $@

.audit/.made: requirements-audit.txt .venv/.made
	@$(BIN)/python -m venv .audit
	@.audit/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-audit.txt
	@touch $@

.venv/.made:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "$(PYTHONS) is needed (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "$(PYTHONS) is needed, $(PYTHON) is $$($(PYTHON) -V); choose one with PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ $(PYTHON) -c 'import sys; print("Python cannot make environments (Debian: apt-get install python3.%d-venv)." % sys.version_info[1])'; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@
