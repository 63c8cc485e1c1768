#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# spin.sh MODELS [ROUNDS] - zsim-check beside SPIN, in one run
#
# MODELS is a folder with a Promela model of the same algorithm (zswap.pml). Two
# pairs of like shape are searched exhaustively on one core, ROUNDS times (5) in
# turn, and medians are printed: states a second, bytes a state, seconds to the
# end. SPIN's steps are finer, so that its searches have more states; a state
# says more about the same shape than about the same state.
set -euo pipefail

if [ $# -lt 1 ]; then
	echo "usage: $0 MODELS [ROUNDS]" >&2
	exit 2
fi
models=$(realpath "$1")
rounds=${2:-5}
cd "$(dirname "$0")/.."
zsim=${ZSIM_CHECK:-build/zsim-check}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pan_build NAME DEFINE... - SPIN's verifier of one configuration
pan_build() {
	local name=$1

	shift
	mkdir "$work/$name"
	cp "$models/zswap.pml" "$work/$name"
	(cd "$work/$name" && spin -a "$@" zswap.pml >/dev/null && gcc -O2 -DSAFETY -o pan pan.c)
}

# pan_run NAME - seconds, states, bytes of memory
pan_run() {
	"$work/$1/pan" -m100000 -w24 >"$work/out" 2>&1
	awk '/states, stored/ { states = $1 }
	     /elapsed time/ { seconds = $4 }
	     /total actual memory/ { bytes = $1 * 1048576 }
	     END { print seconds, states, bytes }' "$work/out"
}

# zsim_run SCENARIO - the same of zsim-check
zsim_run() {
	"$zsim" --no-progress --quiet --json "$work/json" "traces/scenarios/large/$1.scenario"
	tr -d " ,}" <"$work/json" | awk -F: '
		/"seconds"/ { seconds = $2 }
		/"states"/ { states = $2 }
		/"peak_bytes"/ { bytes = $2 }
		END { print seconds, states, bytes }'
}

# median COLUMN FILE
median() {
	awk -v c="$1" '{ print $c }' "$2" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# row NAME FILE - medians of the rounds
row() {
	local seconds states bytes

	seconds=$(median 1 "$2")
	states=$(median 2 "$2")
	bytes=$(median 3 "$2")
	awk -v n="$1" -v t="$seconds" -v s="$states" -v b="$bytes" 'BEGIN {
		printf "%-44s %11d states %8.2f s %11.0f states/s %7.1f bytes/state\n", n, s, t, s / t, b / s }'
}

pan_build C4 -DNOFF=1 -DNM=3
pan_build C5 -DNWORK=1 -DEOPS=1 -DREF0=1 -DMAXU=6 -DFINE=1
for _ in $(seq "$rounds"); do
	pan_run C4 >>"$work/c4.spin"
	zsim_run request-offline-app >>"$work/c4.zsim"
	pan_run C5 >>"$work/c5.spin"
	zsim_run request-worker-app >>"$work/c5.zsim"
done
row "C4, SPIN" "$work/c4.spin"
row "request-offline-app, zsim-check" "$work/c4.zsim"
row "C5, SPIN" "$work/c5.spin"
row "request-worker-app, zsim-check" "$work/c5.zsim"
