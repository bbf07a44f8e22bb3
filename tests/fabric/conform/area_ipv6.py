# SPDX-License-Identifier: ISC
"""Sessions over IPv6: neighbours, ranges, collisions and next hops (RFC 4760 3: 16 octets, never a link-local beside)."""
import ipaddress
import os

import wire
from bench import Cases, check, conf

NUMBER = 26
CASES = Cases()
# These are on the loopback of the namespace that the suite runs in.
SIX = {n: f"fd00:c::{n}" for n in (1, 2, 3, 4, 5, 254)}
A, W, RANGE, SELF, OUT = (SIX[n] for n in (1, 2, 3, 4, 5))


def setup(b):
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    for n, address in SIX.items():
        b.defaults[address] = {"ident": f"10.{NUMBER}.6.{n}"}
    b.defaults[OUT]["asn"] = 65101
    b.start(conf(lines=["bgp graceful-restart-disable"],
                 neighbors={A: client, W: client, "SIX": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            OUT: ["remote-as 65101", "disable-connected-check", "evpn:next-hop-self"]},
                 listen={"fd00:c::2/127": "SIX"}), address=SIX[254])


def up(b, address):
    s = b.peers.get(address)
    if s is None or s.closed:
        s = b.peers[address] = b.speaker(address).establish()
        b.wait(lambda: s.eors or s.closed, "no End-of-RIB")
    return s


@CASES("RFC 4271 over IPv6: a session, routes both ways, and a next hop of either family as it was told")
def _(b):
    a, w = up(b, A), up(b, W)
    for hop in ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"):
        n = b.route()
        a.announce(n, nexthop=hop)
        b.sees(w, n)
        check(w.routes[wire.key(n)].nexthop == ipaddress.ip_address(hop).packed, f"{w.routes[wire.key(n)].nexthop.hex()}")
        a.withdraw(n)
        b.loses(w, n)


@CASES("RFC 4271 5.1.3: `next-hop-self` over IPv6 is our address of the session, 16 octets")
def _(b):
    a, out, n = up(b, OUT), up(b, A), b.route()
    out.announce(n)
    b.sees(a, n)
    hop = a.routes[wire.key(n)].nexthop
    check(hop in (wire.ip(SIX[254]), wire.ip("192.0.2.1")), f"next hop {hop.hex()}")
    out.withdraw(n)
    b.loses(a, n)


@CASES("listen range of IPv6: inside it is let in, outside it is not")
def _(b):
    s = b.speaker(RANGE).establish()
    b.alive(s, up(b, W))
    check(RANGE in b.daemon.summary(), "show does not know it")
    s.close()
    b.wait(lambda: RANGE not in b.daemon.summary(), "it is still there")
    stranger = b.speaker(SELF).connect()
    if not stranger.closed:
        stranger.say_open()
        b.wait(lambda: stranger.closed, "a stranger is let in")
    check(not stranger.up, "a stranger is let in")


@CASES("RFC 6286: identifiers are of 4 octets over IPv6 too, and 0 is none")
def _(b):
    check(up(b, A).open.ident == "10.0.0.100", up(b, A).open.ident)
    s = b.speaker(RANGE).connect()
    s.say_open(ident="0.0.0.0")
    b.wait(lambda: s.closed, "identifier 0 is taken")
    check(s.notification and s.notification[:2] == (2, 3), s.why())


@CASES("show: neighbours of IPv6 by their address, however it is written")
def _(b):
    up(b, A)
    long = ipaddress.ip_address(A).exploded
    for text in (A, long, long.upper()):
        check(A in b.daemon.show(f"show bgp neighbors {text}"), f"{text} is not found")
    check(b.daemon.summary()[A]["state"] == "Established", "state")


@CASES("`clear bgp` and shutdown with a text over IPv6")
def _(b):
    a = up(b, A)
    b.daemon.vtysh(f"clear bgp {A}")
    b.wait(lambda: a.closed, "the session stays")
    check(a.notification and a.notification[:2] == (6, 4), a.why())
    a = up(b, A)
    b.daemon.configure(f"neighbor {ipaddress.ip_address(A).exploded} shutdown message six")
    try:
        b.wait(lambda: a.closed, "the session stays")
        check(a.notification == (6, 2, b"\3six"), a.why())
    finally:
        b.daemon.configure(f"no neighbor {A} shutdown")
    b.alive(up(b, A), up(b, W))


@CASES("descriptors of sessions over IPv6 are given back")
def _(b):
    up(b, W)
    descriptors = f"/proc/{b.daemon.engine()}/fd"
    before = len(os.listdir(descriptors))
    for i in range(60):
        s = b.speaker(RANGE).connect()
        if i % 2 and not s.closed:
            s.say_open()
        s.close(reset=i % 3 == 0)
    b.wait(lambda: len(os.listdir(descriptors)) <= before + 3, "descriptors are left open")
