# Everything a newcomer needs: `make demo` does the main job, `make test` proves it.
# Both set up a virtual environment of their own first; nothing is installed by hand.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
OUT    ?= trainer-demo
# more than there are cores: tests of screens wait for half their time until nothing moves any more
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
# tests start many programs, and each would compile its modules anew where none may be kept
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo test check format bench soak fixtures catalogues constraints clean

demo: $(STAMP)
	$(BIN)/trainer demo zoucheng --out $(OUT)

test: check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
# types take one core; meanwhile the other finds out whether every test can be read, and keeps that
	$(BIN)/mypy & types=$$!; \
	  $(BIN)/python -m pytest --collect-only -qq > $(VENV)/collected 2>&1 \
	    || { cat $(VENV)/collected; kill $$types; exit 1; }; \
	  wait $$types

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks

fixtures: $(STAMP)
	$(BIN)/python -m fixtures

catalogues: $(STAMP)
	$(BIN)/python -m trainer.locale

constraints: $(VENV)/bin/uv
	UV_SYSTEM_CERTS=true $(BIN)/uv pip compile -q --universal --python-version 3.11 --group dev --all-extras --upgrade \
	  --no-annotate --no-header pyproject.toml -o constraints.txt

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv

$(STAMP): pyproject.toml constraints.txt | $(VENV)/bin/uv
	UV_SYSTEM_CERTS=true VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q -c constraints.txt --group dev -e '.[postgres,pdf,caldav,serve]'
	$(BIN)/python -m trainer.timetable.engine.annealing
	touch $@

clean:
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .pytest_cache

# 500 roll calls killed at random moments, on SQLite and PostgreSQL: what was acknowledged is there
soak: $(STAMP)
	$(BIN)/python -m tests.soak
