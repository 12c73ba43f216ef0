# Regions Meet. `make help` lists the commands.
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
# those whose catalogue is there; make messages LANGUAGES='de es it' begins others
LANGUAGES ?= $(notdir $(wildcard locale/*))

VENV := .venv
RUN := $(VENV)/bin/python
LOCK := $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header pyproject.toml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format lock messages clean

help:
	@echo 'make demo          load the demonstration and serve it at http://127.0.0.1:$(PORT)'
	@echo 'make demo SERVE=0  load it, print the suggestions and log-ins, and stop'
	@echo 'make test          run every check and the whole test suite'
	@echo 'make lint          run ruff, mypy and the check of the layers'
	@echo 'make format        format the code'
	@echo 'make lock          write requirements*.txt anew from pyproject.toml'
	@echo 'make messages      collect what is to be translated (needs gettext), and compile it'
	@echo 'make clean         stop the embedded database and remove all data (keeps $(VENV))'
	@echo 'make messages LANGUAGES=de   the same for one language, whose catalogue it begins'
	@echo 'Variables: PYTHON=python3 (3.11 or later), PORT=8000, DATABASE_URL=postgres://…'

# with a DATABASE_URL of its own, too, a demonstration makes its own secret key
demo test: export DEMO = 1

demo: $(VENV)/requirements.stamp
ifneq ($(SERVE),0)
	@$(RUN) -m config.serve --check --port $(PORT)
endif
	@$(RUN) manage.py demo
ifneq ($(SERVE),0)
	@$(RUN) -m config.serve --port $(PORT)
endif

test: $(VENV)/requirements-dev.stamp
	@$(RUN) scripts/run_checks.py

lint: $(VENV)/requirements-dev.stamp
	@$(RUN) scripts/run_checks.py --lint

format: $(VENV)/requirements-dev.stamp
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

lock: $(VENV)/requirements-dev.stamp
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraints requirements.txt --output-file requirements-dev.txt
	@$(RUN) scripts/check_requirements.py

messages: $(VENV)/requirements-dev.stamp
	@$(RUN) -m django makemessages --settings config.settings --pythonpath . \
		$(addprefix -l ,$(LANGUAGES)) \
		--ignore .venv --ignore .data --ignore tests --ignore benchmarks \
		--no-obsolete --no-wrap --add-location file
	@$(RUN) -m scripts.messages

clean:
	@$$(test -x $(RUN) && echo $(RUN) || echo $(PYTHON)) -m config.embedded clean
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# The requirements of a developer contain those of the demonstration, in the same versions.
$(VENV)/requirements-dev.stamp: requirements-dev.txt $(RUN)
	@echo 'Installing what the checks need (locked, with hashes) ...'
	@$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/requirements.stamp

$(VENV)/requirements.stamp: requirements.txt $(RUN)
	@echo 'Installing the requirements (locked, with hashes) ...'
	@$(RUN) -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(RUN):
	@command -v '$(PYTHON)' >/dev/null || { \
	  echo 'Python was not found as "$(PYTHON)". Install it (Debian: apt-get install python3' \
	    'python3-venv), or name it: make demo PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed, and $(PYTHON) is $$('$(PYTHON)' --version 2>&1)." \
	    'Name another one: make demo PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'The venv module of Python is missing. Install it (Debian: apt-get install' \
	    'python3-venv).' >&2; exit 1; }
	@echo 'Making the virtual environment $(VENV) ...'
	@'$(PYTHON)' -m venv --clear $(VENV)
