# GeoAtlas: `make help` lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SWIFT_FLAGS := --explicit-target-dependency-import-check error
GEOATLAS := .build/release/geoatlas
PREFIX ?= /usr/local
ROUNDS ?= 20
ABREAST ?= 1
PYTHON := .venv/bin/python
KERAS_PYTHON := .venv-keras/bin/python
LIKENESS_PYTHON := .venv-likeness/bin/python
GROUPS_PYTHON := .venv-groups/bin/python
PHOTOGRAPHS_PYTHON := .venv-photographs/bin/python
MAP_PYTHON := .venv-map/bin/python

# Debian packages that the program needs and, after the colon, what for.
BUILD_PACKAGES := pkg-config:finding-libraries libpng-dev:PNG-pictures libjpeg-dev:JPEG-pictures \
  libtiff-dev:TIFF-pictures libwebp-dev:WebP-pictures liblcms2-dev:colour-profiles \
  libhdf5-dev:data-sets-and-model-files libbz2-dev:zip-archives liblzma-dev:zip-archives \
  libcmark-dev:Markdown \
  libdnnl-dev:arithmetic-of-networks libxxhash-dev:digests zlib1g-dev:compression \
  libdeflate-dev:compression-of-data-sets rsync:publishing
TEST_PACKAGES := python3:peers python3-venv:peers chromium:pages-in-a-browser \
  chromium-driver:pages-in-a-browser firefox-esr:pages-in-another-browser \
  nginx-light:pages-over-HTTP apache2-bin:pages-over-HTTP media-types:pages-over-HTTP \
  openssl:passwords-of-web-servers curl:handing-votes-in openssh-server:publishing-over-ssh \
  libjpeg-turbo-progs:JPEG-files-of-another-program imagemagick:pictures-of-another-program \
  libtiff-tools:TIFF-files-of-another-program webp:WebP-files-of-another-program \
  libheif-examples:HEIC-files-of-another-program pngcrush:PNG-files-of-another-program \
  zip:archives-of-another-program 7zip:archives-of-another-program \
  fonts-liberation:text-in-screenshots \
  libimage-exiftool-perl:data-that-cameras-write-into-pictures parallel:shards-by-GNU-Parallel \
  strace:disks-that-fail
# Where slurmd starts a service of its own by itself, it stays without a configuration and does nothing.
CLUSTER_PACKAGES := slurmctld:shards-by-Slurm slurmd:shards-by-Slurm \
  slurm-client:shards-by-Slurm munge:shards-by-Slurm
KERAS_PACKAGES := python3:peers python3-venv:peers

.PHONY: fuzz help atlas build test test-swift test-peers test-slow test-browser test-keras bench bench-review bench-classifier \
  bench-accuracy bench-likeness bench-groups bench-photographs bench-photographs-speed bench-browsing bench-pages bench-before bench-again bench-fresh bench-map bench-map-frames bench-zoom \
  bench-faults bench-mutated bench-publish bench-review-browser bench-review-blinding bench-scale \
  screenshots install format \
  lint clean mutants ci test-swift-release test-browser-load test-cluster bench-cluster build-needs test-packages test-needs lint-needs keras-needs

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-19s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

atlas: build ## Install missing packages, build, draw the sample collection, make its atlas
	@[ -d collection ] || $(GEOATLAS) sample collection
	@$(GEOATLAS) build collection --output public
	@echo "$(CURDIR)/public/index.html"

build: build-needs ## Build the program in release mode: .build/release/geoatlas
	@swift build -c release $(SWIFT_FLAGS) --product geoatlas

# The program and the tests of modules are compiled at once, the tests in a folder of their own, because two builds
# cannot share one. Then all tests run at once, because those with other programs and browsers wait half of the time.
# The packages that both builds use are fetched before, once.
test: build-needs test-packages ## Run all tests: Swift, peers, pages in a browser
	@swift package resolve
	@$(MAKE) --no-print-directory -j4 --output-sync=target test-swift test-peers test-browser

test-swift: build-needs ## Run the Swift tests in debug mode
	@swift test --scratch-path .build-tests $(SWIFT_FLAGS)

# A build folder of its own: with testing enabled, the optimised modules are not those of the program.
test-swift-release: build-needs ## Run the Swift tests in release mode
	@swift test -c release -Xswiftc -enable-testing --scratch-path .build-release-tests $(SWIFT_FLAGS)

test-peers: build test-needs ## Test whole commands, their JSON and their files against other programs
	@$(PYTHON) -m pytest -q Tests/Peers --ignore Tests/Peers/keras --ignore Tests/Peers/cluster

test-slow: build test-needs ## Run the tests of whole commands that take more than half a minute each (not part of test)
	@$(PYTHON) -m pytest -q Tests/Peers --ignore Tests/Peers/keras --ignore Tests/Peers/cluster --slow -m slow

test-cluster: build test-needs ## Make an atlas by a real Slurm of two nodes, which is installed, started and stopped (not part of test)
	@.ci/needs $(CLUSTER_PACKAGES)
	@$(PYTHON) -m pytest -q Tests/Peers/cluster

test-browser: build test-needs ## Test the pages in a browser without a window
	@$(PYTHON) -m pytest -q Tests/Browser

test-browser-load: build test-needs ## Repeat the browser tests with all cores busy (ROUNDS=20 ABREAST=1); print the number of failures
	@Tests/Browser/under_load.sh $(ROUNDS) $(ABREAST)

screenshots: build test-needs ## Take pictures of every kind of page, three widths, light and dark: .build/screenshots
	@$(PYTHON) Tests/Browser/screenshots.py .build/screenshots $(ARGUMENTS)

test-keras: build keras-needs ## Exchange networks with Keras 3 and Keras 2 (downloads 2.3 GB; not part of test)
	@$(KERAS_PYTHON) -m pytest -q -W ignore Tests/Peers/keras

bench: build test-needs ## Measure the program beside SciPy, NumPy and scikit-learn; print a table
	@$(PYTHON) Tests/Peers/bench.py

bench-classifier: build keras-needs ## Measure training and prediction beside Keras, about 5 minutes; print a table
	@$(KERAS_PYTHON) Tests/Peers/bench_classifier.py

bench-accuracy: build test-needs ## Measure accuracy over seeds (ARGUMENTS="--deep" or "--curve" for more); print a table
	@$(PYTHON) Tests/Peers/bench_accuracy.py $(ARGUMENTS)

bench-browsing: build test-needs ## Measure opening and scrolling pages in Chromium (ARGUMENTS=FOLDER of an atlas); print a table
	@$(PYTHON) Tests/Peers/bench_browsing.py $(ARGUMENTS)

bench-pages: build test-needs ## Measure rendering beside Hugo, page weight, the limit of the file system; print a table
	@.ci/needs hugo:pages-beside-another-generator
	@$(PYTHON) Tests/Peers/bench_pages.py

bench-likeness: build test-needs ## Measure look-alikes and K-Means beside FAISS and scikit-learn, about 15 minutes; print tables
	@$(call peers,.venv-likeness,Tests/requirements-likeness.txt)
	@$(LIKENESS_PYTHON) Tests/Peers/bench_likeness.py $(ARGUMENTS)

bench-review: build test-needs ## Simulate trials of known truth, and count 100,000 votes, about 15 minutes; print tables
	@$(PYTHON) Tests/Peers/bench_review.py $(ARGUMENTS)

bench-groups: build test-needs ## Measure pictures that belong together beside NumPy and CleanVision, about 5 minutes; print tables
	@$(call peers,.venv-groups,Tests/requirements-groups.txt)
	@$(GROUPS_PYTHON) Tests/Peers/bench_groups.py $(ARGUMENTS)

bench-map: build test-needs ## Measure the map beside openTSNE, UMAP and PaCMAP, about 10 minutes; print a table
	@$(call peers,.venv-map,Tests/requirements-map.txt)
	@$(MAP_PYTHON) Tests/Peers/bench_map.py $(ARGUMENTS)

bench-photographs: build test-needs ## Measure the default build of photographs beside scikit-learn (ARGUMENTS="--seeds 2"); print tables
	@$(call peers,.venv-photographs,Tests/requirements-photographs.txt)
	@$(PHOTOGRAPHS_PYTHON) Tests/Peers/bench_photographs.py $(ARGUMENTS)

bench-photographs-speed: build test-needs ## Measure previews, thumbnails and features of photographs beside vipsthumbnail; print a ratio
	@.ci/needs libvips-tools:thumbnails-beside-another-program
	@$(PYTHON) Tests/Peers/bench_photographs_speed.py $(ARGUMENTS)

bench-again: build test-needs ## Measure building again after small changes beside builds from nothing (ARGUMENTS="--steps text,label")
	@$(PYTHON) Tests/Peers/bench_again.py $(ARGUMENTS)

bench-before: build test-needs ## Measure this program beside an earlier release, by turns (ARGUMENTS=CHECKOUT, built); print a table
	@$(PYTHON) Tests/Peers/bench_before.py $(ARGUMENTS)

bench-faults: build test-needs ## Builds and publications killed or at once, and what is wrong after them (ARGUMENTS="--part publish"); prints counts
	@python3 Tests/Peers/bench_faults.py $(ARGUMENTS)

bench-publish: build test-needs ## Measure publishing to a folder beside rsync -a --delete; print ratios
	@$(PYTHON) Tests/Peers/bench_publish.py $(ARGUMENTS)

bench-map-frames: build test-needs ## Measure frames of a flight over the map in Chromium (ARGUMENTS=ATLAS); print a table
	@$(PYTHON) Tests/Browser/bench_map.py $(ARGUMENTS)

bench-zoom: build test-needs ## Measure frames while a photograph of 24 megapixels is enlarged and moved in Chromium; print a table
	@$(PYTHON) Tests/Browser/bench_zoom.py

bench-review-browser: build test-needs ## Two reviewers of 200 votes each in Chromium, from files and from nginx (COLLECTION=ARCHIVE); print the votes
	@$(PYTHON) Tests/Browser/bench_review.py

bench-review-blinding: build test-needs ## Guess models from what the review page gives away, 2,000 comparisons; print the AUC
	@$(PYTHON) Tests/Browser/bench_blinding.py

bench-scale: build test-needs ## Measure 120,000 pictures (ARGUMENTS="--metadata" for a build with a line for each); print a table
	@$(PYTHON) Tests/Peers/bench_scale.py $(ARGUMENTS)

bench-cluster: build test-needs ## Measure shards beside one process, and growth with the collection (ARGUMENTS="--pictures 10000,100000"); print tables
	@$(PYTHON) Tests/Peers/bench_cluster.py $(ARGUMENTS)

bench-mutated: build test-needs ## Read 10,000 damaged pictures: no crash, no long wait, each used or listed (ARGUMENTS="--seed 2"); print a line
	@$(PYTHON) Tests/Peers/bench_mutated.py $(ARGUMENTS)

bench-fresh: ## Measure make atlas in a fresh clone, twice; print a table
	@Tests/Peers/bench_fresh.sh

install: build ## Install to PREFIX (default /usr/local; a folder that is yours needs no root)
	@install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/geoatlas"
	@install -m 755 $(GEOATLAS) "$(DESTDIR)$(PREFIX)/bin/geoatlas"
	@rm -rf "$(DESTDIR)$(PREFIX)/share/geoatlas/templates" "$(DESTDIR)$(PREFIX)/share/geoatlas/content"
	@cp -R templates content "$(DESTDIR)$(PREFIX)/share/geoatlas/"
	@echo "Installed $(DESTDIR)$(PREFIX)/bin/geoatlas"

ci: ## Run what a change must pass: lint and all tests
	@.ci/run

# Seconds for each reader, and number of changed archives.
FUZZ_SECONDS ?= 30
FUZZ_ARCHIVES ?= 1000

fuzz: build test-needs ## Read changed files: libFuzzer for each reader, and archives (FUZZ_SECONDS=30, FUZZ_ARCHIVES=1000)
	@GEOATLAS_FUZZ=1 swift build $(SWIFT_FLAGS) --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer --product fuzz
	@Tests/FuzzTests/run .build-fuzz/debug/fuzz $(FUZZ_SECONDS)
	@$(PYTHON) Tests/Peers/fuzz_archives.py --rounds $(FUZZ_ARCHIVES) $(ARGUMENTS)

mutants: build test-needs ## Break one line at a time; a test must fail each time (ARGUMENTS="--only NAME" for some)
	@$(PYTHON) Tests/Mutants/mutants.py $(ARGUMENTS)

format: ## Format all Swift sources
	@swift format --in-place --recursive Sources Tests Package.swift

lint: lint-needs ## Check Swift, Python, JavaScript, style sheets and the list of mutants; a finding is a failure
	@swift format lint --strict --recursive Sources Tests Package.swift
	@.venv-lint/bin/ruff check --quiet .
	@.venv-lint/bin/oxlint --quiet templates
	@.venv-lint/bin/python Tests/check_styles.py templates
	@.venv-lint/bin/python Tests/Mutants/mutants.py --check

clean: ## Remove what was built; keep collection/ and review/
	@rm -rf .build .build-* .venv .venv-groups .venv-photographs .venv-keras .venv-likeness .venv-lint .venv-map .geoatlas
	@find public -mindepth 1 ! -name .gitkeep -delete

build-needs:
	@.ci/needs $(BUILD_PACKAGES)

# Makes a folder of Python packages, or brings it up to date when the list of versions has changed.
# usage: (call peers,FOLDER,REQUIREMENTS-FILE)
define peers
stamp=$(1)/peers-$$(cksum < $(2) | cut -d ' ' -f 1); if [ ! -e $$stamp ]; then \
  echo "Installing the Python packages of $(2) into $(1)"; \
  python3 -m venv $(1); \
  $(1)/bin/pip install --quiet --disable-pip-version-check -r $(2); rm -f $(1)/peers-*; touch $$stamp; fi
endef

# After the needs of the build, because only one program may install packages at a time.
test-packages: build-needs
	@.ci/needs $(TEST_PACKAGES)

test-needs: test-packages
	@$(call peers,.venv,Tests/requirements.txt)
	@# confseq is Python, but its wheels are only for releases of Python up to 3.10.
	@if [ ! -d .venv/confseq ]; then .venv/bin/pip install --quiet --disable-pip-version-check \
	  --target .venv/confseq --no-deps --python-version 3.10 --platform manylinux2014_x86_64 \
	  --only-binary=:all: confseq==0.0.11; fi

lint-needs:
	@.ci/needs python3:linters python3-venv:linters
	@$(call peers,.venv-lint,Tests/requirements-lint.txt)

keras-needs:
	@.ci/needs $(KERAS_PACKAGES)
	@$(call peers,.venv-keras,Tests/requirements-keras.txt)
