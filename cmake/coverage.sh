#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# coverage.sh BUILD - runs the tests of a coverage build and holds libzsim to the gate
#
# Counts libzsim/ alone, as users link it: neither tools and tests nor the library
# with the museum's defects change the figures. Tests of those alone are left out. Lines
# marked LCOV_EXCL_* do not count. Leaves BUILD/coverage.info and, with genhtml, a report in
# BUILD/coverage/.
set -euo pipefail

min_lines=${ZSIM_MIN_LINES:-95}
min_branches=${ZSIM_MIN_BRANCHES:-90}

build=$(realpath "$1")
root=$(realpath "$(dirname "$0")/..")
info=$build/coverage.info
objects=$build/CMakeFiles/zsim.dir

# geninfo 1.16 loads itself twice and warns of that; nothing else may be lost
run_lcov() {
	lcov --quiet --rc lcov_branch_coverage=1 "$@" 2> >(grep -v ' redefined at ' >&2)
}

run_lcov --zerocounters --directory "$build"
if ! ctest --test-dir "$build" -j "$(nproc)" --output-on-failure -LE uncounted >"$build/coverage-tests.log" 2>&1; then
	cat "$build/coverage-tests.log"
	echo "coverage: tests failed" >&2
	exit 1
fi

# --initial: a file that no test reaches counts with its lines
run_lcov --capture --initial --directory "$objects" --base-directory "$root" \
	--output-file "$build/coverage-base.info"
run_lcov --capture --directory "$objects" --base-directory "$root" \
	--output-file "$build/coverage-run.info"
run_lcov --add-tracefile "$build/coverage-base.info" --add-tracefile "$build/coverage-run.info" \
	--output-file "$build/coverage-all.info"
run_lcov --extract "$build/coverage-all.info" "$root/libzsim/*" --output-file "$info"
genhtml --quiet --branch-coverage --output-directory "$build/coverage" "$info" >/dev/null 2>&1 || true

awk -F'[:,]' -v root="$root/" -v min_lines="$min_lines" -v min_branches="$min_branches" '
function percent(hit, all) { return all ? 100 * hit / all : 100 }
$1 == "SF" { file = substr($0, 4); sub(root, "", file) }
$1 == "LF" { lines[file] += $2; all_lines += $2 }
$1 == "LH" { lines_hit[file] += $2; all_lines_hit += $2 }
$1 == "BRF" { branches[file] += $2; all_branches += $2 }
$1 == "BRH" { branches_hit[file] += $2; all_branches_hit += $2 }
END {
	l = percent(all_lines_hit, all_lines)
	b = percent(all_branches_hit, all_branches)
	printf "libzsim lines    %6.2f %% (%d of %d), gate %s %%\n", l, all_lines_hit, all_lines, min_lines
	printf "libzsim branches %6.2f %% (%d of %d), gate %s %%\n", b, all_branches_hit, all_branches, min_branches
	if (l >= min_lines && b >= min_branches && all_lines > 0)
		exit 0
	print "below the gate; the files that miss most:"
	sort = "sort -k1,1nr | head -15 | cut -f2-"
	for (f in lines)
		printf "%d\t%-36s lines %6.2f %% (%d missed)  branches %6.2f %% (%d missed)\n", \
			lines[f] - lines_hit[f] + branches[f] - branches_hit[f], f, \
			percent(lines_hit[f], lines[f]), lines[f] - lines_hit[f], \
			percent(branches_hit[f], branches[f]), branches[f] - branches_hit[f] | sort
	close(sort)
	exit 1
}' "$info"
