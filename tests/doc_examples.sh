#!/bin/sh
# SPDX-License-Identifier: ISC
# Every configuration in doc/ is loaded by the program: no error, and nothing without effect.  Every file and
# function that the tour and the architecture name exists.
#
# Examples are the blocks ```evpnd ... ``` of the guide and the literal displays of
# evpnd.conf.5 that have a `router bgp` or a `fabric` in them.
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
export EVPND_YANG_PATH="${EVPND_YANG_PATH:-$srcdir/yang}"
W=$(mktemp -d "${TMPDIR:-/tmp}/evpnd-doc.XXXXXX") || exit 1
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT TERM

awk -v dir="$W" '
/^```evpnd$/ { n++; file = sprintf("%s/guide-%02d-line-%d", dir, n, FNR + 1); next }
/^```/       { if (file) close(file); file = ""; next }
file         { print > file }
' "$srcdir/doc/guide.md"

awk -v dir="$W" '
/^\.Bd -literal/ { inside = 1; text = ""; first = FNR + 1; next }
/^\.Ed/          { if (text ~ /router bgp|^fabric/) printf "%s", text > sprintf("%s/man-line-%d", dir, first); inside = 0; next }
inside           { text = text $0 "\n" }
' "$srcdir/doc/evpnd.conf.5"

missing=$(
	cd "$srcdir" || exit 1
	grep -ohE '`(lib|bgpd|evpn|zebra-lite|mgmt|vtysh|yang|tests|doc)/[a-z0-9_./-]*[a-z]`' doc/*.md | tr -d '\`' | sort -u |
		while read -r f; do
			[ -e "$f" ] || [ -e "$f.c" ] || echo "file $f"
		done
	grep -ohE '`[a-z_0-9]+\(\)`' doc/*.md | tr -d '\`()' | sort -u |
		while read -r f; do
			grep -qE "(^|[ *])$f\(" lib/*.[ch] bgpd/*.c evpn/*.c zebra-lite/*.c mgmt/*.c || grep -q "define $f(" lib/*.h || echo "function $f()"
		done
)
if [ -n "$missing" ]; then
	echo "doc_examples: named in doc/ and not there:"
	echo "$missing"
	exit 1
fi

count=0 bad=0
for f in "$W"/guide-* "$W"/man-*; do
	[ -e "$f" ] || continue
	count=$((count + 1))
	if "$builddir/evpnd-engine" --check -f "$f" >"$W/out" 2>&1 && [ ! -s "$W/out" ]; then
		continue
	fi
	bad=$((bad + 1))
	echo "doc_examples: ${f##*/}:"
	sed "s|$W/||" "$W/out"
done
if [ $count -lt 9 ]; then
	echo "doc_examples: only $count examples found"
	exit 1
fi
echo "doc_examples: $count examples, $bad bad"
[ $bad = 0 ]
