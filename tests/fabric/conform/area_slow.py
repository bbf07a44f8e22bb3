# SPDX-License-Identifier: ISC
"""Peers that do not read: what they cost, what the others notice, and what they know in the end.

The send hold timer (RFC 9687) is eight minutes at least, so it is tested where there is a clock of its own
(tests/unit/check_fsm).
"""
import socket

import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 25
CASES = Cases()
A, W = 1, 2
SMALL_BUFFER = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16),)
ROUNDS, ROUTES, PER_UPDATE = 30, 4000, 100


def setup(b):
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    neighbors = {b.address(n): client for n in (A, W)}
    neighbors["IN"] = ["peer-group", "remote-as internal", "evpn:route-reflector-client"]
    b.start(conf(lines=["bgp graceful-restart-disable", "bgp listen limit 200"], neighbors=neighbors,
                 listen={b.range(): "IN"}))


def deaf(b, **options):
    """A session that is up and reads no more."""
    s = b.fresh(**options).connect(SMALL_BUFFER)
    s.say_open()
    b.wait(lambda: s.eors or s.closed, "no End-of-RIB")
    s.reading = False
    return s


def tell(a, routes, value):
    for i in range(0, len(routes), PER_UPDATE):
        a.announce(*routes[i:i + PER_UPDATE], med=attr(wire.MED, wire.u32(value)))


def told(b, who, routes, value):
    want = wire.u32(value)
    b.wait(lambda: b.has(who, *routes) and all(who.routes[wire.key(n)].value(wire.MED) == want for n in routes),
           f"{who.local} does not have the last of it", 60)


def forget(b, a, routes, *watchers):
    for i in range(0, len(routes), PER_UPDATE):
        a.withdraw(*routes[i:i + PER_UPDATE])
    for w in watchers:
        b.loses(w, *routes)


@CASES("one that does not read: the others hear everything, memory stays, and in the end it knows the last of all")
def _(b):
    a, w = b.up(A), b.up(W)
    slow = [deaf(b) for _ in range(3)]
    routes = [b.route() for _ in range(ROUTES)]
    tell(a, routes, 0)
    told(b, w, routes, 0)
    before = b.daemon.resident()
    for i in range(1, ROUNDS):
        tell(a, routes, i)
    told(b, w, routes, ROUNDS - 1)
    grown = b.daemon.resident() - before
    # All that was said since would be many times that.
    check(grown < 8 << 20, f"{grown >> 10} KiB more for what nobody reads")
    updates = [s.updates for s in slow]
    for s in slow:
        s.reading = True
        told(b, s, routes, ROUNDS - 1)
        check(not s.closed, s.why())
    for s, was in zip(slow, updates):
        check(s.updates - was < ROUNDS * ROUTES / PER_UPDATE, f"{s.updates - was} UPDATEs: each change, not the last of them")
        b.settle(a, s)
    forget(b, a, routes, w, *slow)
    for s in slow:
        s.close()


@CASES("what was withdrawn while nobody read is gone when it reads, and what was never told is not withdrawn")
def _(b):
    a, w = b.up(A), b.up(W)
    keep, go = [b.route() for _ in range(500)], [b.route() for _ in range(3000)]
    slow = deaf(b)
    fill = [b.route() for _ in range(4000)]
    for i in range(3):
        tell(a, fill, i)
    tell(a, keep + go, 1)
    told(b, w, keep + go, 1)
    forget(b, a, go, w)
    slow.reading = True
    told(b, slow, keep, 1)
    b.settle(a, slow)
    check(not any(b.has(slow, n) for n in go), "withdrawn routes are still there")
    forget(b, a, keep + fill, w, slow)
    slow.close()


@CASES("RFC 4271 6.5: one that neither reads nor speaks is given up when its hold time is over")
def _(b):
    a, w = b.up(A), b.up(W)
    slow = deaf(b, hold=3)
    slow.auto = False
    routes = [b.route() for _ in range(ROUTES)]
    for i in range(5):
        tell(a, routes, i)
    gone = slow.local
    b.wait(lambda: gone not in b.daemon.summary(), "it is still a neighbour", 30)
    b.alive(a, w)
    forget(b, a, routes, w)
    slow.close(reset=True)


@CASES("one that does not read may still speak: its routes are taken and its session lives on")
def _(b):
    a, w = b.up(A), b.up(W)
    slow = deaf(b, hold=6)
    routes = [b.route() for _ in range(ROUTES)]
    for i in range(5):
        tell(a, routes, i)
    told(b, w, routes, 4)
    mine = b.route()
    slow.announce(mine)
    b.sees(w, mine)
    b.hub.run(8)
    check(b.daemon.summary()[slow.local]["state"] == "Established", "its session ended")
    slow.reading = True
    told(b, slow, routes, 4)
    slow.withdraw(mine)
    b.loses(w, mine)
    forget(b, a, routes, w, slow)
    slow.close()


@CASES("ten that do not read and go away leave nothing behind")
def _(b):
    a, w = b.up(A), b.up(W)
    routes = [b.route() for _ in range(ROUTES)]
    tell(a, routes, 0)
    told(b, w, routes, 0)
    for how in (False, True):
        group = []
        for _ in range(5):
            s = b.fresh().connect(SMALL_BUFFER)
            s.say_open()
            b.wait(lambda s=s: s.up, "no session")
            s.reading = False
            group.append(s)
        for i in range(3):
            tell(a, routes, i)
        told(b, w, routes, 2)
        for s in group:
            s.close(reset=how)
        b.wait(lambda group=group: not {s.local for s in group} & set(b.daemon.summary()), "they are still there", 30)
    forget(b, a, routes, w)
