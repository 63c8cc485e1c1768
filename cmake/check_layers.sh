#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check_layers.sh [ROOT] - includes go only downward.
#
#   base < model < reclaim < engine < oracle, check
#   trace, workload and observe see base, sim sees no private header
#
# Prints file:line: reason for each include that breaks the order.
set -euo pipefail

root=${1:-$(dirname "$0")/..}
cd "$root"

declare -A below=(
	[base]=""
	[model]="base"
	[reclaim]="base model"
	[engine]="base model reclaim"
	[oracle]="base model reclaim engine"
	[check]="base model reclaim engine"
	[trace]="base"
	[observe]="base"
	[workload]="base"
)
bad=0

complain() {
	echo "$1: $2"
	bad=1
}

# includes FOLDER - file:line:<header> or file:line:"header" for each include
includes() {
	[ -d "$1" ] || return 0
	find "$1" -name '*.[ch]' -exec grep -HnE '^[[:space:]]*#[[:space:]]*include' {} + |
		sed -E 's/^([^:]+:[0-9]+):[^<"]*([<"][^>"]*[>"]).*/\1 \2/'
}

# header_layer HEADER - the folder in front of a private header
header_layer() {
	local name=${1#\"}

	name=${name%\"}
	case $name in
	*/*) echo "${name%%/*}" ;;
	*) echo "none" ;;
	esac
}

check_library() {
	local layer=$1 where header other

	while read -r where header; do
		case $header in
		'<'*) continue ;;
		*..*) complain "$where" "no ../ in includes"; continue ;;
		esac
		other=$(header_layer "$header")
		if [ "$other" = none ]; then
			complain "$where" "$header has no folder in front of it"
		elif [ "$other" != "$layer" ] && [[ " ${below[$layer]} " != *" $other "* ]]; then
			complain "$where" "$layer must not see $header"
		fi
	done < <(includes "libzsim/$layer")
}

check_public() {
	local where header

	while read -r where header; do
		case $header in
		'<zsim/'*'>') ;;
		'<'*/*'>' | '"'*) complain "$where" "public headers see only <zsim/...> and C17's own" ;;
		esac
	done < <(includes include)
}

check_tools() {
	local where header

	while read -r where header; do
		case $header in
		*..* | '"'*/*) complain "$where" "sim sees only <zsim/...> and its own headers" ;;
		esac
	done < <(includes sim)
}

for folder in libzsim/*/; do
	layer=$(basename "$folder")
	if [ -z "${below[$layer]+known}" ]; then
		complain "$folder" "not one of the layers"
		continue
	fi
	check_library "$layer"
done
check_public
check_tools

exit $bad
