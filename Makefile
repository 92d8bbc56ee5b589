# make run     start the dashboard on http://127.0.0.1:8501 (PORT=… for another port)
# make check   lint, types, contracts and the unit tests of what changed since main: under a minute
# make test    everything that CI runs
# make trials  what finds faults by volume: torture, fuzz, properties, worlds; hours
# make torture 200 imports killed at random moments, and full disks (RUNS=… for another number)
# make fuzz    an hour of broken files of every format (FUZZ_SECONDS=… for another time)
# make bench   ratios against peers
# make docs    write the pages of docs/ that are generated from the code

PYTHON ?= python3
PORT ?= 8501
RUNS ?= 200
FUZZ_SECONDS ?= 3600
VENV := .venv
PY := $(VENV)/bin/python
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run check test lint unit browser trials torture fuzz bench docs chromium screenshots texts clean

run: $(VENV)/.run
	@$(PY) -m data sample --if-empty
	$(VENV)/bin/streamlit run dashboard.py --server.port $(PORT) --server.address 127.0.0.1

check: lint
	$(PY) -m tests.changed

test: lint unit browser

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

unit: $(VENV)/.dev
	$(PY) -m pytest -n 2 -m "not browser"

browser: $(VENV)/.dev chromium
	CHROMIUM="$$(.ci/chromium)" $(PY) -m pytest -m browser -n 2 --dist loadfile tests/browser

trials: $(VENV)/.dev
	RUNS=$(RUNS) FUZZ_SECONDS=$(FUZZ_SECONDS) $(PY) -m tests.trials

torture: $(VENV)/.dev
	$(PY) -m tests.torture $(RUNS)

fuzz: $(VENV)/.dev
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(PY) -m tests.fuzz

bench: $(VENV)/.dev
	CHROMIUM="$$(.ci/chromium)" $(PY) -m tests.benchmarks

docs: $(VENV)/.dev
	$(PY) -m tests.docs

chromium:
	@CHROMIUM="$(CHROMIUM)" .ci/chromium >/dev/null

$(PY):
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(PY)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run

screenshots: $(VENV)/.dev
	CHROMIUM="$$(.ci/chromium)" $(PY) -m tests.browser.screenshots

# What data/ and geo/ tell people is said by pages/ in their language: the first text of an error, or a phrase.
TOLD := Phrase $(shell sed -nE 's/^class ([A-Za-z]+Error).*/\1/p' geo/errors.py data/errors.py pages/web/answers.py)

texts: $(VENV)/.dev
	$(VENV)/bin/pybabel -q extract -F pages/locale/babel.cfg --ignore-dirs '.* cli migrations' -k 'N_ $(TOLD) count_phrase:1,2' --no-location --sort-output -o pages/locale/sambang.pot pages data geo
	$(VENV)/bin/pybabel -q update --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete -w 110 -D sambang -i pages/locale/sambang.pot -d pages/locale
	@rm pages/locale/sambang.pot

clean:
	rm -rf $(VENV) data/local .pytest_cache .ruff_cache .hypothesis
