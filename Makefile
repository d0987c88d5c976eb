# make demo   tell the story        make serve        see it in Airflow
# make test   prove everything      make test-oldest  the same on Airflow 3.2 and Python 3.11
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := demo
.PHONY: demo serve test test-oldest suite lint docs bench mutants clean
.DELETE_ON_ERROR:

PYTHON ?= python3
PYTHON311 ?= $(shell $(PYTHON) -c 'import sys; print("$(PYTHON)" if sys.version_info[:2] == (3, 11) else "python3.11")')
VENV ?= .venv
OLDEST := .venv-oldest
BIN := $(VENV)/bin

# Nobody else has to be able to read what the demo makes.
demo: $(VENV)/.with-examples
	@umask 077 && $(BIN)/python dags_examples/demo/story.py

serve: $(VENV)/.with-examples
	@umask 077 && exec $(BIN)/python dags_examples/demo/serve.py

test: lint suite docs

# Two processes: each has its own Airflow home, and one of them the scheduler.
suite: $(VENV)/.with-test,docs
	$(BIN)/pytest --numprocesses 2 --no-loadscope-reorder

lint: $(VENV)/.with-test,docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --config-file setup.cfg
	$(BIN)/lint-imports --config setup.cfg

docs: $(VENV)/.with-test,docs
	$(BIN)/sphinx-build -W --keep-going -q docs docs/_build

bench: $(VENV)/.with-test,docs
	for benchmark in benchmarks/*.py; do $(BIN)/python "$$benchmark"; done

mutants: $(VENV)/.with-test,docs
	$(BIN)/python -m tests.mutants.run

test-oldest: $(OLDEST)/.with-test
	$(OLDEST)/bin/pytest --numprocesses 2 --no-loadscope-reorder

clean:
	rm -rf $(VENV) $(OLDEST) .demo build dist *.egg-info docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# One stamp per set of extras, renewed when setup.cfg changes.
$(VENV)/.with-%: setup.cfg pyproject.toml
	@$(call install,$(VENV),$(PYTHON),.[$*])
	@touch "$@"

# Airflow 3.2 sets no upper bounds, and no task of it starts with what FastAPI and svcs became since.
$(OLDEST)/.with-%: setup.cfg pyproject.toml
	@$(call install,$(OLDEST),$(PYTHON311),.[$*] 'apache-airflow>=3.2$(comma)<3.3' 'fastapi<0.137' 'svcs<26')
	@touch "$@"

comma := ,

# install(venv, python, what): uv if it can be had, for it takes seconds where pip takes minutes; pip otherwise.
# An editable install leaves *.egg-info behind, by which Airflow would find the provider twice.
define install
echo "Installing into $(1)…"; \
test -x $(1)/bin/python || $(2) -m venv $(1); \
export PIP_DISABLE_PIP_VERSION_CHECK=1; \
test -x $(1)/bin/uv || $(1)/bin/python -m pip install --quiet uv || echo "no uv: pip will do"; \
{ test -x $(1)/bin/uv && $(1)/bin/uv pip install --quiet --python $(1)/bin/python -e $(3); } \
|| $(1)/bin/python -m pip install --quiet -e $(3); \
rm -rf *.egg-info
endef
