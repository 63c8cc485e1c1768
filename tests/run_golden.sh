#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_golden.sh [--refresh] BUILD [CASE...] - golden cases of the tools
#
# A case is a folder tests/golden/CASE:
#   cmd                 shell line(s), run in an empty scratch folder
#   stdout stderr exit  what is expected; a missing stdout or stderr is empty, a missing exit is 0
#   filter              optional sed script for stdout and stderr, hides what varies
#
# cmd finds the programs in $ZSIM_REPLAY, $ZSIM_IMPORT, $ZSIM_CHECK, $ZSIM_GEN, $ZSIM_SWEEP and $ZSIM_MUSEUM
# (the replay that knows --defect), the repository's traces in $TRACES and the case's
# own folder in $CASE. The last two are short relative names, so that messages do
# not depend on where the repository is.
#
# --refresh writes what came out as the new expectation. Without CASE all run.
# $ZSIM_TEST_WRAPPER, if set, is a command that each program runs under.
set -euo pipefail

refresh=
if [ "${1:-}" = --refresh ]; then
	refresh=1
	shift
fi
if [ $# -lt 1 ]; then
	echo "usage: $0 [--refresh] BUILD [CASE...]" >&2
	exit 2
fi
build=$(realpath "$1")
shift
tests=$(realpath "$(dirname "$0")")
export LC_ALL=C TZ=UTC

scratch_root=$(mktemp -d)
trap 'rm -rf "$scratch_root"' EXIT

# a program as cmd calls it; goes through the wrapper if there is one
program() {
	if [ -z "${ZSIM_TEST_WRAPPER:-}" ]; then
		echo "$build/$1"
		return
	fi
	mkdir -p "$(dirname "$scratch_root/bin/$1")"
	printf '#!/bin/sh\nexec %s %s/%s "$@"\n' "$ZSIM_TEST_WRAPPER" "$build" "$1" \
		>"$scratch_root/bin/$1"
	chmod +x "$scratch_root/bin/$1"
	echo "$scratch_root/bin/$1"
}

expected() {
	local file=$1 fallback=$2

	if [ -e "$file" ]; then
		cat "$file"
	else
		printf '%s' "$fallback"
	fi
}

# run_case CASE - leaves stdout, stderr and exit in $scratch_root/out
run_case() {
	local folder=$tests/golden/$1 rc=0 name
	local out=$scratch_root/out work=$scratch_root/work

	rm -rf "$out" "$work"
	mkdir -p "$out" "$work"
	ln -s "$tests/../traces" "$work/traces"
	ln -s "$folder" "$work/case"
	(
		cd "$work"
		TRACES=traces CASE=case ZSIM_REPLAY=$replay ZSIM_IMPORT=$import ZSIM_MUSEUM=$museum \
			ZSIM_CHECK=$check ZSIM_GEN=$gen ZSIM_SWEEP=$sweep \
			sh -u "$folder/cmd" </dev/null >"$out/stdout" 2>"$out/stderr"
	) || rc=$?
	echo "$rc" >"$out/exit"
	for name in stdout stderr; do
		sed -i "s,$build/,,g; s,$scratch_root/bin/,,g" "$out/$name"
		if [ -e "$folder/filter" ]; then
			sed -i -f "$folder/filter" "$out/$name"
		fi
	done
}

refresh_case() {
	local folder=$tests/golden/$1

	cp "$scratch_root/out/"{stdout,stderr,exit} "$folder/"
	echo "refreshed $1"
}

compare_case() {
	local folder=$tests/golden/$1 name fallback same=0

	for name in exit stderr stdout; do
		fallback=
		[ $name = exit ] && fallback=$'0\n'
		if ! diff -u --label "$1/$name expected" --label "$1/$name" \
			<(expected "$folder/$name" "$fallback") "$scratch_root/out/$name"; then
			same=1
		fi
	done
	return $same
}

replay=$(program zsim-replay)
import=$(program zsim-import)
museum=$(program museum/zsim-replay)
check=$(program zsim-check)
gen=$(program zsim-gen)
sweep=$(program zsim-sweep)

if [ $# -eq 0 ]; then
	for command in "$tests"/golden/*/cmd; do
		[ -e "$command" ] || continue
		set -- "$@" "$(basename "$(dirname "$command")")"
	done
fi

failed=0
for case in "$@"; do
	if [ ! -e "$tests/golden/$case/cmd" ]; then
		echo "no case '$case' in tests/golden" >&2
		exit 2
	fi
	run_case "$case"
	if [ -n "$refresh" ]; then
		refresh_case "$case"
	elif compare_case "$case"; then
		echo "ok   $case"
	else
		echo "FAIL $case"
		failed=$((failed + 1))
	fi
done
if [ $failed -gt 0 ]; then
	echo "$failed of $# golden cases failed"
	exit 1
fi
