#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_sweep.sh BUILD threads|mpi - a sweep gives the same bytes however it is made
#
# threads: by one thread and by two, and killed again and again on the way; the end of the
# file and of its journal cut off. mpi: by four processes, one of which is killed, with and
# without mpirun's --enable-recovery; 77 without mpirun. No run that was finished may be made
# again. $ZSIM_SEED, printed, decides when kills come.
set -euo pipefail

build=$(realpath "$1")
mode=$2
sweep=$build/zsim-sweep
seed=${ZSIM_SEED:-$RANDOM}
RANDOM=$seed
echo "seed $seed"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

runs=24
plan=(--workload "preset=writeback,entries=5k,events=60k,groups=20"
	--workload "preset=requests,entries=5k,events=60k,groups=20"
	--algo linux-7.2,patch --set "batch=16,64" --seed 1..3 --no-progress)

die() {
	echo "FAIL: $*" >&2
	exit 1
}

same() {
	cmp whole.csv "$1" || die "$1 is not what one thread makes"
	[ ! -e "$1.journal" ] || die "$1.journal is left"
}

# once LOG... - no run is recorded twice; prints how many were
once() {
	local twice

	twice=$(grep -h ': recorded' "$@" | cut -d: -f1 | sort | uniq -d)
	[ -z "$twice" ] || die "made again: $twice"
	grep -h ': recorded' "$@" | wc -l
}

# nap - up to half a second
nap() {
	sleep "0.$(printf '%03d' $((RANDOM % 500)))"
}

"$sweep" "${plan[@]}" --jobs 1 -o whole.csv
[ "$(wc -l <whole.csv)" = $((runs + 1)) ] || die "not $runs lines"

threads() {
	local n=0 rc

	"$sweep" "${plan[@]}" --jobs 2 -o two.csv
	same two.csv
	"$sweep" "${plan[@]}" --jobs 2 >three.csv
	same three.csv

	# killed until it is done
	while :; do
		n=$((n + 1))
		[ $n -lt 200 ] || die "does not get on"
		"$sweep" "${plan[@]}" --jobs 2 --resume --verbose -o killed.csv 2>"log.$n" &
		nap
		kill -9 $! 2>/dev/null || true
		rc=0
		wait $! 2>/dev/null || rc=$?
		[ $rc != 0 ] || break
	done
	same killed.csv
	echo "killed $((n - 1)) times; $(once log.*) runs told of"

	# interrupted, which is an end in good order
	"$sweep" "${plan[@]}" --jobs 2 --verbose -o stopped.csv 2>log.stop &
	sleep 0.2
	kill -INT $! 2>/dev/null || true
	rc=0
	wait $! || rc=$?
	[ $rc = 3 ] || [ $rc = 0 ] || die "status $rc after SIGINT"
	"$sweep" "${plan[@]}" --jobs 2 --resume --verbose -o stopped.csv 2>log.stopped
	same stopped.csv
	[ "$(once log.stop log.stopped)" = $runs ] || die "a run was not told of"

	# a line, and a header, that was half written
	head -c $((RANDOM % $(wc -c <whole.csv))) whole.csv >cut.csv
	"$sweep" "${plan[@]}" --resume -o cut.csv
	same cut.csv
	head -c 20 whole.csv >cut.csv
	"$sweep" "${plan[@]}" --resume -o cut.csv
	same cut.csv

	# killed while the first run holds all others back: those are in the journal alone
	cat >slow <<-'END'
		--workload entries=5k,events=5M
		--workload entries=1k,events=1k --seed 1..20
	END
	: >log.slow
	"$sweep" --runs slow --jobs 2 --verbose --no-progress -o slow.csv 2>log.slow &
	until [ "$(grep -c ': recorded' log.slow)" = 20 ]; do
		kill -0 $! || die "the slow run was not slow"
		sleep 0.01
	done
	kill -9 $!
	wait $! 2>/dev/null || true
	[ "$(wc -l <slow.csv)" = 1 ] || die "lines in the wrong order"
	"$sweep" --runs slow --jobs 2 --verbose --no-progress --resume -o slow.csv 2>log.slow2
	[ "$(grep -c ': found' log.slow2)" = 20 ] || die "finished runs are not found"
	[ "$(once log.slow log.slow2)" = 21 ] || die "a run was not told of"

	# what is in the journal is not made again, but for its half line
	head -n 3 whole.csv >held.csv
	{ sed -n 8,10p whole.csv; sed -n 12p whole.csv | head -c 50; } >held.csv.journal
	"$sweep" "${plan[@]}" --resume --verbose -o held.csv 2>log.held
	same held.csv
	[ "$(grep -c ': found' log.held)" = 5 ] || die "not 5 runs found"
	[ "$(once log.held)" = $((runs - 5)) ] || die "not the others made"
}

mpi() {
	local rc pid

	export ASAN_OPTIONS=detect_leaks=0 # of the MPI library

	command -v mpirun >/dev/null || exit 77
	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
	mpirun --oversubscribe -n 4 "$sweep" --version >version || exit 77
	[ "$(wc -l <version)" = 1 ] || exit 77 # a build without MPI is four programs

	mpirun --oversubscribe -n 4 "$sweep" "${plan[@]}" --verbose -o four.csv 2>log.four
	same four.csv
	[ "$(once log.four)" = $runs ] || die "a run was not told of"

	# one process is killed, the others go on
	: >log.lost
	mpirun --oversubscribe --enable-recovery -n 4 "$sweep" "${plan[@]}" --verbose \
		--lost-after 2 -o lost.csv 2>log.lost &
	pid=$(rank_pid log.lost)
	kill -9 "$pid" || true
	wait $! || die "mpirun failed after the death of a process"
	same lost.csv
	[ "$(once log.lost)" = $runs ] || die "a run was not told of"
	grep 'is lost' log.lost || echo "it had all been done before"

	# the same without recovery: the rest is for another time
	rc=0
	: >log.aborted
	mpirun --oversubscribe -n 4 "$sweep" "${plan[@]}" --verbose -o aborted.csv \
		>/dev/null 2>log.aborted &
	pid=$(rank_pid log.aborted)
	kill -9 "$pid" || true
	wait $! || rc=$?
	mpirun --oversubscribe -n 4 "$sweep" "${plan[@]}" --verbose --resume -o aborted.csv \
		2>log.resumed
	same aborted.csv
	echo "aborted with status $rc; $(once log.aborted log.resumed) runs told of"
}

# rank_pid LOG - the process that is to die, as soon as it is there and at work
rank_pid() {
	local n

	for ((n = 0; n < 1500; n++)); do
		if grep -q '^process 2: pid' "$1" && grep -q ': recorded' "$1"; then
			sed -n 's/^process 2: pid \([0-9]*\),.*/\1/p' "$1"
			return
		fi
		sleep 0.02
	done
	die "process 2 does not begin"
}

"$mode"
