#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_museum.sh BUILD - the traces of traces/museum, as their comments say
#
# Each holds the command that shows its bug. With the bug planted zsim-replay
# must exit with 1 and name the property; the right model, as zsim-replay is
# installed, must pass. Every bug from 1 to 29 needs a trace. With ZSIM_SAMPLES=few one in
# four is looked at.
set -euo pipefail

if [ $# -ne 1 ]; then
	echo "usage: $0 BUILD" >&2
	exit 2
fi
build=$(realpath "$1")
folder=$(realpath "$(dirname "$0")/../traces/museum")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
	echo "FAIL $1: $2"
	cat "$work/out"
	failed=1
}

# status COMMAND... - its exit status
status() {
	local rc=0

	"$@" >"$work/out" 2>&1 || rc=$?
	echo "$rc"
}

# replay PROGRAM OPTION... FILE
replay() {
	local program=$1

	shift
	${ZSIM_TEST_WRAPPER:-} "$build/$program" --no-progress "$@"
}

# words NAME TRACE - what stands behind "# NAME"
words() {
	sed -n "s/^# $1 *//p" "$2"
}

# the name by which zsim-replay calls it: an invariant has one of its own
violation_of() {
	local property=$1 trace=$2

	if [ "$property" = invariant ]; then
		words 'does not:' "$trace" | sed 's/:.*//'
	else
		echo "$property"
	fi
}

check() {
	local trace=$1 name=$2 command property rc

	command=$(words zsim-replay "$trace" | sed 's/ FILE$//')
	property=${command##*--prove=}
	if [[ "$command" != *"--defect $bug "* ]]; then
		fail "$name" "its command is not about bug $bug"
		return
	fi
	# shellcheck disable=SC2086 # the command is several words
	rc=$(status replay museum/zsim-replay $command "$trace")
	if [ "$rc" != 1 ]; then
		fail "$name" "exit status $rc with the bug"
	elif ! grep -q "line [0-9]*, $(violation_of "$property" "$trace"):" "$work/out"; then
		fail "$name" "another property is named"
	fi
	# shellcheck disable=SC2086
	rc=$(status replay zsim-replay ${command/--defect $bug /} "$trace")
	if [ "$rc" != 0 ]; then
		fail "$name" "exit status $rc without the bug"
	fi
}

step=1
[ "${ZSIM_SAMPLES:-}" != few ] || step=4
for bug in $(seq 1 $step 29); do
	found=
	for trace in "$folder/$(printf %02d "$bug")"-*.trace; do
		[ -e "$trace" ] || continue
		found=1
		name=$(basename "$trace" .trace)
		before=$failed
		failed=0
		check "$trace" "$name"
		[ $failed = 0 ] && echo "ok   $name"
		failed=$((failed | before))
	done
	if [ -z "$found" ]; then
		: >"$work/out"
		fail "$bug" "no trace"
	fi
done
exit $failed
