#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# setup.sh [--dev] - installs what a build needs on Debian 12
#
# --dev adds what the other checks need: clang, valgrind, lcov, clang-format.
# Silent when nothing is missing. Elsewhere than on Debian it does nothing:
# cmake then says what it does not find.
set -euo pipefail

packages=(
	gcc libc6-dev cmake ninja-build pkg-config
	libcunit1-dev libjansson-dev libjemalloc-dev libxxhash-dev libzstd-dev uthash-dev
	zstd go-md2man python3 python3-jsonschema
	libopenmpi-dev openmpi-bin gnuplot-nox
)
if [ "${1:-}" = --dev ]; then
	# valgrind needs the symbols of the C library
	packages+=(clang clang-format clang-tidy lcov valgrind libc6-dbg)
fi

command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || exit 0

missing=()
for package in "${packages[@]}"; do
	state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$state" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

sudo=
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "setup: not root, no sudo; please install: ${missing[*]}" >&2
		exit 1
	fi
	sudo=sudo
fi

echo "setup: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -q &&
	$sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
	cat "$log" >&2
	echo "setup: apt-get failed" >&2
	exit 1
fi
