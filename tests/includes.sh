#!/bin/sh
# SPDX-License-Identifier: ISC
# Holds every #include of ours against the table of dependencies (doc/architecture): who may know whom.
#
# The parts, from the bottom: lib, zl (zl_proto.h, the data-plane contract), codec (the pure half of
# bgpd), rib (tables and decision), session (everything else of bgpd), evpn, underlay, zebra-lite, mgmt, main
# (mgmt/main.c and mgmt/app*, which wire them), vtysh.  A source file of bgpd belongs to the part whose .mk lists it.
srcdir=${srcdir:-.}
cd "$srcdir" || exit 1

awk '
function part(f) {
	if (f in of) return of[f]
	if (f ~ /^zebra-lite\/zl_proto/) return "zl"
	if (f ~ /^mgmt\/(main|app|app_[a-z]+)\.[ch]$/) return "main"
	if (f ~ /^mgmt\/(control|ctl)[a-z_]*\.h$/) return "control"
	sub(/\/.*/, "", f)
	return f
}
BEGIN {
	may["lib"] = "lib"
	may["zl"] = "lib zl"
	may["zebra-lite"] = "lib zl zebra-lite"
	may["codec"] = "lib codec"
	may["rib"] = "lib codec rib"
	may["session"] = "lib codec rib session"
	may["evpn"] = "lib codec rib zl evpn"
	may["underlay"] = "lib codec rib zl underlay"
	may["mgmt"] = "lib codec rib session evpn underlay mgmt control"
	may["control"] = "lib mgmt control"
	may["main"] = "lib codec rib session zl evpn underlay mgmt control main"
	may["vtysh"] = "lib control vtysh"
	may["netconf"] = "lib control netconf"
	# The contracts that bgpd/local.mk lists, by their part.
	of["bgpd/attr.h"] = of["bgpd/attrset.h"] = of["bgpd/nlri.h"] = of["bgpd/rib_key.h"] = of["bgpd/rib_path.h"] = "codec"
	of["bgpd/decision.h"] = of["bgpd/rib.h"] = "rib"
	of["bgpd/bgp.h"] = of["bgpd/bgp_conf.h"] = "session"
	# Pure codecs know neither the clock nor the log.
	pure["lib/log.h"] = pure["lib/loop.h"] = pure["lib/chan.h"] = 1
	bad = 0
	for (i = 1; i < ARGC; i++) if (ARGV[i] ~ /\.mk$/) scan_mk(ARGV[i])
}
function scan_mk(mk,   line, n, w, k, p) {
	p = mk; sub(/^bgpd\//, "", p); sub(/\.mk$/, "", p)
	while ((getline line < mk) > 0) {
		n = split(line, w, /[ \t\\]+/)
		for (k = 1; k <= n; k++)
			if (w[k] ~ /^bgpd\/.*\.[ch]$/ && !(w[k] in of)) of[w[k]] = p
	}
	close(mk)
}
FILENAME ~ /\.mk$/ { nextfile }
/^#[ \t]*include[ \t]*"/ {
	f = $0; sub(/^[^"]*"/, "", f); sub(/".*/, "", f)
	if (f == "config.h") next
	if (f !~ /\//) { printf "includes: %s:%d: \"%s\" is not a path from the root\n", FILENAME, FNR, f; bad = 1; next }
	me = part(FILENAME); it = part(f)
	if (!(me in may)) { printf "includes: note: no .mk lists %s\n", FILENAME; nextfile }
	if (!(it in may)) { printf "includes: note: no .mk lists %s\n", f; next }
	if (index(" " may[me] " ", " " it " ") == 0) {
		printf "includes: %s:%d: %s may not know %s (%s)\n", FILENAME, FNR, me, it, f; bad = 1
	}
	if (me == "codec" && f in pure) {
		printf "includes: %s:%d: a pure codec may not know %s\n", FILENAME, FNR, f; bad = 1
	}
}
END { exit bad }
' bgpd/codec.mk bgpd/rib.mk bgpd/session.mk $(find lib bgpd evpn underlay zebra-lite mgmt vtysh netconf -name '*.[ch]' 2>/dev/null | sort)
