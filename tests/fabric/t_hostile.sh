#!/bin/bash
# SPDX-License-Identifier: ISC
# A hostile peer: each case of RFC 7606 ends as the RFC says, the session survives where it must.
. "$(dirname "$0")/lib.sh"

need_all "${1:-evpnd}" python3
fab_start
node spine
ipn spine addr add 10.0.0.100/24 dev lo
link spine v0 spine v1
ipn spine addr add 10.9.9.1/24 dev v0 # where the next hops of the routes are
run_rr "${1:-evpnd}"
wait_for 10 "${1:-evpnd} listens" ns spine bash -c 'exec 3<>/dev/tcp/10.0.0.100/179'
ns spine /usr/bin/python3 "$FAB/hostile.py" 10.0.0.100 || fail "a case went wrong"
[ "${1:-evpnd}" = evpnd ] || exit 0
kill -0 "${PIDOF[spine]}" || fail "evpnd is gone"
ok "evpnd lives"
