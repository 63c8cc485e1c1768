#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_empty_passes.sh BUILD [SCENARIO...] - two rules of giving up, compared
#
# For each scenario: the set of end states (what is left in zswap, and where) when an
# empty pass counts as one failure, and when the first empty pass ends the call. Prints
# one line each, and exits with 1 if a set differs (docs/empty-passes.md).
set -euo pipefail

build=$(realpath "$1")
shift
folder=$(realpath "$(dirname "$0")/../traces/scenarios")
[ $# -gt 0 ] || set -- "$folder"/*.scenario
differ=0

# ends SCENARIO RULE - number of end states, and the hash of their set
ends() {
	"$build/zsim-check" --no-progress --quiet --set "empty_failures=$2" --json - "$1" |
		awk -F'[:,]' '/"states"/ { s = $2 } /"rests"/ { n = $2 } /"rests_digest"/ { d = $2 }
			END { print n, d, "in", s, "states" }' || true
}

for scenario in "$@"; do
	each=$(ends "$scenario" 1)
	first=$(ends "$scenario" 65536)
	if [ "${each% in *}" = "${first% in *}" ]; then
		verdict=same
	else
		verdict=DIFFERENT
		differ=1
	fi
	printf '%-9s %s: %s; at the first: %s\n' "$verdict" "$(basename "$scenario" .scenario)" \
		"$each" "$first"
done
exit $differ
