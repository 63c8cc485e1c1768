#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh BUILD - installs a build, then builds a small program against it, once
# through pkg-config and once through CMake, and runs the installed tools.
set -euo pipefail

build=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

prefix=$work/prefix
cmake --install "$build" --prefix "$prefix" >/dev/null
pc=$(find "$prefix" -name zsim.pc)
[ -n "$pc" ] || { echo "no zsim.pc installed" >&2; exit 1; }
libdir=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs zsim)
version=$(pkg-config --modversion zsim)
export LD_LIBRARY_PATH=$libdir

# shellcheck disable=SC2086 # flags are words
cc -std=c17 -Wall -Wextra -Werror "$here/main.c" $flags -o "$work/by-pkg-config"
[ "$("$work/by-pkg-config")" = "$version" ]
echo "pkg-config: zsim $version links and runs"

cmake -S "$here" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/cmake" >/dev/null
[ "$("$work/cmake/smoke")" = "$version" ]
echo "find_package: zsim::zsim links and runs"

# each public header stands on its own
for header in "$prefix"/include/zsim/*.h; do
	echo "#include <zsim/$(basename "$header")>" |
		cc -std=c17 -Wall -Wextra -Werror -I"$prefix/include" -fsyntax-only -x c -
done
echo "headers: each compiles alone"

for tool in "$prefix"/bin/*; do
	"$tool" --version | grep -qF "$version"
	"$tool" --help >/dev/null
done
echo "tools: each runs from where it was installed"
