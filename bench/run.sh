#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh [--quick|--full] [--json FOLDER] [--rounds N] BUILD - how fast the model is, in tables
#
# Makes traces by zsim-gen in a scratch folder ($TMPDIR, 6 GB for --full) and replays each by
# bench-replay beside the floor. --quick takes some minutes, --full an hour. --json leaves
# a file for each table.
set -euo pipefail

full=
json=
rounds=5
while [ $# -gt 1 ]; do
	case $1 in
	--quick) full= ;;
	--full) full=1 ;;
	--json) json=$(realpath "$2"); shift ;;
	--rounds) rounds=$2; shift ;;
	*) echo "run.sh: unknown option $1" >&2; exit 2 ;;
	esac
	shift
done
build=$(realpath "${1:?usage: run.sh [--quick|--full] [--json FOLDER] [--rounds N] BUILD}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --build "$build" -t bench-replay bench-parse >/dev/null

# trace NAME ENTRIES EVENTS GEN-OPTION... - a line of the table
trace() {
	local name=$1 entries=$2 events=$3

	shift 3
	"$build/zsim-gen" --no-progress --binary --entries "$entries" --events "$events" "$@" \
		-o "$work/$name"
	"$build/bench-replay" -r "$rounds" -s "$entries" ${json:+-j "$json/$name.json"} \
		"$work/$name" | tail -n +"$((header + 1))"
	header=1
	rm "$work/$name"
}

# table TITLE
table() {
	echo
	echo "== $1"
	header=0
}

one="--groups 1 --depth 1"

table "live entries"
for entries in 100000 1000000 4000000 ${full:+30000000 100000000}; do
	trace "uniform-$entries" "$entries" 10000000 $one --zipf 0
	trace "zipf-$entries" "$entries" 10000000 $one --zipf 0.99
done

table "pages written back meanwhile: requests for 64 pages, then the pool's worker"
for zipf in 0 0.99; do
	for every in 50000 20000 10000; do
		trace "requests-$every-zipf-$zipf" 1000000 10000000 $one --zipf $zipf \
			--reclaim-every $every --reclaim-bytes 256K
	done
	trace "worker-zipf-$zipf" 1000000 10000000 $one --zipf $zipf --pool-percent 101
done

table "mixes, a million entries, 100 groups"
for preset in steady writeback requests loads churn; do
	trace "$preset" 1000000 10000000 --preset $preset
done
trace sparse-slots 1000000 10000000 --layout sparse

table "groups, depth and nodes, a million entries"
trace one-group 1000000 10000000 $one
for groups in 1000 ${full:+100000} 1000000; do
	trace "groups-$groups" 1000000 10000000 --groups $groups --depth 1
done
for depth in 4 16; do
	trace "depth-$depth" 1000000 10000000 --groups 1000 --depth $depth
done
trace nodes-64 1000000 10000000 --groups 1000 --nodes 64

table "reading alone"
"$build/zsim-gen" --no-progress --entries 1000000 --events 4000000 -o "$work/text.trace"
"$build/zsim-gen" --no-progress --entries 1000000 --events 4000000 --binary -o "$work/binary.ztrace"
zstd -q -d "$(dirname "$0")/../traces/captured/patched-7.2/shrinker.ftrace.zst" -o "$work/capture.ftrace"
(cd "$work" && "$build/bench-parse" -r "$rounds" text.trace binary.ztrace capture.ftrace)
