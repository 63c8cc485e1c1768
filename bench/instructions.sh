#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# instructions.sh [--refresh] BUILD - instructions an event, held to bench/instructions.txt
#
# Counted by callgrind, so they do not depend on the machine's mood. Each figure is the
# difference of two traces that differ in their number of events alone: what a program
# does besides drops out. More than half a percent above a figure on record fails: a
# needless call in the hot path is one and a half (tests/run_instructions_plant.sh). --refresh
# records what is counted now, and with which compiler: with another one the figures are
# only shown.
set -euo pipefail

refresh=
if [ "${1:-}" = --refresh ]; then
	refresh=1
	shift
fi
build=$(realpath "${1:?usage: instructions.sh [--refresh] BUILD}")
record=$(realpath "$(dirname "$0")")/instructions.txt
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
few=40000
many=90000

compiler() {
	local cc

	cc=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
	"$cc" --version | head -n 1 | sed 's/^[^ ]* //'
}

# instructions FILE - of a replay
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/zsim-replay" "$1" 2>&1 >/dev/null |
		awk '/Collected/ { print $NF }'
}

# an_event NAME GEN-OPTION... - prints NAME and its figure
an_event() {
	local name=$1 a b

	shift
	"$build/zsim-gen" --entries 5k --groups 4 --depth 2 "$@" --events $few -o "$work/few"
	"$build/zsim-gen" --entries 5k --groups 4 --depth 2 "$@" --events $many -o "$work/many"
	a=$(instructions "$work/few")
	b=$(instructions "$work/many")
	printf '%-12s %6d\n' "$name" $(((b - a) / (many - few)))
}

count() {
	an_event steady --binary
	an_event zipf --binary --zipf 0.99
	an_event text
	an_event writeback --binary --preset writeback
	an_event requests --binary --preset requests
	an_event loads --binary --preset loads
	an_event full --binary --pool-percent 1
}

if [ -n "$refresh" ]; then
	{
		echo "# instructions an event, by bench/instructions.sh --refresh"
		echo "compiler $(compiler)"
		count
	} >"$work/record"
	mv "$work/record" "$record"
	cat "$record"
	exit 0
fi
count >"$work/counted"
status=0
awk '
	NR == FNR { limit[$1] = $2; next }
	{
		verdict = $2 > limit[$1] * 1.005 ? "too many" : "ok"
		bad += verdict != "ok"
		printf "%-12s %6d instructions an event, %6d on record: %s\n", $1, $2, limit[$1], verdict
	}
	END { exit bad > 0 }' "$record" "$work/counted" || status=1
if [ "compiler $(compiler)" != "$(grep '^compiler ' "$record")" ]; then
	echo "another compiler than on record: nothing is held to it"
	exit 0
fi
exit $status
