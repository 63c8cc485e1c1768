#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_roundtrip.sh BUILD - captures as traces
#
# Each capture of traces/captured goes through zsim-import, as text and as a compressed
# binary trace, and the result through zsim-replay: exit status, counts per kind, counters,
# groups and requests must be those of the capture itself. Line numbers are another matter.
# From one of the two to the other nothing may change. With ZSIM_SAMPLES=few the small ones do.
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

# same_report BEFORE AFTER - two JSON reports, line numbers apart
same_report() {
	python3 - "$1" "$2" <<'EOF'
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
}

failed=0
# fail WHAT
fail() {
	echo "FAIL $1"
	failed=1
}

import() {
	${ZSIM_TEST_WRAPPER:-} "$build/zsim-import" "$@"
}

for capture in "$captures"/*/*.ftrace.zst; do
	if [ "${ZSIM_SAMPLES:-}" = few ] && [ "$(stat -c %s "$capture")" -gt 50000 ]; then
		continue
	fi
	name=${capture#"$captures"/}
	before=$(replay "$capture" "$work/before.json")
	import -o "$work/text" "$capture"
	import --binary --zstd -o "$work/binary" "$capture"
	for form in text binary; do
		after=$(replay "$work/$form" "$work/after.json")
		if [ "$before" != "$after" ]; then
			fail "$name as $form: exit status $before, then $after"
		elif ! same_report "$work/before.json" "$work/after.json"; then
			fail "$name as $form: reports differ"
		else
			echo "ok   $name as $form"
		fi
	done
	# the second line says where a text came from
	if ! cmp -s <(sed 2d "$work/text") <(import "$work/binary" | sed 2d); then
		fail "$name: the binary trace is not the text"
	fi
done
exit $failed
