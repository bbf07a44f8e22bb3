#!/bin/sh
# SPDX-License-Identifier: ISC
# Holds the sources to the house style: SPDX line, no triple-X marks, every listed header compiles alone; tells
# which files are longer than 600 lines and which functions longer than 100 (a hard look, no error).
srcdir=${srcdir:-.}
builddir=${builddir:-.}
CC=${CC:-cc}
cd "$srcdir" || exit 1
srcdir=$PWD
cd - >/dev/null || exit 1
cd "$builddir" || exit 1
builddir=$PWD
cd "$srcdir" || exit 1
bad=0
fail() {
	echo "style: $*"
	bad=1
}

dirs="lib bgpd underlay evpn zebra-lite mgmt vtysh netconf tests"
present=
for d in $dirs; do [ -d "$d" ] && present="$present $d"; done

# shellcheck disable=SC2086
sources=$(find $present -name '*.[ch]' | sort)
# shellcheck disable=SC2086
others=$(find $present doc yang .ci dev configure.ac Makefile.am \( -name '*.sh' -o -name '*.py' -o -name '*.mk' \
	-o -name '*.yang' -o -name '*.am' -o -name '*.ac' -o -perm -u+x \) -type f 2>/dev/null | sort)

for f in $sources; do
	case $(head -n 1 "$f") in
	'/* SPDX-License-Identifier: ISC */') ;;
	*) fail "$f: the first line is not the SPDX line" ;;
	esac
done
for f in $others; do
	head -n 2 "$f" | grep -q 'SPDX-License-Identifier: ISC' || fail "$f: no SPDX line in the first two"
done

mark=XX # in two parts, so that this file does not find itself
mark=${mark}X
for f in $(grep -lw "$mark" $sources $others); do fail "$f: $mark"; done

for f in $sources; do
	n=$(wc -l <"$f")
	[ "$n" -le 600 ] || echo "style: note: $f has $n lines"
done
awk '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR; name = last }
	/^\}/ { if (start && FNR - start > 100)
			printf "style: note: %s:%d: %s has %d lines\n", FILENAME, start, name, FNR - start
		start = 0 }
	/^[a-z_]/ { last = $0; sub(/\(.*/, "", last) }
' $sources

for t in tests/*/t_*.sh; do
	[ -x "$t" ] || fail "$t is not executable"
done

for h in $sources; do
	case $h in *.h) ;; *) continue ;; esac
	if ! grep -qs "$h" ./*/*.mk; then
		echo "style: note: no .mk lists $h"
		continue
	fi
	# config.h is what every .c file includes first.
	printf '#include "config.h"\n#include "%s"\n' "$h" |
		$CC -std=gnu11 -fsyntax-only -Werror -I"$builddir" -I"$srcdir" ${STYLE_CPPFLAGS:-} -x c - 2>"$builddir/style-header.log" ||
		{
			fail "$h does not compile alone"
			cat "$builddir/style-header.log"
		}
	rm -f "$builddir/style-header.log"
done
exit $bad
