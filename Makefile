# SPDX-License-Identifier: GPL-2.0-or-later
#
# Short names for the usual steps; the build itself is CMake's.

BUILD := build
JOBS := $(shell nproc)
# one generator for all, but a build folder that is there keeps its own
GENERATOR = $(if $(wildcard $(1)/CMakeCache.txt),,-G Ninja)
# configuring is silent unless it fails; what is wrong goes to standard error
configure = cmake -S . -B $(1) $(call GENERATOR,$(1)) --log-level=WARNING $(2) >/dev/null
compile = cmake --build $(1) -j $(JOBS)
ctest = ctest --test-dir $(1) -j $(JOBS) --output-on-failure

.PHONY: all demo test scenarios bench scale instructions setup setup-dev coverage sanitize tsan clang valgrind tidy format format-check install-smoke clean

all: setup
	@$(call configure,$(BUILD))
	@$(call compile,$(BUILD))

demo: all
	$(BUILD)/zsim-replay --check traces/captured/patched-7.2/edge.ftrace.zst

test: all
	@$(call ctest,$(BUILD))

# every shipped scenario, the large ones too: about a minute and a half
scenarios: all
	$(BUILD)/zsim-check traces/scenarios/*.scenario traces/scenarios/large/*.scenario

# tables of events a second, beside a bare list: some minutes (bench/run.sh --full: an hour)
bench: all
	@bench/run.sh --quick $(BUILD)

# a hundred million entries and a million groups: some minutes, 3.5 GB
scale: all
	@tests/run_scale.sh $(BUILD)

# instructions an event must not grow
instructions: setup-dev all
	@bench/instructions.sh $(BUILD)

setup:
	@cmake/setup.sh

setup-dev:
	@cmake/setup.sh --dev

# libzsim must keep 95 % of its lines and 90 % of its branches covered
coverage: setup-dev
	@$(call configure,build-coverage,-DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc -DZSIM_COVERAGE=ON)
	@$(call compile,build-coverage)
	@cmake/coverage.sh build-coverage

sanitize: setup-dev
	@$(call configure,build-asan,-DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-O1 -DZSIM_SANITIZE=ON)
	@$(call compile,build-asan)
	@$(call ctest,build-asan)

# searches with several threads are all that there is of them
tsan: setup-dev
	@$(call configure,build-tsan,-DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS="-O1 -fsanitize=thread" -DZSIM_JEMALLOC=OFF)
	@$(call compile,build-tsan) --target zsim-check unit-visited
	@build-tsan/tests/unit-visited
	@build-tsan/zsim-check --no-progress --jobs 4 traces/scenarios/re*.scenario traces/scenarios/s*.scenario
	@build-tsan/zsim-check --no-progress --jobs 4 --reduce traces/scenarios/re*.scenario

clang: setup-dev
	@$(call configure,build-clang,-DCMAKE_C_COMPILER=clang -DZSIM_WERROR=ON)
	@$(call compile,build-clang)
	@$(call ctest,build-clang) -LE many

# jemalloc would hide the blocks from valgrind; heavy tests would take hours; without the names
# of inlined functions in a report a program starts a fifth sooner
VALGRIND := valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --read-inline-info=no

valgrind: setup-dev
	@$(call configure,build-valgrind,-DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-O1 -DZSIM_JEMALLOC=OFF -DZSIM_TEST_WRAPPER="$(VALGRIND)")
	@$(call compile,build-valgrind)
	@$(call ctest,build-valgrind) -LE 'heavy|tree'

SOURCES = $(shell find include libzsim sim tests bench -name '*.[ch]' 2>/dev/null)

tidy: setup-dev
	@$(call configure,build-tidy,-DCMAKE_C_COMPILER=clang -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)
	@clang-tidy -p build-tidy --quiet $(filter libzsim/%.c sim/%.c,$(SOURCES))

format: setup-dev
	@clang-format -i $(SOURCES)

format-check: setup-dev
	@clang-format --dry-run -Werror $(SOURCES)

install-smoke: all
	@tests/install/run.sh $(BUILD)

clean:
	rm -rf build build-coverage build-asan build-tsan build-clang build-valgrind build-tidy build-shared
