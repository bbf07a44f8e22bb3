# SPDX-License-Identifier: ISC
"""UPDATE and its errors: RFC 7606 attribute by attribute, RFC 4760, and what must pass."""
import struct

import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 15
CASES = Cases()
EXTERNAL = 65101
WATCHER, INTERNAL, OUTSIDE, OTHER = 1, 2, 3, 4


def setup(b):
    b.defaults[b.address(OUTSIDE)] = {"asn": EXTERNAL}
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    b.start(conf(lines=["bgp graceful-restart-disable", "bgp listen limit 500"],
                 neighbors={"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            b.address(WATCHER): client, b.address(INTERNAL): client, b.address(OTHER): client,
                            b.address(OUTSIDE): [f"remote-as {EXTERNAL}", "disable-connected-check"]},
                 listen={b.range(): "IN"}))


def bad_path(s, n, over, first=True):
    """An UPDATE with the route and the attributes of `over` instead of good ones."""
    reach = wire.mp_reach(n)
    path = s.path(**over)
    return wire.update(reach + path if first else path + reach)


# --- treat as withdraw

def withdrawn(b, who, over):
    """The route goes, its neighbour stays, the session lives; before and after MP_REACH_NLRI."""
    s, w = b.up(who), b.up(WATCHER)
    if callable(over):
        over = over(s)
    for first in (True, False):
        n, other = b.route(), b.route()
        s.announce(n, other)
        b.sees(w, n, other)
        s.send(bad_path(s, n, over, first))
        b.wait(lambda n=n: not b.has(w, n) or s.closed, "the route stays: no treat-as-withdraw")
        b.alive(s, w)
        check(not b.has(w, n) and b.has(w, other), "the wrong route was withdrawn")
        new = b.route()
        s.send(bad_path(s, new, over, first))
        b.alive(s, w)
        check(not b.has(w, new), "a new route with the fault was taken")
        s.withdraw(other)


def raw_path(value):
    return {"as_path": attr(wire.AS_PATH, value)}


def both(text, over):
    return [(text + ", internal peer", INTERNAL, over), (text + ", external peer", OUTSIDE, over)]


AS4 = wire.u32(EXTERNAL)
CASES.table([
    *both("RFC 7606 7.1: ORIGIN 3", {"origin": attr(1, b"\3")}),
    *both("RFC 7606 7.1: ORIGIN 255", {"origin": attr(1, b"\xff")}),
    *both("RFC 7606 7.1: ORIGIN of no octet", {"origin": attr(1)}),
    *both("RFC 7606 7.1: ORIGIN of two octets", {"origin": attr(1, b"\0\0")}),
    *both("RFC 7606 7.2: AS_PATH segment of type 0", raw_path(b"\0\1" + AS4)),
    *both("RFC 7606 7.2: AS_PATH segment of type 5", raw_path(b"\5\1" + AS4)),
    *both("RFC 7606 7.2: AS_PATH that underruns: one octet left", raw_path(b"\2\1" + AS4 + b"\2")),
    *both("RFC 7606 7.2: AS_PATH whose segment overruns it", raw_path(b"\2\2" + AS4)),
    *both("RFC 7606 7.2: AS_PATH whose AS has two octets", raw_path(b"\2\1\xfe\x4d")),
    *both("RFC 7606 7.2: AS_PATH with an empty segment", raw_path(b"\2\0")),
    *both("RFC 7606 7.2: AS_PATH with an empty segment after a good one", raw_path(b"\2\1" + AS4 + b"\2\0")),
    ("RFC 5065 5: AS_PATH with a confederation's sequence, external peer", OUTSIDE, raw_path(b"\3\1" + AS4)),
    ("RFC 5065 5: AS_PATH with a confederation's set, external peer", OUTSIDE, raw_path(b"\2\1" + AS4 + b"\4\1" + AS4)),
    *both("RFC 7607 2: AS 0 in AS_PATH", raw_path(b"\2\2" + AS4 + bytes(4))),
    *both("RFC 7606 7.4: MULTI_EXIT_DISC of three octets", {"med": attr(4, bytes(3))}),
    *both("RFC 7606 7.4: MULTI_EXIT_DISC of no octet", {"med": attr(4)}),
    *both("RFC 7606 7.4: MULTI_EXIT_DISC of eight octets", {"med": attr(4, bytes(8))}),
    ("RFC 7606 7.5: LOCAL_PREF of three octets, internal peer", INTERNAL, {"local_pref": attr(5, bytes(3))}),
    ("RFC 7606 7.5: LOCAL_PREF of five octets, internal peer", INTERNAL, {"local_pref": attr(5, bytes(5))}),
    *both("RFC 7606 7.8: COMMUNITY of no octet", {"extra": attr(8)}),
    *both("RFC 7606 7.8: COMMUNITY of six octets", {"extra": attr(8, bytes(6))}),
    ("RFC 7606 7.9: ORIGINATOR_ID of three octets, internal peer", INTERNAL, {"extra": attr(9, bytes(3))}),
    ("RFC 7606 7.9: ORIGINATOR_ID of eight octets, internal peer", INTERNAL, {"extra": attr(9, bytes(8))}),
    ("RFC 7606 7.10: CLUSTER_LIST of no octet, internal peer", INTERNAL, {"extra": attr(10)}),
    ("RFC 7606 7.10: CLUSTER_LIST of six octets, internal peer", INTERNAL, {"extra": attr(10, b"\1" * 6)}),
    *both("RFC 7606 7.14: EXTENDED COMMUNITIES of no octet", {"targets": attr(16)}),
    *both("RFC 7606 7.14: EXTENDED COMMUNITIES of twelve octets", {"targets": attr(16, bytes(12))}),
    *both("RFC 7606 7.15: IPv6 EXTENDED COMMUNITIES of no octet", {"extra": attr(25)}),
    *both("RFC 7606 7.15: IPv6 EXTENDED COMMUNITIES of eight octets", {"extra": attr(25, bytes(8))}),
    *both("RFC 8092 6: LARGE_COMMUNITY of no octet", {"extra": attr(32)}),
    *both("RFC 8092 6: LARGE_COMMUNITY of 16 octets", {"extra": attr(32, bytes(16))}),
    *both("RFC 6514 5: PMSI_TUNNEL of four octets", {"extra": attr(22, b"\0\6\0\0")}),
    *both("RFC 7606 3c: ORIGIN flagged optional", {"origin": attr(1, b"\0", 0xC0)}),
    *both("RFC 7606 3c: ORIGIN flagged non-transitive", {"origin": attr(1, b"\0", 0x00)}),
    *both("RFC 7606 3c: AS_PATH flagged optional non-transitive",
          lambda s: {"as_path": attr(2, wire.sequence(s.asn), 0x80)}),
    *both("RFC 7606 3c: MULTI_EXIT_DISC flagged transitive", {"med": attr(4, bytes(4), 0xC0)}),
    *both("RFC 7606 3c: MULTI_EXIT_DISC flagged well-known", {"med": attr(4, bytes(4), 0x40)}),
    ("RFC 7606 3c: LOCAL_PREF flagged optional, internal peer", INTERNAL, {"local_pref": attr(5, bytes(4), 0xC0)}),
    *both("RFC 7606 3c: ATOMIC_AGGREGATE flagged optional", {"extra": attr(6, b"", 0xC0)}),
    *both("RFC 7606 3c: AGGREGATOR flagged non-transitive", {"extra": attr(7, AS4 + bytes(4), 0x80)}),
    *both("RFC 7606 3c: COMMUNITY flagged non-transitive", {"extra": attr(8, b"\xfe\x4d\0\1", 0x80)}),
    *both("RFC 7606 3c: EXTENDED COMMUNITIES flagged well-known", {"targets": attr(16, wire.target(1, 1), 0x40)}),
    ("RFC 7606 3c: ORIGINATOR_ID flagged transitive, internal peer", INTERNAL, {"extra": attr(9, b"\1\2\3\4", 0xC0)}),
    ("RFC 7606 3c: CLUSTER_LIST flagged transitive, internal peer", INTERNAL, {"extra": attr(10, b"\1\2\3\4", 0xC0)}),
    *both("RFC 7606 3d: ORIGIN missing", {"origin": None}),
    *both("RFC 7606 3d: AS_PATH missing", {"as_path": None}),
    *both("RFC 7606 3d: all of them missing", {"origin": None, "as_path": None, "local_pref": None, "targets": None}),
    *both("RFC 7606 3h: one to discard and one to treat as withdraw",
          {"origin": attr(1, b"\7"), "extra": attr(6, b"x")}),
], withdrawn)


@CASES("RFC 7606 2: treat-as-withdraw takes every route of the UPDATE, and what is withdrawn goes too")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    some, gone, other = [b.route() for _ in range(30)], b.route(), b.route()
    s.announce(*some, gone, other)
    b.sees(w, *some, gone, other)
    s.send(wire.update(wire.mp_reach(b"".join(some)) + wire.mp_unreach(gone) + s.path(origin=attr(1, b"\7"))))
    b.loses(w, *some, gone)
    b.alive(s, w)
    check(b.has(w, other), "a route that the UPDATE did not name went too")


@CASES("RFC 7606 2: treat-as-withdraw lets the next best path in")
def _(b):
    s, t, w = b.up(INTERNAL), b.up(OTHER), b.up(WATCHER)
    n = b.route()
    s.announce(n, local_pref=attr(5, wire.u32(200)))
    b.sees(w, n)
    t.announce(n, nexthop="192.0.2.77")
    b.settle(t, w)
    check(b.hop(w, n) == "192.0.2.1", "the worse path was taken")
    s.announce(n, origin=None)
    b.wait(lambda: b.has(w, n) and b.hop(w, n) == "192.0.2.77", "the other path is not used")
    t.withdraw(n)
    b.loses(w, n)


@CASES("RFC 7606 2: what was treated as withdrawn comes back with the next good UPDATE, and not by a refresh")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    s.announce(n, origin=None)
    w.send(wire.refresh())
    b.alive(s, w)
    check(not b.has(w, n), "the route came")
    s.announce(n)
    b.sees(w, n)


# --- attribute discard

def discarded(b, who, extra, code, over=None):
    """The route passes, without the attribute and with all others."""
    s, w = b.up(who), b.up(WATCHER)
    n = b.route()
    s.announce(n, extra=extra, **(over or {}))
    r = b.sees(w, n)
    check(code not in r.attrs, f"the attribute passed: {r.attrs.get(code)}")
    check(wire.EXT_COMMUNITY in r.attrs, "another attribute was lost")
    b.alive(s, w)
    s.withdraw(n)


CASES.table([
    ("RFC 7606 7.6: ATOMIC_AGGREGATE of one octet", INTERNAL, attr(6, b"\0"), 6),
    ("RFC 7606 7.7: AGGREGATOR of six octets from a speaker of four", INTERNAL, attr(7, bytes(6)), 7),
    ("RFC 7606 7.7: AGGREGATOR of no octet", OUTSIDE, attr(7), 7),
    ("RFC 7606 7.7: AGGREGATOR of nine octets", INTERNAL, attr(7, AS4 + bytes(5)), 7),
    ("RFC 7607 2: AGGREGATOR of AS 0", INTERNAL, attr(7, bytes(4) + b"\1\2\3\4"), 7),
    ("RFC 7606 7.9: ORIGINATOR_ID from an external peer", OUTSIDE, attr(9, b"\1\2\3\4"), 9),
    ("RFC 7606 7.9: malformed ORIGINATOR_ID from an external peer", OUTSIDE, attr(9, b"\1\2"), 9),
    ("RFC 7606 7.10: CLUSTER_LIST from an external peer", OUTSIDE, attr(10, b"\1\2\3\4"), 10),
    ("RFC 7606 7.10: malformed CLUSTER_LIST from an external peer", OUTSIDE, attr(10, b"\1\2"), 10),
    ("RFC 6793 6: AS4_PATH from a speaker of four octets", INTERNAL, attr(17, wire.sequence(70000)), 17),
    ("RFC 6793 6: malformed AS4_PATH from a speaker of four octets", OUTSIDE, attr(17, b"\2\7"), 17),
    ("RFC 6793 6: AS4_AGGREGATOR from a speaker of four octets", INTERNAL, attr(18, wire.u32(70000) + bytes(4)), 18),
    ("RFC 6793 6: malformed AS4_AGGREGATOR from a speaker of four octets", INTERNAL, attr(18, bytes(3)), 18),
    ("RFC 4760 3: NEXT_HOP beside MP_REACH_NLRI is not looked at", INTERNAL, attr(3, b"\xc0\0\2\7"), 3),
    ("RFC 4271 9: an unknown optional non-transitive attribute", INTERNAL, attr(99, b"abc", 0x80), 99),
    ("RFC 4271 9: an unknown optional non-transitive attribute of 3000 octets", OUTSIDE, attr(99, bytes(3000), 0x80), 99),
    ("RFC 4271 9: an unknown optional non-transitive attribute of no octet", INTERNAL, attr(200, b"", 0x80), 200),
], discarded)


@CASES("RFC 7606 7.5: LOCAL_PREF from an external peer does not count, whatever its length")
def _(b):
    s, w = b.up(OUTSIDE), b.up(WATCHER)
    for value in (wire.u32(777), b"\1", bytes(9)):
        n = b.route()
        s.announce(n, local_pref=attr(5, value))
        r = b.sees(w, n)
        check(r.value(5) == wire.u32(100), f"LOCAL_PREF {r.value(5)}")


@CASES("RFC 7606 3g: an attribute twice: the first one counts")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    twice = attr(1, b"\1") + attr(5, wire.u32(7)) + attr(8, b"\0\1\0\2") + attr(8, b"\0\3\0\4") + attr(2, wire.sequence(5))
    s.announce(n, origin=attr(1, b"\2"), extra=twice)
    r = b.sees(w, n)
    got = [r.value(c) for c in (1, 2, 5, 8)]
    check(got == [b"\2", b"", wire.u32(100), b"\0\1\0\2"], f"{got}")
    b.alive(s, w)


@CASES("RFC 7606 3g: an unknown attribute twice, and a second one that is malformed")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n, m = b.route(), b.route()
    s.announce(n, extra=attr(99, b"first") + attr(99, b"second"))
    check(b.sees(w, n).value(99) == b"first", f"{w.routes[wire.key(n)].value(99)}")
    s.announce(m, extra=attr(8, b"\0\1\0\2") + attr(8, b"\0\3"))
    check(b.sees(w, m).value(8) == b"\0\1\0\2", "the second one counts")
    b.alive(s, w)


# --- session reset

def resets(b, make, subcodes=None, disable=True):
    """NOTIFICATION 3/subcode and the routes go; `disable`: or the family is disabled: the routes go, no more come."""
    s, w = b.fresh().establish(), b.up(WATCHER)
    n, data = b.route(), b""
    s.announce(n)
    b.sees(w, n)
    raw = make(s, n)
    if isinstance(raw, tuple):
        raw, data = raw
    s.send(raw)
    b.loses(w, n)
    if not disable:
        b.wait(lambda: s.closed, "the session stays")
    if s.closed or not b.hub.wait(lambda: s.closed, 0.2):
        check(s.closed or disable, "the session stays")
    if s.closed:
        good = s.notification and s.notification[0] == 3 and (subcodes is None or s.notification[1] in subcodes)
        check(good, f"expected 3/{subcodes}, got {s.why()}")
        check(not data or s.notification[2] == data, f"data {s.notification[2].hex()}, not {data.hex()}")
    s.close()


def well_known(s, n):
    unknown = attr(98, b"abc", 0x40)
    return wire.update(wire.mp_reach(n) + s.path(extra=unknown)), unknown


def reach(value):
    return attr(wire.MP_REACH, value)


HEAD = b"\0\x19\x46"
CASES.table([
    ("RFC 7606 3a: attributes longer than the message", lambda s, n: wire.update(s.path(), alen=500), (1,), False),
    ("RFC 7606 3a: withdrawn routes longer than the message", lambda s, n: wire.update(s.path(), wlen=900), (1,), False),
    ("RFC 7606 3a: both lengths too long", lambda s, n: wire.message(2, b"\xff\xff\xff\xff"), (1,), False),
    ("RFC 7606 3g: MP_REACH_NLRI twice",
     lambda s, n: wire.update(wire.mp_reach(n) + s.path() + wire.mp_reach(n)), (1,), False),
    ("RFC 7606 3g: MP_UNREACH_NLRI twice", lambda s, n: wire.update(wire.mp_unreach(n) + wire.mp_unreach(n)), (1,), False),
    ("RFC 4271 6.3: an unknown well-known attribute", well_known, (2,), False),
    ("RFC 7606 5.3: MP_REACH_NLRI flagged transitive", lambda s, n: wire.update(wire.mp_reach(n, flags=0xC0) + s.path())),
    ("RFC 7606 5.3: MP_REACH_NLRI flagged well-known", lambda s, n: wire.update(wire.mp_reach(n, flags=0x40) + s.path())),
    ("RFC 7606 5.3: MP_UNREACH_NLRI flagged transitive", lambda s, n: wire.update(wire.mp_unreach(n, flags=0xC0))),
    ("RFC 7606 7.11: a next hop of no octet", lambda s, n: wire.update(wire.mp_reach(n, b"") + s.path())),
    ("RFC 7606 7.11: a next hop of five octets", lambda s, n: wire.update(wire.mp_reach(n, b"\1" * 5) + s.path())),
    ("RFC 7606 7.11: a next hop of 12 octets", lambda s, n: wire.update(wire.mp_reach(n, b"\1" * 12) + s.path())),
    ("RFC 7606 7.11: a next hop that overruns the attribute", lambda s, n: wire.update(reach(HEAD + b"\xff" + n) + s.path())),
    ("RFC 4760 3: MP_REACH_NLRI of two octets", lambda s, n: wire.update(reach(b"\0\x19") + s.path())),
    ("RFC 4760 3: MP_REACH_NLRI that ends before the reserved octet",
     lambda s, n: wire.update(reach(HEAD + b"\4\1\2\3\4") + s.path())),
    ("RFC 4760 3: MP_REACH_NLRI of no octet", lambda s, n: wire.update(reach(b"") + s.path())),
    ("RFC 4760 4: MP_UNREACH_NLRI of two octets", lambda s, n: wire.update(attr(wire.MP_UNREACH, b"\0\x19"))),
    ("RFC 4760 4: MP_UNREACH_NLRI of no octet", lambda s, n: wire.update(attr(wire.MP_UNREACH))),
    ("RFC 7606 5.3: an NLRI that overruns MP_REACH_NLRI", lambda s, n: wire.update(wire.mp_reach(n + b"\2\x21abc") + s.path())),
    ("RFC 7606 5.3: an NLRI without length", lambda s, n: wire.update(wire.mp_reach(n + b"\2") + s.path())),
    ("RFC 7606 5.3: an NLRI that overruns MP_UNREACH_NLRI", lambda s, n: wire.update(wire.mp_unreach(n + b"\3\xff"))),
    ("RFC 7606 3h: one to treat as withdraw and one to reset",
     lambda s, n: wire.update(wire.mp_reach(n, b"\1" * 7) + s.path(origin=None))),
], resets)


# --- attributes that overrun, RFC 7606 4

@CASES("RFC 7606 4: the last attribute overruns the attributes: treat as withdraw")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    for tail in (b"\xc0\x08\x08\0\1", b"\xd0\x08\1\0\0\1", b"\xc0\x63", b"\xc0", b"\xd0\x63\0", b"\x40\1\2\0"):
        n = b.route()
        s.announce(n)
        b.sees(w, n)
        s.send(wire.update(wire.mp_reach(n) + s.path() + tail))
        b.wait(lambda n=n: not b.has(w, n), f"{tail.hex()}: the route stays")
        b.alive(s, w)


@CASES("RFC 7606 4: the attribute before MP_REACH_NLRI overruns it: withdraw or reset, never a route")
def _(b):
    s, w = b.fresh().establish(), b.up(WATCHER)
    n = b.route()
    broken = b"\xc0\x08\xff" + wire.mp_reach(n)
    s.send(wire.update(s.path() + broken))
    if not b.hub.wait(lambda: s.closed, 0.2):
        b.alive(s, w)
    check(not b.has(w, n), "the route came")
    s.close()


# --- NLRI

def skipped(b, raw):
    """An NLRI whose inside is wrong: nobody hears of it, and what stands beside it in the UPDATE is the RFCs' to decide;
    a session that stays carries on."""
    s, w = b.fresh().establish(), b.up(WATCHER)
    s.send(wire.update(wire.mp_reach(raw) + s.path()))
    if not b.hub.wait(lambda: s.closed, 0.1):
        b.alive(s, w)
    else:
        check(s.notification and s.notification[0] == 3, s.why())
    check(all(r.nlri != raw for r in w.routes.values()), "the malformed route was reflected")
    s.close()


def inside(at, value):
    """A type-2 NLRI (with IPv4) with octets replaced."""
    n = bytearray(wire.macip(77, "10.1.1.1"))
    n[at:at + len(value)] = value
    return bytes(n)


CASES.table([
    ("RFC 7432 7.2: a MAC length of 47", inside(24, b"\x2f")),
    ("RFC 7432 7.2: a MAC length of 0", inside(24, b"\0")),
    ("RFC 7432 7.2: an address length of 33", inside(31, b"\x21")),
    ("RFC 7432 7.2: an address length of 128 for four octets", inside(31, b"\x80")),
    ("RFC 7432 7.2: a route without label", wire.nlri(2, wire.macip(78)[2:-3])),
    ("RFC 7432 7.2: a route with half a label", wire.nlri(2, wire.macip(78)[2:-1])),
    ("RFC 7432 7.2: a route with three labels", wire.macip(78, labels=wire.label(1) * 3)),
    ("RFC 7432 7.2: a route of no octet", wire.nlri(2, b"")),
    ("RFC 7432 7.3: an address length of 24", wire.nlri(3, wire.rd(1) + bytes(4) + b"\x18" + bytes(4))),
    ("RFC 7432 7.3: an octet too many", wire.nlri(3, wire.imet("10.1.1.1")[2:] + b"\0")),
    ("RFC 7432 7.3: an octet too few", wire.nlri(3, wire.imet("10.1.1.1")[2:-1])),
    ("RFC 7432 7.1: an octet too many", wire.nlri(1, bytes(26))),
    ("RFC 7432 7.4: an octet too few", wire.nlri(4, wire.rd(1) + bytes(10) + b"\x20" + bytes(3))),
    ("RFC 9136 3.1: a prefix route of 35 octets", wire.nlri(5, bytes(35))),
    ("RFC 9136 3.1: an IPv4 prefix of 33 bits", wire.nlri(5, wire.rd(1) + bytes(14) + b"\x21" + bytes(11))),
], skipped)


@CASES("RFC 7606 5.4: a malformed route in the company of a good one: the good one of the next UPDATE passes")
def _(b):
    s, w = b.fresh().establish(), b.up(WATCHER)
    s.send(wire.update(wire.mp_reach(inside(24, b"\x2f")) + s.path()))
    n = b.route()
    if not b.hub.wait(lambda: s.closed, 0.1):
        s.announce(n)
        b.sees(w, n)
    s.close()


@CASES("RFC 4760 3: the reserved octet of MP_REACH_NLRI is not looked at")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    s.send(wire.update(wire.mp_reach(n, reserved=0xFF) + s.path()))
    b.sees(w, n)


@CASES("RFC 4760 3: MP_REACH_NLRI without a route, with and without other attributes")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    s.send(wire.update(wire.mp_reach(b"") + s.path()))
    s.send(wire.update(s.path()))
    b.alive(s, w)


@CASES("RFC 4760 3, RFC 7432 7: next hops of IPv4 and of IPv6 pass unchanged")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    for hop in ("192.0.2.200", "2001:db8::200"):
        n = b.route()
        s.announce(n, nexthop=hop)
        check(b.sees(w, n).nexthop == wire.ip(hop), f"{w.routes[wire.key(n)].nexthop.hex()}")


@CASES("RFC 4271 6.3, 5.1.3: a next hop that is the daemon's own address makes no route")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    s.announce(n, nexthop=b.daemon.address)
    b.alive(s, w)
    check(not b.has(w, n) or w.routes[wire.key(n)].nexthop == wire.ip(b.daemon.address), "the next hop was changed")


def foreign(b, attrs):
    """Routes of a family that was not agreed: nothing happens, or the family is refused; nobody hears of them."""
    s, w = b.fresh().establish(), b.up(WATCHER)
    s.send(wire.update(attrs + s.path()))
    b.alive(s, w)
    s.close()


CASES.table([
    ("RFC 4760 6: routes of IPv4 unicast in MP_REACH_NLRI", wire.mp_reach(b"\x18\x0a\0\0", family=(1, 1))),
    ("RFC 4760 6: routes of IPv6 unicast in MP_REACH_NLRI", wire.mp_reach(b"\x20\x20\1\x0d\xb8", "2001:db8::1", (2, 1))),
    ("RFC 4760 6: routes of a family nobody knows", wire.mp_reach(b"\1\2\3\4", family=(999, 99))),
    ("RFC 4760 6: garbage of a family nobody knows", attr(wire.MP_REACH, b"\3\xe7\x63\1\1\0\xff")),
    ("RFC 4760 6: withdrawn routes of a family nobody knows", wire.mp_unreach(b"\xff\xff", (999, 99))),
], foreign)


@CASES("RFC 4271: routes of IPv4 in the UPDATE itself, that nobody asked for, do no harm")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    s.send(wire.update(s.path(extra=attr(3, b"\xc0\0\2\1")), nlri=b"\x18\x0a\1\1"))
    s.send(wire.update(withdrawn=b"\x18\x0a\1\1"))
    s.send(wire.update(withdrawn=b"\x18\x0a\1\1\0"))
    b.alive(s, w)


@CASES("RFC 4271 4.3: a route both announced and withdrawn in one UPDATE is announced")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    for order in (1, -1):
        both_ways = b"".join([wire.mp_reach(n), wire.mp_unreach(n)][::order])
        s.send(wire.update(both_ways + s.path()))
        b.settle(s, w)
        check(b.has(w, n), "the withdrawal won")


@CASES("RFC 4760 5: announcements and withdrawals of different routes in one UPDATE")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    old, new = [b.route() for _ in range(3)], [b.route() for _ in range(3)]
    s.announce(*old)
    b.sees(w, *old)
    s.send(wire.update(wire.mp_reach(b"".join(new)) + s.path() + wire.mp_unreach(b"".join(old))))
    b.sees(w, *new)
    b.loses(w, *old)


@CASES("RFC 4271 4.3: withdrawing what was never announced does no harm")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    s.withdraw(b.route(), wire.imet("10.99.99.99"), wire.nlri(77, b"never"))
    b.alive(s, w)


@CASES("RFC 4271 4.3, RFC 7606 5.1: attributes in any order, MP_REACH_NLRI in the middle")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    attrs = [attr(99, b"x"), attr(16, wire.target(1, 2)), attr(5, wire.u32(55)), wire.mp_reach(n),
             attr(2, wire.sequence(1, 2)), attr(1, b"\1")]
    s.send(wire.update(b"".join(attrs)))
    r = b.sees(w, n)
    check((r.value(1), r.value(2), r.value(5)) == (b"\1", wire.sequence(1, 2), wire.u32(55)), f"{r.attrs}")


@CASES("RFC 4271 4.3: unused flag bits and needless extended lengths are not looked at")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    odd = struct.pack("!BBB", 0x4F, 1, 1) + b"\0"
    s.announce(n, origin=odd, as_path=attr(2, b"", extended=True), local_pref=attr(5, wire.u32(100), extended=True))
    b.sees(w, n)
    s.send(wire.update(wire.mp_reach(b.route(), extended=True) + s.path()))
    b.alive(s, w)


@CASES("RFC 4271 5.1.5: LOCAL_PREF missing from an internal peer: the route passes with one, or is withdrawn")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n = b.route()
    s.announce(n, local_pref=None)
    b.settle(s, w)
    check(not b.has(w, n) or w.routes[wire.key(n)].value(5) == wire.u32(100), "no LOCAL_PREF")


@CASES("RFC 4271 6.3, 9.1.2: an AS_PATH of 3000 AS, and one of 1024 segments")
def _(b):
    s, w = b.fresh(extmsg=True).establish(), b.speaker(b.fresh().local, extmsg=True).establish()
    for count, size in ((12, 250), (1024, 1)):
        n = b.route()
        path = [wire.segment(2, range(1 + size * i, 1 + size * (i + 1))) for i in range(count)]
        s.announce(n, as_path=attr(2, b"".join(path)))
        got = [a for kind, seg in wire.segments(b.sees(w, n).value(2)) for a in seg if kind == 2]
        check(got == list(range(1, 1 + size * count)), "the path was changed")  # segments may be joined
    s.close()
    w.close()


@CASES("RFC 9774 3: AS_SET is treated as withdrawn, or (RFC 4271, as evpnd does it) passes unchanged")
def _(b):
    s, w = b.up(INTERNAL), b.up(WATCHER)
    n, path = b.route(), wire.sequence(65001) + wire.segment(1, [65002, 65003])
    s.announce(n, as_path=attr(2, path))
    b.settle(s, w)
    check(not b.has(w, n) or w.routes[wire.key(n)].value(2) == path, "the path was changed")


@CASES("show: what was treated as withdrawn and discarded is counted")
def _(b):
    stats = b.daemon.neighbor(b.address(INTERNAL)).get("prefixStats", {})
    check(stats.get("attributesDiscarded", 0) > 0, f"{stats}")
