# Every target does its own set-up: the two commands are `make run` and `make test`.
PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8501
ADRESSE ?= 127.0.0.1

.PHONY: run test check bench endurance snapshot preuve donnees

run: donnees
	@$(PY) -m dashboard.port $(ADRESSE) $(PORT)
	@echo "Boussole : http://$(ADRESSE):$(PORT)  (Ctrl-C pour arrêter)"
	@BOUSSOLE_ADRESSE=$(ADRESSE) .venv/bin/streamlit run app.py --server.port $(PORT) --server.address $(ADRESSE)

# Builds the store from the committed data, without any network; does nothing when it is up to date.
donnees: .venv/pret
	@BOUSSOLE_PROFIL=agent $(PY) -m dashboard refresh --embarque

test: .venv/pret-dev
	@$(PY) -m tests.prerequis
	$(PY) -m pytest -n 2 --dist loadfile

check: .venv/pret-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: .venv/pret-banc
	@$(PY) -m tests.prerequis
	$(PY) -m tests.bench

endurance: .venv/pret-dev
	@$(PY) -m tests.prerequis
	$(PY) -m pytest -m endurance --timeout=3600

# A browser opens every page and notes what it asks of whom: docs/preuves/requetes.json, shown by the product.
preuve: .venv/pret-dev
	@$(PY) -m tests.prerequis
	$(PY) -m tests.preuve

# The public snapshot of the week, from the committed data unless the store already holds more.
snapshot: donnees
	@BOUSSOLE_PROFIL=agent $(PY) -m dashboard snapshot create

.venv/pret: requirements.txt constraints.txt
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/pret-banc: .venv/pret-dev requirements-bench.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

.venv/pret-dev: .venv/pret requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
