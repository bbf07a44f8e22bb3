#!/bin/sh
# SPDX-License-Identifier: ISC
# Our YANG modules are clean under yanglint, each node says what it is, and the diagram in doc/ is theirs.
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
# The diagram in doc/ is that of the module.
tree=$(mktemp) || exit 1
yanglint -p "$srcdir/yang" -f tree "$srcdir/yang/evpnd.yang" >"$tree"
cmp -s "$tree" "$srcdir/doc/evpnd.tree" || {
	echo "doc/evpnd.tree is of another module: yanglint -p yang -f tree yang/evpnd.yang >doc/evpnd.tree"
	diff "$srcdir/doc/evpnd.tree" "$tree" | head -n 10
	bad=1
}
rm -f "$tree"
exit $bad
