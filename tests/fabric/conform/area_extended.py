# SPDX-License-Identifier: ISC
"""Extended messages (RFC 8654): who may send them, who must not be sent them, and routes that fit only there."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 24
CASES = Cases()
A, BIG, SMALL, SMALL2, OUT = 1, 2, 3, 4, 21
UNKNOWN = 0x77


def setup(b):
    for n in (A, BIG):
        b.defaults[b.address(n)] = {"extmsg": True}
    b.defaults[b.address(OUT)] = {"asn": 65101}
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    neighbors = {b.address(n): client for n in (A, BIG, SMALL, SMALL2)}
    neighbors[b.address(OUT)] = ["remote-as 65101", "disable-connected-check"]
    neighbors["IN"] = ["peer-group", "remote-as internal", "evpn:route-reflector-client"]
    b.start(conf(lines=["bgp graceful-restart-disable", "bgp listen limit 200"], neighbors=neighbors,
                 listen={b.range(): "IN"}))


def filler(size):
    """An attribute that makes a path so long."""
    return attr(UNKNOWN, bytes(i & 0xFF for i in range(size)), flags=0xC0)


def long_update(s, size, *nlri):
    """An UPDATE of exactly that many octets."""
    head = wire.mp_reach(b"".join(nlri)) + s.path()
    data = wire.update(head + filler(size - wire.HEADER - 4 - len(head) - 4))
    assert len(data) == size, len(data)
    return data


@CASES("RFC 8654 4: an UPDATE of 4097, 20000 and 65535 octets is taken from who offered it")
def _(b):
    a, w = b.up(A), b.up(BIG)
    # What is reflected grows by ORIGINATOR_ID and CLUSTER_LIST, so the longest of all need not get through.
    for size in (4097, 20000, 65000):
        n = b.route()
        a.send(long_update(a, size, n))
        r = b.sees(w, n)
        check(r.value(UNKNOWN) == bytes(i & 0xFF for i in range(len(r.value(UNKNOWN)))), "the attribute changed")
        a.withdraw(n)
        b.loses(w, n)
    a.send(long_update(a, 65535, b.route()))
    b.alive(a, w)


@CASES("RFC 8654 4: the capability says what its sender takes: as we offered it, long ones are taken from anybody")
def _(b):
    w, n, m = b.up(BIG), b.route(), b.route()
    s = b.fresh().establish()
    s.send(long_update(s, 4096, n))
    s.send(long_update(s, 4097, m))
    b.sees(w, n, m)
    s.close()
    b.loses(w, n, m)


@CASES("RFC 8654 4: KEEPALIVE stays as it is, and OPEN never gets longer")
def _(b):
    s = b.fresh(extmsg=True).establish()
    s.send(wire.message(wire.KEEPALIVE, bytes(5000)))
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (1, 2), s.why())


@CASES("RFC 8654 4: a long NOTIFICATION is understood")
def _(b):
    s = b.fresh(extmsg=True).establish()
    s.send(wire.notification(6, 2, b"\x80" + b"x" * 128 + bytes(6000)))
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification is None, f"answered with {s.why()}")


@CASES("RFC 8654 4: many routes of one path come in long messages only to who offered them")
def _(b):
    a, big, small = b.up(A), b.up(BIG), b.up(SMALL)
    routes = [b.route() for _ in range(1500)]
    a.send(wire.update(wire.mp_reach(b"".join(routes)) + a.path()))
    b.sees(big, *routes)
    b.sees(small, *routes)
    check(small.largest <= 4096, f"{small.largest} octets to who cannot take them")
    a.send(wire.update(wire.mp_unreach(b"".join(routes))))
    b.loses(big, *routes)
    b.loses(small, *routes)
    check(small.largest <= 4096, f"{small.largest} octets to who cannot take them")


@CASES("RFC 8654 4: a route whose path does not fit 4096 octets is not told to who takes no more, and others are")
def _(b):
    a, big, smalls = b.up(A), b.up(BIG), [b.up(SMALL), b.up(SMALL2), b.up(OUT)]
    n, after = b.route(), b.route()
    a.send(long_update(a, 9000, n))
    a.announce(after)
    b.sees(big, n, after)
    for s in smalls:
        b.sees(s, after)
        b.settle(a, s)
        check(not b.has(s, n), f"{s.local} is told of it")
        check(not s.closed, f"{s.local}: {s.why()}")
    a.withdraw(n, after)
    b.loses(big, n, after)


@CASES("RFC 8654 4: a path that grows beyond 4096 octets is withdrawn from who takes no more, and comes back")
def _(b):
    a, big, small = b.up(A), b.up(BIG), b.up(SMALL)
    n = b.route()
    for _ in range(2):
        a.announce(n)
        b.sees(small, n)
        a.send(long_update(a, 9000, n))
        b.loses(small, n)
        b.wait(lambda: big.routes[wire.key(n)].value(UNKNOWN) is not None, "who could take it does not get it")
    a.announce(n)
    b.sees(small, n)
    a.withdraw(n)
    b.loses(small, n)
    b.loses(big, n)


@CASES("RFC 8654 4: who joins late is told what fits, and End-of-RIB")
def _(b):
    a = b.up(A)
    n, other = b.route(), b.route()
    a.send(long_update(a, 5000, n))
    a.announce(other)
    b.sees(b.up(BIG), n, other)
    small, big = b.fresh().establish(), b.fresh(extmsg=True).establish()
    for s in (small, big):
        b.wait(lambda s=s: s.eors, "no End-of-RIB")
        check(b.has(s, other), "the other route is missing")
    check(b.has(big, n) and not b.has(small, n), "the long one")
    a.withdraw(n, other)
    b.loses(b.up(BIG), n, other)


@CASES("paths around the edge of 4096 octets: each is told whole or not at all")
def _(b):
    a, big, small = b.up(A), b.up(BIG), b.up(SMALL)
    routes = [b.route() for _ in range(100)]
    for i, n in enumerate(routes):
        a.send(long_update(a, 4116 - 4 * len(routes) + 4 * i, n))
    b.sees(big, *routes)
    b.settle(a, small)
    told = [b.has(small, n) for n in routes]
    check(any(told) and not all(told), f"{sum(told)} of {len(told)} are told")
    check(sorted(told, reverse=True) == told, "a longer one is told, a shorter one is not")
    for n in routes:
        a.withdraw(n)
    b.loses(big, *routes)
    b.loses(small, *routes)
