#!/bin/sh
# SPDX-License-Identifier: ISC
# Configurations as today's writers of the dialect emit them (tests/conf/tools): each line loads, or is named with the
# reason.  What --check says of them is in expected.txt; EVPND_TOOLS_WRITE=1 writes it anew, to be read before it is believed.
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
export EVPND_YANG_PATH="${EVPND_YANG_PATH:-$srcdir/yang}"
W=$(mktemp -d "${TMPDIR:-/tmp}/evpnd-tools.XXXXXX") || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM

for f in "$srcdir"/tests/conf/tools/*.conf; do
	"$builddir/evpnd-engine" --check -f "$f" 2>"$W/out" >&2
	[ $? -le 1 ] || { cat "$W/out"; echo "FAIL: $f"; exit 1; }
	echo "== $(basename "$f" .conf)"
	sed "s|^$f:||" "$W/out"
done >"$W/said"
[ -z "$EVPND_TOOLS_WRITE" ] || cp "$W/said" "$srcdir/tests/conf/tools/expected.txt"
diff -u "$srcdir/tests/conf/tools/expected.txt" "$W/said" || { echo "FAIL: what is said of a configuration has changed"; exit 1; }
n=$(grep -c '^==' "$W/said")
[ "$n" -ge 7 ] || { echo "FAIL: only $n configurations"; exit 1; }
echo "PASS: $n configurations, $(grep -c ': error: ' "$W/said") lines refused, $(grep -c ': note: ' "$W/said") without effect"
