# GeoAtlas: `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SWIFT_FLAGS := --explicit-target-dependency-import-check error
GEOATLAS := .build/release/geoatlas
PREFIX ?= /usr/local
PYTHON := .venv/bin/python
KERAS_PYTHON := .venv-keras/bin/python
LIKENESS_PYTHON := .venv-likeness/bin/python

# What the program is built on and, after the colon, what it needs it for.
BUILD_PACKAGES := pkg-config:finding-libraries libpng-dev:PNG-pictures libjpeg-dev:JPEG-pictures \
  libhdf5-dev:data-sets-and-model-files libzip-dev:zip-archives libcmark-dev:Markdown \
  libdnnl-dev:arithmetic-of-networks libxxhash-dev:digests rsync:publishing
TEST_PACKAGES := python3:peers python3-venv:peers chromium:pages-in-a-browser \
  chromium-driver:pages-in-a-browser nginx-light:pages-over-HTTP \
  libjpeg-turbo-progs:JPEG-files-of-another-program imagemagick:pictures-of-another-program \
  zip:archives-of-another-program fonts-liberation:text-in-screenshots
# What the tests and benchmarks compare with, from PyPI.
TEST_PEERS := numpy scipy scikit-learn h5py pillow jsonschema pytest selenium axe-playwright-python xxhash
# Keras 3 and Keras 2 with TensorFlow, 2.3 GB, hence in a folder of their own and not in "make test".
KERAS_PACKAGES := python3:peers python3-venv:peers
KERAS_PEERS := tensorflow-cpu tf-keras numpy h5py pillow jsonschema pytest

# FAISS, for a benchmark alone.
LIKENESS_PEERS := faiss-cpu numpy scikit-learn h5py pillow

.PHONY: help atlas build test test-swift test-peers test-browser test-keras bench bench-classifier \
  bench-accuracy bench-likeness bench-browsing bench-pages bench-fresh screenshots install format \
  lint clean build-needs test-needs keras-needs

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

atlas: build ## Install what is missing, build, draw the sample collection, make its atlas
	@[ -d collection ] || $(GEOATLAS) sample collection
	@$(GEOATLAS) build collection --output public
	@echo "$(CURDIR)/public/index.html"

build: build-needs ## The release binary, .build/release/geoatlas
	@swift build -c release $(SWIFT_FLAGS) --product geoatlas

test: build test-needs test-swift test-peers test-browser ## Every test: Swift, peers, pages in Chromium

test-swift: ## The Swift tests alone
	@swift test $(SWIFT_FLAGS)

test-peers: ## Whole commands, their JSON and their files against other programs
	@$(PYTHON) -m pytest -q Tests/Peers --ignore Tests/Peers/keras

test-browser: ## The pages in headless Chromium
	@$(PYTHON) -m pytest -q Tests/Browser

screenshots: build test-needs ## Every kind of page at three widths, light and dark, into .build/screenshots
	@$(PYTHON) Tests/Browser/screenshots.py .build/screenshots $(ARGUMENTS)

test-keras: build keras-needs ## Networks exchanged with real Keras 3 and 2 (2.3 GB from PyPI; not in test)
	@$(KERAS_PYTHON) -m pytest -q -W ignore Tests/Peers/keras

bench: build test-needs ## Side by side with the peers; prints a table
	@$(PYTHON) Tests/Peers/bench.py

bench-classifier: build keras-needs ## Training and predicting beside Keras, some 5 minutes; prints a table
	@$(KERAS_PYTHON) Tests/Peers/bench_classifier.py

bench-accuracy: build test-needs ## Accuracy over seeds, ARGUMENTS="--deep" or "--curve" for more; prints a table
	@$(PYTHON) Tests/Peers/bench_accuracy.py $(ARGUMENTS)

bench-browsing: build test-needs ## Opening and scrolling pages in Chromium, ARGUMENTS=FOLDER of an atlas; prints a table
	@$(PYTHON) Tests/Peers/bench_browsing.py $(ARGUMENTS)

bench-pages: build test-needs ## Rendering beside Hugo, page weight, the file system's limit; prints a table
	@.ci/needs hugo:pages-beside-another-generator
	@$(PYTHON) Tests/Peers/bench_pages.py

bench-likeness: build test-needs ## Look-alikes and K-Means beside FAISS and scikit-learn, some 15 minutes; prints tables
	@$(call peers,.venv-likeness,$(LIKENESS_PEERS))
	@$(LIKENESS_PYTHON) Tests/Peers/bench_likeness.py $(ARGUMENTS)

bench-fresh: ## How long a newcomer waits: make atlas in a fresh clone, and again
	@Tests/Peers/bench_fresh.sh

install: build ## Install to PREFIX (default /usr/local; a folder of your own needs no root)
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/geoatlas"
	@install -m 755 $(GEOATLAS) "$(DESTDIR)$(PREFIX)/bin/geoatlas"
	@rm -rf "$(DESTDIR)$(PREFIX)/share/geoatlas/templates" "$(DESTDIR)$(PREFIX)/share/geoatlas/content"
	@cp -R templates content "$(DESTDIR)$(PREFIX)/share/geoatlas/"
	@echo "Installed $(DESTDIR)$(PREFIX)/bin/geoatlas"

format: ## Format all Swift sources
	@swift format --in-place --recursive Sources Tests Package.swift

lint: ## Say what swift-format would change or object to
	@swift format lint --strict --recursive Sources Tests Package.swift

clean: ## Remove what was built; collection/ and review/ stay
	@rm -rf .build .venv .venv-keras .venv-likeness .geoatlas
	@find public -mindepth 1 ! -name .gitkeep -delete

build-needs:
	@.ci/needs $(BUILD_PACKAGES)

# A folder of Python packages, made anew when the list of them changes. usage: (call peers,FOLDER,PACKAGES)
define peers
stamp=$(1)/peers-$$(echo $(2) | cksum | cut -d ' ' -f 1); if [ ! -e $$stamp ]; then \
  echo "Installing what the tests compare with into $(1): $(2)"; \
  python3 -m venv $(1); \
  $(1)/bin/pip install --quiet --disable-pip-version-check $(2); touch $$stamp; fi
endef

test-needs:
	@.ci/needs $(TEST_PACKAGES)
	@$(call peers,.venv,$(TEST_PEERS))

keras-needs:
	@.ci/needs $(KERAS_PACKAGES)
	@$(call peers,.venv-keras,$(KERAS_PEERS))
