#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_roundtrip.sh BUILD - captures as traces
#
# Each capture of traces/captured goes through zsim-import, and the result
# through zsim-replay: exit status, counts per kind, counters, groups and
# requests must be those of the capture itself. Line numbers are another matter.
set -euo pipefail

if [ $# -ne 1 ]; then
	echo "usage: $0 BUILD" >&2
	exit 2
fi
command -v python3 >/dev/null || exit 77
build=$(realpath "$1")
captures=$(realpath "$(dirname "$0")/../traces/captured")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# replay FILE JSON - prints the exit status
replay() {
	local rc=0

	${ZSIM_TEST_WRAPPER:-} "$build/zsim-replay" --check --no-progress --json "$2" "$1" \
		>/dev/null || rc=$?
	echo "$rc"
}

failed=0
for capture in "$captures"/*/*.ftrace.zst; do
	name=${capture#"$captures"/}
	${ZSIM_TEST_WRAPPER:-} "$build/zsim-import" -o "$work/trace" "$capture"
	before=$(replay "$capture" "$work/before.json")
	after=$(replay "$work/trace" "$work/after.json")
	if [ "$before" != "$after" ]; then
		echo "FAIL $name: exit status $before, then $after"
		failed=1
	elif ! python3 - "$work/before.json" "$work/after.json" <<'EOF'; then
import json, sys

def without_lines(node):
    if isinstance(node, dict):
        return {key: without_lines(node[key]) for key in node if key != "line"}
    return [without_lines(item) for item in node] if isinstance(node, list) else node

def load(path):
    with open(path) as file:
        report = without_lines(json.load(file))
    return {key: report[key] for key in
            ("algo", "check", "counters", "groups", "requests", "invariants")}

before, after = load(sys.argv[1]), load(sys.argv[2])
for key in before:
    if before[key] != after[key]:
        print(f"{key}: {before[key]}\nthen: {after[key]}")
sys.exit(before != after)
EOF
		echo "FAIL $name: reports differ"
		failed=1
	else
		echo "ok   $name"
	fi
done
exit $failed
