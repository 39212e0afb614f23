# Two commands for a new machine: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8080

PYTHON_ROOMS := platform/zhenshu rules_dsl metamodel forms modules assembly.py
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/e2e/*' 2>/dev/null)

# npm's own scripts look for `node` on the PATH: theirs is the one in .venv, whatever the machine has.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help venv web demo test fast packages lint lint-python lint-web bench

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

venv: .venv/installed ## make .venv with everything that Python code, tests and the web build need

.venv/installed: pyproject.toml constraints.txt
	@sh .ci/check-python "$(PYTHON)"
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

web: web/dist/index.html ## build the pages into web/dist

web/node_modules/installed: web/package.json web/package-lock.json web/.npmrc | .venv/installed
	cd web && npm ci
	@touch $@

web/dist/index.html: $(WEB_SOURCES) web/node_modules/installed
	cd web && npm run build

demo: venv web ## set up a demonstration under var/ and serve it on http://127.0.0.1:8080
	$(BIN)/zhenshu init --demo
	$(BIN)/zhenshu up --port $(PORT)

packages: ## install the Debian packages that the tests start: PostgreSQL, Redis, Chromium
	@sh .ci/install-packages

test: venv packages web ## run all tests
	$(BIN)/python -m pytest -n 2
	cd web && npm test
	cd web && npm run e2e

fast: venv ## run the unit tests alone, in under a minute
	$(BIN)/python -m pytest -n 2 -m 'not slow and not postgresql and not realdata'

lint: lint-python lint-web ## run every static check

lint-python: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PYTHON_ROOMS)
	$(BIN)/lint-imports

lint-web: web/node_modules/installed
	cd web && npm run typecheck
	cd web && npm run lint

bench: venv ## measure the speed claims
	$(BIN)/zhenshu bench
