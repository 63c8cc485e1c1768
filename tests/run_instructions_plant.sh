#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run_instructions_plant.sh - a needless call in the hot path is noticed by bench/instructions.sh
#
# The call is planted in a copy of the sources, which is built in a folder of its own.
set -euo pipefail

root=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work"
cd "$work"
sed -i '/^static inline bool op_try(/,/^}/s/^\treturn op->type.*/\tzsim_slot_gone(\&b->zs->st, op->slot);\n&/' libzsim/engine/ops.c
if ! grep -q zsim_slot_gone libzsim/engine/ops.c; then
	echo "the place where the call is planted has changed"
	exit 1
fi
cmake -S . -B build -G Ninja -DZSIM_TESTS=OFF --log-level=WARNING >/dev/null
cmake --build build --target zsim-replay zsim-gen >/dev/null
bench/instructions.sh build >counted || true
cat counted
if grep -q 'another compiler' counted; then
	echo "skipped: the figures on record are another compiler's"
	exit 0
fi
if ! grep -q 'too many' counted; then
	echo "a needless call in the hot path was not noticed"
	exit 1
fi
echo "the needless call was noticed"
