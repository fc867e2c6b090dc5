# The front door. `make help` lists the targets.
#
#   make reproduce     installs what is missing, builds, and makes out/$(PRESET)/report.html
#   make test          installs what is missing, builds, and runs every test in single and in double precision
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PRESET  ?= full
# RECORDS: folder of the Mw 7.1's records; data/ridgecrest/records where it is not given; empty: without the real event.
JOBS    ?= $(shell nproc)
# 1: train even where a preset comes with trained weights.
TRAIN   ?= 0
# Of `make fuzz`: how long each reader is tried, and how often at the most (-1: as often as fits).
SECONDS_EACH ?= 30
EXECUTIONS   ?= -1

# What the build, the tests and the figures need beyond make and git: Debian 12 packages.
PACKAGES := g++ cmake ninja-build pkg-config libeigen3-dev libgtest-dev libgmock-dev libbenchmark-dev librapidcheck-dev \
            libgeographiclib-dev libmseed-dev libpugixml-dev libtomlplusplus-dev libcli11-dev libfmt-dev nlohmann-json3-dev \
            libssl-dev gnuplot-nox fonts-dejavu-core
PACKAGES_FOR_PEERS := python3-torch nodejs $(shell command -v npm >/dev/null || echo npm)
ONNXRUNTIME := 1.30.0
PACKAGES_FOR_CHECKS := clang libclang-rt-14-dev clang-format clang-tidy libomp-dev python3

CMAKE := cmake --log-level=NOTICE

.PHONY: help packages check-packages release audit reproduce train test test-release test-audit sanitize tidy format-check fuzz bench bench-peers clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "%-15s %s\n", $$1, $$2 }'

# $(call install,packages): installs those that are missing, with apt-get, and says what it does. Systems without dpkg are left alone.
define install
command -v dpkg-query >/dev/null || { echo "no dpkg here: taking it that what these Debian packages hold is installed: $(1)"; exit 0; }; \
missing=(); for p in $(1); do [[ "$$(dpkg-query -W -f='$${Status}' "$$p" 2>/dev/null)" == *"ok installed" ]] || missing+=("$$p"); done; \
if (( $${#missing[@]} )); then \
  command -v apt-get >/dev/null || { echo "these Debian packages are missing and there is no apt-get to install them: $${missing[*]}" >&2; exit 2; }; \
  sudo=(); (( $$(id -u) == 0 )) || sudo=(sudo); \
  echo "installing Debian packages: $${missing[*]}"; \
  "$${sudo[@]}" apt-get update -q; \
  "$${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$${missing[@]}"; \
else echo "all needed Debian packages are installed"; fi
endef

packages: ## Install the Debian packages that the build, the tests and the figures need
	@$(call install,$(PACKAGES))

check-packages: packages ## Install also what the style and sanitizer checks need
	@$(call install,$(PACKAGES_FOR_CHECKS))

release: packages ## Build the fast version in build/release
	@$(CMAKE) --preset release
	@cmake --build --preset release -j $(JOBS)

audit: packages ## Build the double-precision version with every assertion in build/audit
	@$(CMAKE) --preset audit
	@cmake --build --preset audit -j $(JOBS)

reproduce: release ## Green's library, training, evaluation, prediction, figures, report (PRESET=tiny|quick|full RECORDS=dir TRAIN=1)
	@TRAIN="$(TRAIN)" paper_repro/reproduce.sh "$(PRESET)" $(if $(filter undefined,$(origin RECORDS)),,"$(RECORDS)")

train: release ## Train PRESET in as many pieces as it takes, kept in paper_repro/training/full or out/PRESET/kept (PRESET=full is the paper's run)
	@paper_repro/train.sh "$(PRESET)"

test: test-release test-audit ## Every test, in single and in double precision

test-release: release
	@ctest --preset release -j $(JOBS)

test-audit: audit
	@ctest --preset audit -j $(JOBS)

sanitize: packages ## Every test under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(CMAKE) --preset sanitize
	@cmake --build --preset sanitize -j $(JOBS)
	@ctest --preset sanitize -j $(JOBS)

tidy: check-packages ## clang-tidy on every file, built with clang
	@$(CMAKE) --preset tidy
	@cmake --build --preset tidy -j $(JOBS)

format-check: check-packages ## Is every file as clang-format would write it?
	@git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror

fuzz: check-packages ## Every reader on mutated files under the sanitizers (clang), for SECONDS_EACH (0: no end) or EXECUTIONS of them
	@$(CMAKE) -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=None -DFMNET_FUZZ=ON -DFMNET_BENCH=OFF \
	  -DFMNET_PRECOMPILED_HEADERS=OFF -DCMAKE_CXX_FLAGS="-O2 -g1 -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all"
	@cmake --build build/fuzz -j $(JOBS) --target fuzz_targets
	@ls build/fuzz/bin/*_fuzz | xargs -P $(JOBS) -n 1 tests/fuzz/run.sh $(SECONDS_EACH) $(EXECUTIONS)

bench: release ## Every benchmark
	@for b in build/release/bin/*_bench; do echo "== $$b"; "$$b"; done

bench-peers: release ## PyTorch and ONNX Runtime beside this project: installs both, measures alternately, prints a table
	@$(call install,$(PACKAGES_FOR_PEERS))
	@mkdir -p build/peers
	@[[ -d build/peers/node_modules/onnxruntime-node ]] || \
	  npm install --prefix build/peers --ignore-scripts --no-audit --no-fund onnxruntime-node@$(ONNXRUNTIME)
	@bench/peers/compare.py

clean: ## Remove what was built; results in out/ stay
	@rm -rf build
