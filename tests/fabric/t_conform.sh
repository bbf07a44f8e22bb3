#!/bin/bash
# SPDX-License-Identifier: ISC
# Conformance, from outside: a BGP speaker written from the RFCs against evpnd; conform/run says what is tested.
. "$(dirname "$0")/lib.sh"

need_all evpnd python3
fab_start
node box
for i in 1 2 3 4 5 254; do ipn box addr add "fd00:c::$i/64" dev lo nodad; done
export EVPND_BIN EVPND_ENGINE EVPND_YANG_PATH TMPDIR=$W
ns box /usr/bin/python3 "$FAB/conform/run" "$@" || { FAB_QUIET=1 fail "not conform"; }
ok "conform"
