# Every command does the set-up it needs (see dev/env.py); all of it is kept outside the
# tree, in the cache folder.
PYTHON ?= python3
PORT ?= 8069
ARGS ?=

RUN = @$(PYTHON) -m dev.env
LINT = @$(PYTHON) -m dev.env --lint
ADDONS = $(patsubst %/__manifest__.py,%,$(wildcard */__manifest__.py))
TRANSLATIONS = $(wildcard */i18n/*.po */i18n/*.pot)

.DEFAULT_GOAL := help
.PHONY: help demo test serve pictures bench bench-million lint clean

help: ## list the commands
	@grep -hE '^[a-z-]+: ## ' $(MAKEFILE_LIST) | sed 's/: ## /\t/' | expand -t 16
	@echo
	@echo 'Settings: PYTHON=python3.12, ARGS="-k vat" (test), PORT=8070 (serve), and as'
	@echo 'environment variables RASO_CACHE, ODOO_PATH, PGHOST ... (see dev/env.py)'

demo: ## two shops with a fortnight of sales, booked, in a running Odoo
	$(RUN) dev.demo $(ARGS)

test: ## all tests, on a fresh database; ARGS go to pytest
	$(RUN) dev.run_tests $(ARGS)

serve: ## Odoo on the demo's database
	$(RUN) dev.serve $(PORT)

pictures: ## the guide's pictures, from a demo; ARGS="--all --to DIR" takes every screen
	$(RUN) dev.pictures $(ARGS)

bench: ## what a day costs, next to Odoo's own Point of Sale
	$(RUN) bench.day $(ARGS)

bench-million: ## how long the screens take with a million receipts
	$(RUN) bench.million $(ARGS)

lint: ## style and module checks
	$(LINT) ruff check .
	$(LINT) ruff format --check .
	$(LINT) pylint $(ADDONS)
	$(LINT) oca_pre_commit_hooks.cli $(ADDONS)
	$(LINT) oca_pre_commit_hooks.cli_po $(TRANSLATIONS)

clean: ## stop the embedded PostgreSQL and remove the cache folder
	@$(PYTHON) -m dev.clean
