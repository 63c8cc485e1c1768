#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_scenarios.sh BUILD [FILE...] - scenarios as a user checks them
#
# zsim-check must find each scenario of traces/scenarios as it says. For each
# property that it refutes, by itself (`refute`) or with a defect (`catches`),
# the counterexample goes through the command that stands in it: zsim-replay
# must see the property broken too, and, with a defect, not see it without.
set -euo pipefail

if [ $# -lt 1 ]; then
	echo "usage: $0 BUILD [FILE...]" >&2
	exit 2
fi
build=$(realpath "$1")
shift
folder=$(realpath "$(dirname "$0")/../traces/scenarios")
[ $# -gt 0 ] || set -- "$folder"/*.scenario
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trace=$work/trace
failed=0

check() {
	${ZSIM_TEST_WRAPPER:-} "$build/zsim-check" --no-progress "$@"
}

fail() {
	echo "FAIL $*"
	failed=1
}

# status COMMAND... - its exit status
status() {
	local rc=0

	"$@" >"$work/out" 2>&1 || rc=$?
	echo "$rc"
}

# replay OPTION... - the counterexample, by the command in it
replay() {
	local command

	command=$(sed -n 's/^# zsim-replay \(.*\) FILE$/\1/p' "$trace")
	# shellcheck disable=SC2086 # the command is several words
	${ZSIM_TEST_WRAPPER:-} "$build/museum/zsim-replay" --no-progress $command "$@" "$trace"
}

# shown NAME PROPERTY OPTION... - a counterexample is written, and replays
shown() {
	local name=$1 property=$2

	shift 2
	rm -f "$trace"
	status check --property "$property" --trace "$trace" "$@" >/dev/null
	if [ ! -s "$trace" ]; then
		fail "$name: $property: no counterexample"
		cat "$work/out"
	# only the checker can tell that something goes on for ever
	elif [ "$property" != worker-termination ] && [ "$(status replay)" != 1 ]; then
		fail "$name: $property: zsim-replay does not see it"
		cat "$work/out"
	else
		return 0
	fi
	return 1
}

# the lines KEY NAME..., comments cut off
words_of() {
	sed -n "s/#.*//; s/^$2 //p" "$1"
}

check "$@" || fail "zsim-check"
for file in "$@"; do
	name=$(basename "$file" .scenario)
	for property in $(words_of "$file" refute); do
		shown "$name" "$property" "$file" && echo "ok   $name: $property"
	done
	while read -r defect properties; do
		for property in $properties; do
			if ! shown "$name, defect $defect" "$property" --defect "$defect" "$file"; then
				continue
			fi
			sed -i "s/ --defect $defect / /" "$trace"
			if [ "$(status replay)" != 0 ]; then
				fail "$name, defect $defect: $property: broken without it too"
				cat "$work/out"
			else
				echo "ok   $name, defect $defect: $property"
			fi
		done
	done < <(words_of "$file" catches)
done
exit $failed
