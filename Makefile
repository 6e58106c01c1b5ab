# Everything that must hold, with the tools of the virtual environment: make check
PYTHON ?= .venv/bin/python

.PHONY: check test slow bench score examples

check: test

test:
	$(PYTHON) -m pytest -n auto

slow:
	$(PYTHON) -m pytest -m slow

bench:
	$(PYTHON) -m benchmarks.speed

examples:
	$(PYTHON) examples/make_examples.py

score:
	$(PYTHON) -m tests.corpus.score
