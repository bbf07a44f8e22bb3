#!/bin/sh
# SPDX-License-Identifier: ISC
# Our YANG modules are clean under yanglint, and each node says what it is.
srcdir=${srcdir:-.}
command -v yanglint >/dev/null || exit 77
bad=0
said=
for m in "$srcdir"/yang/*.yang; do
	# A submodule is read with its module.
	grep -q '^submodule' "$m" || said=$(yanglint -p "$srcdir/yang" "$m" 2>&1) && [ -z "$said" ] || {
		echo "$m: $said"
		bad=1
	}
	# A node opens with its name and must have a description among its own statements.
	awk -v file="$m" '
		/^ *(leaf|leaf-list|list|container|grouping|typedef|enum|rpc|action|notification) [a-zA-Z0-9-]+ *\{$/ {
			d++; at[d] = FNR; name[d] = $2; said[d] = 0; ind[d] = match($0, /[^ ]/); next
		}
		d && /^ *description$/ && match($0, /[^ ]/) == ind[d] + 2 { said[d] = 1 }
		d && /^ *\}$/ && match($0, /[^ ]/) == ind[d] {
			if (!said[d]) { printf "%s:%d: %s has no description\n", file, at[d], name[d]; bad = 1 }
			d--
		}
		END { exit bad }' "$m" || bad=1
done
exit $bad
