#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_scale.sh BUILD - the sizes that zsim promises: a hundred million entries, a million groups
#
# Takes some minutes and 3.5 GB of memory, so it is a target of its own: `make scale`.
set -euo pipefail

build=$(realpath "${1:?usage: run_scale.sh BUILD}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# holds NAME EXPRESSION - of the replay's JSON, as x in Python
holds() {
	python3 - "$work/json" "$1" "$2" <<'EOF'
import json, sys
x = json.load(open(sys.argv[1]))
ok = eval(sys.argv[3])
print(f"{sys.argv[2]}: {'ok' if ok else 'WRONG'}")
sys.exit(not ok)
EOF
}

# life NAME GEN-OPTION...
life() {
	echo "== $1"
	shift
	"$build/zsim-gen" --no-progress --binary "$@" -o "$work/trace"
	"$build/zsim-replay" --json - "$work/trace" >"$work/json"
	python3 -c "
import json
e = json.load(open('$work/json'))['engine']
n = e['entries_peak']
print(f\"{n:,} entries, {e['bytes_per_entry']:.1f} bytes each by the allocator, \"
      f\"{e['peak_rss_bytes'] / n:.1f} by the system, {e['events_per_second'] / 1e6:.1f} million events a second\")"
	holds "no invariant is violated" "x['invariants']['checked'] > 0 and not x['invariants']['violations']"
}

one="--groups 1 --depth 1"
life "ten million entries" $one --entries 10M --events 1M
holds "at most 32 bytes an entry, by the allocator" "x['engine']['bytes_per_entry'] <= 32"
holds "at most 32 bytes an entry, by the system" "x['engine']['peak_rss_bytes'] <= 32 * x['engine']['entries_peak']"
life "a hundred million entries" $one --entries 100M --events 1M
holds "all are there" "x['engine']['entries_peak'] >= 100000000"
holds "at most 32 bytes an entry, by the allocator" "x['engine']['bytes_per_entry'] <= 32"
holds "at most 32 bytes an entry, by the system" "x['engine']['peak_rss_bytes'] <= 32 * x['engine']['entries_peak']"
life "a million groups, 16 levels deep" --groups 1M --depth 16 --entries 2M --events 2M
holds "all are there" "len(x['groups']) == 1000001"
