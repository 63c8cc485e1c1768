#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# museum_table.sh [--refresh] BUILD - the tables of docs/museum.md
#
# Prints them. With --refresh they go into docs/museum.md, each between
# `<!-- museum-table NAME -->` and `<!-- end -->`, and the counterexamples
# become the traces of traces/museum.
set -euo pipefail

refresh=
if [ "${1:-}" = --refresh ]; then
	refresh=1
	shift
fi
if [ $# -ne 1 ]; then
	echo "usage: $0 [--refresh] BUILD" >&2
	exit 2
fi
program=$(realpath "$1")/tests/museum-table
root=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for table in bugs memcg-off findings; do
	"$program" "$table" >"$work/$table"
done
if [ -z "$refresh" ]; then
	cat "$work"/{bugs,memcg-off,findings}
	exit
fi

# lines between the marks give way to the table
awk -v work="$work" '
	/^<!-- end -->/ { old = 0 }
	!old { print }
	/^<!-- museum-table / {
		old = 1
		while ((getline line < (work "/" $3)) > 0)
			print line
	}
' "$root/docs/museum.md" >"$work/museum.md"
mkdir "$work/traces"
"$program" traces "$work/traces"
cp "$work/museum.md" "$root/docs/museum.md"
mkdir -p "$root/traces/museum"
rm -f "$root"/traces/museum/*.trace
cp "$work"/traces/*.trace "$root/traces/museum/"
