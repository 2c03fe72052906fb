PYTHON ?= python3
BIN := .venv/bin
SERVER ?=

.DEFAULT_GOAL := help

.PHONY: help catalog crawl classify site serve policy train benchmark bench check test clean

help:  ## Show this help
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) scripts/make_venv.py

catalog: .venv/installed  ## Everything: crawl the default servers, classify, build the site, sum up
	@$(BIN)/toolrisk catalog

crawl: .venv/installed  ## Crawl the default servers into catalog.db
	@$(BIN)/toolrisk crawl

classify: .venv/installed  ## Assess what is new or changed
	@$(BIN)/toolrisk classify

site: .venv/installed  ## Build the site into public/
	@$(BIN)/toolrisk site

serve: .venv/installed  ## Preview the site on localhost
	@$(BIN)/toolrisk serve

policy: .venv/installed  ## Print the recommended policy: make policy SERVER=name
	@$(BIN)/toolrisk policy "$(SERVER)"

train: .venv/installed  ## Train the classifier again: make train TRUTH=folder of tools/list answers
	@$(BIN)/toolrisk train "$(TRUTH)"

benchmark: .venv/installed  ## Measure extraction: make benchmark TRUTH=folder of tools/list answers
	@$(BIN)/python benchmarks/extraction.py "$(TRUTH)"

bench: .venv/installed  ## Run all benchmarks small; fails when a ratio fell: make bench [TRUTH=] [HUGO=] [ELEVENTY=]
	@$(BIN)/python benchmarks/run_all.py --write docs/benchmarks.md --truth "$(TRUTH)" --hugo "$(HUGO)" --eleventy "$(ELEVENTY)"

check: .venv/installed  ## Format, lint, import contract, types, generated docs
	@$(BIN)/python scripts/check.py

test: .venv/installed  ## Run all tests, with what they need
	@$(BIN)/python scripts/test.py

clean:  ## Remove what was built (not the download cache)
	rm -rf .venv public catalog.db* build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
