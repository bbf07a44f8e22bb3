# SPDX-License-Identifier: ISC
"""Route reflection (RFC 4456): who is told what, what is added, what is left as it was, which loops are refused."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 16
CASES = Cases()
EXTERNAL = 65101
CLUSTER = "10.255.0.1"
A, B, C, N1, N2, OUT, TOGGLE = 1, 2, 3, 11, 12, 21, 31


def setup(b):
    b.defaults[b.address(OUT)] = {"asn": EXTERNAL}
    b.defaults[b.address(B)] = {"ident": "10.7.7.7", "err": True}
    b.defaults[b.address(N1)] = {"err": True}
    client, plain = ["remote-as 65000", "evpn:route-reflector-client"], ["remote-as 65000"]
    b.start(conf(lines=["bgp graceful-restart-disable", f"bgp cluster-id {CLUSTER}"],
                 neighbors={b.address(A): client, b.address(B): client, b.address(C): client, b.address(TOGGLE): plain,
                            b.address(N1): plain, b.address(N2): plain,
                            b.address(OUT): [f"remote-as {EXTERNAL}", "disable-connected-check"]}))


# --- who is told

def told(b, sender, hear, not_hear):
    """A route of the sender reaches exactly these, and so does its withdrawal."""
    s, yes, no = b.up(sender), [b.up(n) for n in hear], [b.up(n) for n in not_hear]
    n = b.route()
    s.announce(n)
    for p in yes:
        b.sees(p, n)
    b.settle(s, *yes)
    for p in no:
        check(not b.has(p, n), f"{p.local} hears of it")
    check(not b.has(s, n), "the sender hears of its own route")
    s.withdraw(n)
    for p in yes:
        b.loses(p, n)
    b.settle(s, *yes)
    check(not any(e[-1] == wire.key(n) for p in no + [s] for e in p.events), "who was told nothing is told of the end")


CASES.table([
    ("RFC 4456 6: a client's route goes to clients, non-clients and external peers, not back", A, (B, C, N1, N2, OUT), ()),
    ("RFC 4456 6: a non-client's route goes to clients and external peers only", N1, (A, B, C, OUT), (N2,)),
    ("RFC 4456 6: an external peer's route goes to everybody", OUT, (A, B, C, N1, N2), ()),
], told)


def without_reflection(b, n, m):
    """B can be told by an enhanced refresh what it may not keep; for C it may take a new session."""
    b.wait(lambda: not b.has(b.up(B), n) and not b.has(b.up(C), n), "a client keeps the route")
    for p in (N1, OUT):
        b.sees(b.up(p), n)
    b.sees(b.up(C), m)
    a, later = b.up(A), b.route()
    if a.closed:
        a = b.up(A)
    a.announce(n, later)
    b.sees(b.up(N1), later)
    b.settle(a, b.up(N1))
    check(not b.has(b.up(B), later) and not b.has(b.up(C), later), "a later one is reflected")
    return later


@CASES("RFC 4456 6: `no bgp client-to-client reflection` and back, with routes that are there")
def _(b):
    a, c, n1 = b.up(A), b.up(C), b.up(N1)
    n, m = b.route(), b.route()
    a.announce(n)
    n1.announce(m)
    b.sees(c, n, m)
    b.daemon.configure("no bgp client-to-client reflection")
    b.hub.run(0.2)
    b.up(A).announce(n)  # perhaps in a new session
    try:
        later = without_reflection(b, n, m)
    finally:
        b.daemon.configure("bgp client-to-client reflection")
    b.hub.run(0.2)
    b.up(A).announce(n, later)
    b.wait(lambda: b.has(b.up(B), n, later) and b.has(b.up(C), n, later), "the routes do not come back")
    check(not b.up(B).notification, "an enhanced refresh would have done")
    b.up(A).withdraw(n, later)
    n1.withdraw(m)
    b.loses(b.up(C), n, later, m)


@CASES("RFC 4456 6: a peer that becomes a client, and stops being one")
def _(b):
    t, n1, n2 = b.up(TOGGLE), b.up(N1), b.up(N2)
    n, m = b.route(), b.route()
    n1.announce(n)
    t.announce(m)
    b.settle(n1, b.up(A))
    check(not b.has(t, n) and not b.has(n2, m), "reflected between non-clients")
    line = f"neighbor {t.local} route-reflector-client"
    b.daemon.configure("address-family l2vpn evpn", line)
    b.hub.run(0.2)
    b.up(TOGGLE).announce(m)  # perhaps in a new session
    b.wait(lambda: b.has(b.up(TOGGLE), n), "nothing is reflected to it")
    b.sees(n2, m)
    b.daemon.configure("address-family l2vpn evpn", "no " + line)
    b.hub.run(0.2)
    b.up(TOGGLE).announce(m)
    b.wait(lambda: not b.has(b.up(TOGGLE), n), "still reflected to it")
    b.loses(n2, m)
    b.settle(n1, b.up(A))
    check(not b.has(b.up(TOGGLE), n) and not b.has(n2, m), "reflected again")
    n1.withdraw(n)


@CASES("RFC 4456 6: a peer that joins late hears of all that is there, and then End-of-RIB")
def _(b):
    a = b.up(A)
    routes = [b.route() for _ in range(300)]
    a.announce(*routes[:100])
    a.announce(*routes[100:])
    b.sees(b.up(B), *routes)
    b.up(C).close()
    b.hub.run(0.1)
    c = b.up(C)
    b.wait(lambda: c.eors, "no End-of-RIB")
    check(b.has(c, *routes), "End-of-RIB before the routes")
    check(c.eors == 1 and c.events[-1] == ("eor",), "End-of-RIB is not the end, or not one")
    a.withdraw(*routes)
    b.loses(c, *routes)


# --- what is added

@CASES("RFC 4456 8: ORIGINATOR_ID is the identifier of who announced it, CLUSTER_LIST ours")
def _(b):
    for sender, ident in ((A, b.address(A)), (B, "10.7.7.7"), (N1, b.address(N1))):
        n = b.route()
        b.up(sender).announce(n)
        r = b.sees(b.up(C), n)
        check(r.value(wire.ORIGINATOR_ID) == wire.ip(ident), f"ORIGINATOR_ID {r.value(wire.ORIGINATOR_ID)}")
        check(r.value(wire.CLUSTER_LIST) == wire.ip(CLUSTER), f"CLUSTER_LIST {r.value(wire.CLUSTER_LIST)}")
        b.up(sender).withdraw(n)


@CASES("RFC 4456 8: an ORIGINATOR_ID that is there stays, our cluster is prepended to the list")
def _(b):
    n, clusters = b.route(), wire.ip("10.1.1.1") + wire.ip("10.2.2.2")
    b.up(A).announce(n, extra=attr(9, wire.ip("10.3.3.3")) + attr(10, clusters))
    r = b.sees(b.up(C), n)
    check(r.value(9) == wire.ip("10.3.3.3"), f"ORIGINATOR_ID {r.value(9)}")
    check(r.value(10) == wire.ip(CLUSTER) + clusters, f"CLUSTER_LIST {r.value(10)}")
    b.up(A).withdraw(n)


@CASES("RFC 4456 8: a CLUSTER_LIST beyond 255 octets")
def _(b):
    clusters = b"".join(wire.ip(f"10.9.{i}.1") for i in range(63))
    n = b.route()
    b.up(A).announce(n, extra=attr(9, wire.ip("10.3.3.3")) + attr(10, clusters))
    check(b.sees(b.up(C), n).value(10) == wire.ip(CLUSTER) + clusters, "the list is wrong")
    b.up(A).withdraw(n)


@CASES("RFC 4456 8: routes of an external peer go inside without ORIGINATOR_ID and CLUSTER_LIST")
def _(b):
    n = b.route()
    b.up(OUT).announce(n)
    for p in (A, N1):
        r = b.sees(b.up(p), n)
        check(9 not in r.attrs and 10 not in r.attrs, f"{r.attrs}")
    b.up(OUT).withdraw(n)


@CASES("RFC 4456 10: a reflector changes no attribute: next hop, AS_PATH, LOCAL_PREF, MED, communities")
def _(b):
    n = b.route()
    given = {1: b"\1", 2: wire.sequence(65010, 65011), 4: wire.u32(0xFFFFFFFF), 5: wire.u32(0), 6: b"",
             7: wire.u32(4200000000) + wire.ip("1.2.3.4"), 8: b"\xfd\xe8\0\2\xfd\xe8\0\1", 16: wire.target(1, 2)
             + bytes([3, 12]) + bytes(4) + b"\0\x08" + bytes([6, 3]) + b"\2\0\0\0\0\1" + wire.target(65000, 9),
             22: b"\0\6" + wire.label(100) + wire.ip("10.1.1.1"), 25: bytes([0, 2]) + bytes(16) + b"\0\1",
             32: wire.u32(1) + wire.u32(2) + wire.u32(3)}
    s = b.up(A)
    s.send(wire.update(wire.mp_reach(n, "198.51.100.7") + b"".join(attr(c, v) for c, v in given.items())))
    for p in (B, N1):
        r = b.sees(b.up(p), n)
        check(r.nexthop == wire.ip("198.51.100.7"), f"next hop {r.nexthop.hex()}")
        for code, value in given.items():
            got = r.value(code)
            if code in (8, 16, 32) and got:  # sets: the order says nothing
                size = {8: 4, 16: 8, 32: 12}[code]
                got, value = [sorted(v[i:i + size] for i in range(0, len(v), size)) for v in (got, value)]
            check(got == value, f"attribute {code}: {r.value(code)}")
    s.withdraw(n)


# --- loops

def loop(b, sender, extra):
    """A route that came round is not taken, and one that is replaced by it goes."""
    s, w = b.up(sender), b.up(C)
    n, m = b.route(), b.route()
    s.announce(n, extra=extra)
    s.announce(m)
    b.sees(w, m)
    b.settle(s, w)
    check(not b.has(w, n), "the looped route is reflected")
    s.announce(m, extra=extra)
    b.loses(w, m)
    s.announce(m)
    b.sees(w, m)
    s.withdraw(m)
    b.alive(s, w)


CASES.table([
    ("RFC 4456 8: our cluster in front of CLUSTER_LIST", A, attr(9, b"\1\1\1\1") + attr(10, wire.ip(CLUSTER))),
    ("RFC 4456 8: our cluster in the middle of CLUSTER_LIST", N1,
     attr(9, b"\1\1\1\1") + attr(10, b"\2\2\2\2" + wire.ip(CLUSTER) + b"\3\3\3\3")),
    ("RFC 4456 8: our cluster at the end of CLUSTER_LIST", A, attr(10, b"\2\2\2\2" * 80 + wire.ip(CLUSTER))),
    ("RFC 4456 8: our identifier as ORIGINATOR_ID", A, attr(9, wire.ip("10.0.0.100")) + attr(10, b"\2\2\2\2")),
    ("RFC 4456 8: our identifier as ORIGINATOR_ID, alone, of a non-client", N1, attr(9, wire.ip("10.0.0.100"))),
], loop)


@CASES("RFC 4456 8: the router's identifier in CLUSTER_LIST is no loop when the cluster has another")
def _(b):
    n = b.route()
    b.up(A).announce(n, extra=attr(9, b"\1\1\1\1") + attr(10, wire.ip("10.0.0.100")))
    b.sees(b.up(C), n)
    b.up(A).withdraw(n)


@CASES("RFC 4271 9.1.2: our own AS in the AS_PATH of an internal peer")
def _(b):
    s, w = b.up(A), b.up(C)
    n = b.route()
    s.announce(n, as_path=attr(2, wire.sequence(65010, 65000)))
    b.settle(s, w)
    check(not b.has(w, n), "the looped route is reflected")


# --- unknown things pass untouched

@CASES("RFC 4271 5: unknown optional transitive attributes are passed on with the Partial bit, byte for byte")
def _(b):
    s, w = b.up(A), b.up(C)
    given = {40: b"", 99: b"abc", 128: bytes(range(256)), 200: b"\xff" * 255, 254: b"x" * 1000, 255: b"\0"}
    n = b.route()
    s.announce(n, extra=b"".join(attr(c, v) for c, v in given.items()))
    r = b.sees(w, n)
    for code, value in given.items():
        check(r.attrs.get(code) == (0xE0, value), f"attribute {code}: {r.attrs.get(code)}")
    m = b.route()
    s.announce(m, extra=attr(99, b"partial", 0xE0))
    check(b.sees(w, m).attrs[99] == (0xE0, b"partial"), f"{w.routes[wire.key(m)].attrs[99]}")
    s.withdraw(n, m)


@CASES("RFC 4271 5: unknown attributes are passed on to external peers too; the Partial bit of known ones stays")
def _(b):
    n = b.route()
    b.up(A).announce(n, extra=attr(99, b"abc") + attr(8, b"\0\1\0\2", 0xE0))
    r = b.sees(b.up(OUT), n)
    check(r.attrs.get(99) == (0xE0, b"abc"), f"{r.attrs.get(99)}")
    check(r.attrs.get(8) == (0xE0, b"\0\1\0\2"), f"{r.attrs.get(8)}")
    b.up(A).withdraw(n)


@CASES("RFC 4271 5: routes that differ only in an unknown attribute keep their own")
def _(b):
    s, w = b.up(A), b.up(C)
    routes = [b.route() for _ in range(20)]
    for i, n in enumerate(routes):
        s.announce(n, extra=attr(99, bytes([i])))
    b.sees(w, *routes)
    for i, n in enumerate(routes):
        check(w.routes[wire.key(n)].value(99) == bytes([i]), f"route {i} has {w.routes[wire.key(n)].value(99)}")
    s.withdraw(*routes)


@CASES("RFC 7432 7: routes of unknown types are reflected byte for byte, and withdrawn")
def _(b):
    s, w, late = b.up(A), b.up(C), None
    bodies = [b"", b"x", bytes(range(22)), b"\xff" * 254]
    routes = [wire.nlri(kind, body) for kind in (0, 6, 7, 8, 9, 10, 11, 12, 99, 254, 255) for body in bodies]
    for n in routes:
        s.announce(n)
    for n in routes:
        b.sees(w, n)
    check(all(w.routes[n].nlri == n for n in routes), "bytes were changed")
    b.up(N1).close()
    b.hub.run(0.1)
    late = b.up(N1)
    b.wait(lambda: late.eors, "no End-of-RIB")
    check(b.has(late, *routes), "a late peer misses some")
    s.withdraw(*routes[::2])
    b.loses(w, *routes[::2])
    b.settle(s, w)
    check(b.has(w, *routes[1::2]), "more was withdrawn than asked")
    s.withdraw(*routes[1::2])
    b.loses(w, *routes)


@CASES("RFC 7432 7: the longest route there can be does no harm")
def _(b):
    s, w = b.up(A), b.up(C)
    n = wire.nlri(77, b"\xff" * 255)
    s.announce(n)
    b.alive(s, w)
    check(not b.has(w, n) or w.routes[n].nlri == n, "bytes were changed")
    s.withdraw(n)
    b.alive(s, w)


def exactly(b, *routes):
    s, w = b.up(A), b.up(C)
    for n in routes:
        s.announce(n)
        r = b.sees(w, n)
        check(r.nlri == n, f"{r.nlri.hex()}, not {n.hex()}")
    s.withdraw(*routes)
    b.loses(w, *routes)


ESI = bytes.fromhex("03022222222222000007")
CASES.table([
    ("RFC 7432 7.1: Ethernet A-D routes per ES and per EVI, byte for byte",
     wire.nlri(1, wire.rd(5) + ESI + b"\xff" * 4 + bytes(3)), wire.nlri(1, wire.rd(5) + ESI + wire.u32(7) + b"\x12\x34\x5f")),
    ("RFC 7432 7.2: MAC routes of every shape, byte for byte",
     wire.macip(900, esi=ESI, tag=0xFFFFFFFF), wire.macip(901, "10.1.2.3", labels=b"\0\x27\x1f\xff\xff\xff"),
     wire.macip(902, "2001:db8::1", esi=b"\xff" * 10, labels=b"\0\0\0"), wire.macip(903, "0.0.0.0"),
     wire.macip(904, "::", labels=wire.label(1) + wire.label(2))),
    ("RFC 7432 7.3: inclusive multicast routes of both families, byte for byte",
     wire.imet("10.1.1.9"), wire.imet("2001:db8::9", tag=0x01020304)),
    ("RFC 7432 7.4: Ethernet segment routes, byte for byte",
     wire.nlri(4, wire.rd(1) + ESI + b"\x20" + wire.ip("10.1.1.9")), wire.nlri(4, wire.rd(1) + ESI + b"\x80" + bytes(15) + b"\1")),
    ("RFC 9136 3.1: prefix routes of both families, byte for byte",
     wire.nlri(5, wire.rd(1) + bytes(14) + b"\x18" + b"\x0a\1\1\0" + bytes(4) + wire.label(5001)),
     wire.nlri(5, wire.rd(1) + ESI + wire.u32(5) + b"\0" + bytes(4) + wire.ip("10.9.9.1") + wire.label(1)),
     wire.nlri(5, wire.rd(1) + bytes(14) + b"\x40" + wire.ip("2001:db8::") + bytes(16) + wire.label(5001))),
    ("RFC 4364 4.2: route distinguishers of every type, known or not",
     *[wire.nlri(3, wire.u16(kind) + b"\1\2\3\4\5\6" + bytes(4) + b"\x20\x0a\0\0\1") for kind in (0, 1, 2, 3, 0xFFFF)]),
], exactly)


# --- keys

@CASES("RFC 7432 7: ESI and labels are no part of the key: an announcement with others replaces, once")
def _(b):
    s, w = b.up(A), b.up(C)
    number = 0x500000
    first, second = wire.macip(number, "10.1.2.3"), wire.macip(number, "10.1.2.3", esi=ESI, labels=wire.label(7) + wire.label(8))
    s.announce(first)
    b.sees(w, first)
    start = len(w.events)
    s.announce(second)
    b.wait(lambda: w.routes[wire.key(first)].nlri == second, "the new one is not reflected")
    b.settle(s, w)
    mine = [e for e in w.events[start:] if e[-1] == wire.key(first)]
    check(mine == [("reach", wire.key(first))], f"told as {mine}")
    s.withdraw(first)  # with the old ESI and label
    b.loses(w, second)


@CASES("RFC 7432 7: RD, tag, MAC, address and its absence are parts of the key")
def _(b):
    s, w = b.up(A), b.up(C)
    n = 0x500100
    routes = [wire.macip(n), wire.macip(n, "10.0.0.1"), wire.macip(n, "10.0.0.2"), wire.macip(n, "::1"),
              wire.macip(n, dist=8), wire.macip(n, tag=1), wire.macip(n + 1), wire.macip(n, "0.0.0.0"), wire.macip(n, "::")]
    s.announce(*routes)
    b.sees(w, *routes)
    for i, r in enumerate(routes):
        s.withdraw(r)
        b.loses(w, r)
        b.settle(s, w)
        check(b.has(w, *routes[i + 1:]), f"withdrawing route {i} took others")


@CASES("RFC 9136 3: gateway, ESI and label of a prefix route are no part of the key")
def _(b):
    s, w = b.up(A), b.up(C)
    head = wire.rd(1) + bytes(10) + wire.u32(0) + b"\x18\x0a\x77\1\0"
    one, two = wire.nlri(5, head + bytes(4) + wire.label(1)), wire.nlri(5, head + b"\x0a\1\1\1" + wire.label(2))
    s.announce(one)
    b.sees(w, one)
    s.announce(two)
    b.wait(lambda: w.routes[wire.key(one)].nlri == two, "the new one is not reflected")
    s.withdraw(one)
    b.loses(w, two)


# --- changes

@CASES("RFC 4271 9.2: an announcement that changes nothing is not passed on")
def _(b):
    s, w = b.up(A), b.up(C)
    n = b.route()
    s.announce(n)
    b.sees(w, n)
    count = w.events.count(("reach", wire.key(n)))
    for _ in range(5):
        s.announce(n)
    b.settle(s, w)
    check(w.events.count(("reach", wire.key(n))) == count, "it is told again")
    s.withdraw(n)


@CASES("RFC 4271 9.2: a change of any attribute is passed on")
def _(b):
    s, w = b.up(A), b.up(C)
    n = b.route()
    for over in ({}, {"origin": attr(1, b"\1")}, {"med": attr(4, wire.u32(5))}, {"local_pref": attr(5, wire.u32(9))},
                 {"as_path": attr(2, wire.sequence(7))}, {"targets": attr(16, wire.target(1, 5))}, {"extra": attr(99, b"1")},
                 {"extra": attr(99, b"2")}, {"extra": attr(22, b"\0\6\0\0\1\1\2\3\4")}, {"extra": attr(32, bytes(12))}):
        count = w.events.count(("reach", wire.key(n)))
        s.announce(n, **over)
        b.wait(lambda count=count: w.events.count(("reach", wire.key(n))) > count, f"{over} is not passed on")
    s.announce(n, nexthop="192.0.2.9")
    b.wait(lambda: b.hop(w, n) == "192.0.2.9", "the next hop is not passed on")
    s.withdraw(n)


@CASES("RFC 4456 6: when the best path moves its old source hears of the new one, the new source of neither")
def _(b):
    a, p, w = b.up(A), b.up(B), b.up(C)
    n = b.route()
    a.announce(n, local_pref=attr(5, wire.u32(200)), nexthop="192.0.2.3")
    b.sees(p, n)
    p.announce(n, local_pref=attr(5, wire.u32(300)), nexthop="192.0.2.2")
    b.wait(lambda: b.has(a, n) and b.hop(w, n) == "192.0.2.2", "the better path is not told")
    b.wait(lambda: not b.has(p, n), "the new source keeps the other's path")
    check(("unreach", wire.key(n)) not in w.events, "the bystander was told a withdrawal")
    p.withdraw(n)
    b.wait(lambda: b.has(p, n) and not b.has(a, n), "the first path does not come back")
    b.wait(lambda: b.hop(w, n) == "192.0.2.3", "the first path does not come back")
    a.withdraw(n)
    b.loses(w, n)
    b.loses(p, n)


@CASES("RFC 4456 6: a client's best path replaced by a non-client's is withdrawn from non-clients")
def _(b):
    a, n1, n2, w = b.up(A), b.up(N1), b.up(N2), b.up(C)
    n = b.route()
    a.announce(n, nexthop="192.0.2.3")
    b.sees(n2, n)
    n1.announce(n, local_pref=attr(5, wire.u32(300)), nexthop="192.0.2.2")
    b.wait(lambda: b.hop(w, n) == "192.0.2.2", "the better path is not told")
    b.loses(n2, n)
    n1.withdraw(n)
    b.sees(n2, n)
    a.withdraw(n)
    b.loses(n2, n)


@CASES("a session that ends takes its paths with it, and only them")
def _(b):
    a, p, w = b.up(A), b.up(B), b.up(C)
    only, shared = [b.route() for _ in range(200)], [b.route() for _ in range(200)]
    p.announce(*only[:100])
    p.announce(*only[100:])
    for s in (a, p):
        s.announce(*shared[:100], nexthop="192.0.2.5" if s is p else "192.0.2.6",
                   local_pref=attr(5, wire.u32(100 if s is a else 200)))
        s.announce(*shared[100:], nexthop="192.0.2.5" if s is p else "192.0.2.6")
    b.sees(w, *only, *shared)
    b.wait(lambda: w.routes[wire.key(shared[0])].nexthop == wire.ip("192.0.2.5"), "the better path is not told")
    p.close(reset=True)
    b.loses(w, *only)
    b.wait(lambda: all(b.hop(w, n) == "192.0.2.6" for n in shared), "the others' paths are not used")
    a.withdraw(*shared[:100])
    a.withdraw(*shared[100:])
    b.loses(w, *shared)


@CASES("show: the table, the counts of each peer and what is advertised agree with the wire")
def _(b):
    a, w = b.up(A), b.up(C)
    b.settle(a, w)
    routes = [b.route() for _ in range(7)]
    before = b.daemon.summary()
    a.announce(*routes)
    b.sees(w, *routes)
    after = b.daemon.summary()
    check(after[a.local]["pfxRcd"] - before[a.local]["pfxRcd"] == 7, "pfxRcd of the sender")
    check(after[w.local]["pfxSnt"] - before[w.local]["pfxSnt"] == 7, "pfxSnt of a receiver")
    check(after[w.local]["state"] == "Established", "state")
    table = b.daemon.show("show bgp l2vpn evpn route")
    mine = [p for rd in table.values() if isinstance(rd, dict) for p in rd if p.startswith("[2]:[0]:[48]:[02:00:00:10")]
    check(len(mine) >= 7, f"{len(mine)} routes in the table")
    a.withdraw(*routes)
    b.loses(w, *routes)
