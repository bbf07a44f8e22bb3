# SPDX-License-Identifier: ISC
"""End-of-RIB, ROUTE-REFRESH, enhanced refresh (RFC 7313) and extended messages (RFC 8654)."""
import time

import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 20
CASES = Cases()
WATCHER, SENDER, PLAIN, ENHANCED, BIG = 1, 2, 3, 4, 5


def setup(b):
    b.defaults[b.address(ENHANCED)] = {"err": True}
    b.defaults[b.address(SENDER)] = {"err": True, "extmsg": True}
    b.defaults[b.address(BIG)] = {"extmsg": True}
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    b.start(conf(lines=["bgp listen limit 500", "bgp graceful-restart restart-time 1"],
                 neighbors={"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            **{b.address(n): client for n in (WATCHER, SENDER, PLAIN, ENHANCED, BIG)}},
                 listen={b.range(): "IN"}))


def reached(p, since, *routes):
    """Is each of the routes announced once more among the events from there on?"""
    return {wire.key(n) for n in routes} <= {e[1] for e in p.events[since:] if e[0] == "reach"}


# --- End-of-RIB

@CASES("RFC 4724 2: End-of-RIB follows at once when there is nothing to tell")
def _(b):
    s = b.fresh().establish()
    b.wait(lambda: s.eors, "no End-of-RIB")
    s.close()


@CASES("RFC 4724 2: End-of-RIB comes once, after the last of the routes")
def _(b):
    w, s = b.up(WATCHER), b.up(SENDER)
    routes = [b.route() for _ in range(500)]
    for i in range(0, 500, 50):
        s.announce(*routes[i:i + 50], med=attr(4, wire.u32(i)))
    b.sees(w, *routes)
    p = b.fresh().establish()
    b.wait(lambda: p.eors, "no End-of-RIB")
    check(b.has(p, *routes), f"End-of-RIB after {len(p.routes)} of 500 routes")
    b.settle(s, p)
    check(p.eors == 1, f"{p.eors} times")
    p.close()
    for i in range(0, 500, 100):
        s.withdraw(*routes[i:i + 100])


@CASES("RFC 4724 2: a peer's End-of-RIB, again and again, with and without routes, is fine")
def _(b):
    s, w = b.up(SENDER), b.up(WATCHER)
    for _ in range(3):
        s.end_of_rib()
    s.send(wire.update())  # that of IPv4 unicast
    b.alive(s, w)


# --- ROUTE-REFRESH

@CASES("RFC 2918 4: ROUTE-REFRESH is answered with every route, and nobody else hears of it")
def _(b):
    w, s, p = b.up(WATCHER), b.up(SENDER), b.up(PLAIN)
    routes = [b.route() for _ in range(100)]
    s.announce(*routes)
    b.sees(p, *routes)
    b.sees(w, *routes)
    since, other = len(p.events), len(w.events)
    p.send(wire.refresh())
    b.wait(lambda: reached(p, since, *routes), "not every route is told again")
    b.settle(s, w, p)
    check(not reached(w, other, routes[0]), "others are told again too")
    check(not any(e[0] == "unreach" and e[1] in map(wire.key, routes) for e in p.events[since:]), "withdrawn meanwhile")
    check(not any(e[0] == "refresh" for e in p.events[since:]), "BoRR to a peer that has not offered enhanced refresh")
    s.withdraw(*routes)


@CASES("RFC 2918 4: ROUTE-REFRESH for another family, and of an unknown kind, is ignored")
def _(b):
    p, s = b.up(PLAIN), b.up(SENDER)
    n = b.route()
    s.announce(n)
    b.sees(p, n)
    since = len(p.events)
    for raw in (wire.refresh(family=(1, 1)), wire.refresh(family=(25, 1)), wire.refresh(family=(999, 255)),
                wire.refresh(3), wire.refresh(255)):
        p.send(raw)
    b.settle(s, p)
    check(not reached(p, since, n), "the table was told again")
    b.alive(p, b.up(WATCHER))
    s.withdraw(n)


@CASES("RFC 2918 4: the reserved octet, which is the subtype now: a request has 0; one with ORF entries does no harm")
def _(b):
    p = b.fresh().establish()
    p.send(wire.refresh(extra=b"\1\x40\0\0"))
    b.hub.wait(lambda: p.closed, 0.3)
    check(not p.closed or p.notification and p.notification[0] in (1, 7), p.why())
    p.close()


@CASES("RFC 7313 5: BoRR and EoRR whose length is wrong: NOTIFICATION 7/1 with the whole message")
def _(b):
    for subtype in (1, 2):
        for raw in (wire.refresh(subtype, extra=b"\0"), wire.message(wire.REFRESH, bytes([0, 25, subtype]))):
            p = b.fresh(err=True).establish()
            p.send(raw)
            b.wait(lambda p=p: p.closed, "the session stays")
            check(p.notification and p.notification[:2] in ((7, 1), (1, 2)), p.why())
            if p.notification[0] == 7:
                check(p.notification[2] == raw, f"data {p.notification[2].hex()}")


@CASES("RFC 7313 4: a refresh of an enhanced peer stands between BoRR and EoRR")
def _(b):
    p, s = b.up(ENHANCED), b.up(SENDER)
    routes = [b.route() for _ in range(200)]
    s.announce(*routes[:100])
    s.announce(*routes[100:], med=attr(4, wire.u32(7)))
    b.sees(p, *routes)
    since = len(p.events)
    p.send(wire.refresh())
    b.wait(lambda: ("refresh", 2) in p.events[since:], "no EoRR")
    said = p.events[since:]
    begin, end = said.index(("refresh", 1)), said.index(("refresh", 2))
    between = {e[1] for e in said[begin:end] if e[0] == "reach"}
    check(set(map(wire.key, routes)) <= between, f"{len(between)} routes between BoRR and EoRR")
    check(b.has(p, *routes), "routes were lost by the refresh")
    check(said.count(("refresh", 1)) == 1 and said.count(("refresh", 2)) == 1, "not one of each")
    check(p.eors == 1, "another End-of-RIB")
    s.withdraw(*routes[:100])
    s.withdraw(*routes[100:])


@CASES("RFC 7313 4: requests in a row are all answered, and the table is right in the end")
def _(b):
    p, s = b.up(ENHANCED), b.up(SENDER)
    routes = [b.route() for _ in range(50)]
    s.announce(*routes)
    b.sees(p, *routes)
    since = len(p.events)
    p.send(wire.refresh() * 5)
    n = b.route()
    s.announce(n)
    s.withdraw(routes[0])
    b.wait(lambda: ("refresh", 2) in p.events[since:] and p.stale is None, "no EoRR")
    b.settle(s, p)
    b.wait(lambda: p.stale is None, "BoRR without EoRR")
    check(b.has(p, n, *routes[1:]) and not b.has(p, routes[0]), "the table is wrong")
    s.withdraw(n, *routes[1:])


@CASES("RFC 7313 4: BoRR does not come before End-of-RIB")
def _(b):
    s = b.up(SENDER)
    routes = [b.route() for _ in range(1000)]
    for i in range(0, 1000, 100):
        s.announce(*routes[i:i + 100])
    b.sees(b.up(WATCHER), *routes)
    p = b.fresh(err=True, auto=False, gr=wire.cap_gr(60, 0, [(wire.EVPN, 0x80)])).connect()
    p.say_open()
    b.wait(lambda: p.messages, "no OPEN")
    p.auto = True
    p.send(wire.keepalive() + wire.refresh())
    b.wait(lambda: p.eors, "no End-of-RIB")
    check(("refresh", 1) not in p.events[:p.events.index(("eor",))], "it does")
    check(b.has(p, *routes), "routes are missing")
    b.settle(s, p)
    b.wait(lambda: p.stale is None, "BoRR without EoRR")
    check(b.has(p, *routes), "routes are missing")
    p.close()
    for i in range(0, 1000, 100):
        s.withdraw(*routes[i:i + 100])


@CASES("RFC 7313 4: between a peer's BoRR and EoRR: what is not told again goes, the rest stays without a word")
def _(b):
    p, w = b.up(ENHANCED), b.up(WATCHER)
    kept, dropped = [b.route() for _ in range(50)], [b.route() for _ in range(50)]
    new = b.route()
    p.announce(*kept)
    p.announce(*dropped, med=attr(4, wire.u32(1)))
    b.sees(w, *kept, *dropped)
    since = len(w.events)
    p.send(wire.refresh(1))
    p.announce(*kept)
    p.announce(new)
    b.sees(w, new)
    check(b.has(w, *dropped), "stale routes go before EoRR")
    p.send(wire.refresh(2))
    b.loses(w, *dropped)
    b.settle(p, w)
    check(b.has(w, new, *kept), "too much went")
    touched = {e[1] for e in w.events[since:] if e[0] in ("reach", "unreach")}
    check(not touched & set(map(wire.key, kept)), "what did not change was told again")
    p.withdraw(new, *kept)


@CASES("RFC 7313 4: EoRR without BoRR is ignored, BoRR again begins anew")
def _(b):
    p, w = b.up(ENHANCED), b.up(WATCHER)
    one, two = b.route(), b.route()
    p.announce(one, two)
    b.sees(w, one, two)
    p.send(wire.refresh(2))
    b.settle(p, w)
    check(b.has(w, one, two), "EoRR alone took routes")
    p.send(wire.refresh(1))
    p.announce(one)
    p.send(wire.refresh(1))
    p.announce(two)
    p.send(wire.refresh(2))
    b.loses(w, one)
    b.settle(p, w)
    check(b.has(w, two), "too much went")
    p.withdraw(two)


@CASES("RFC 7313 4: BoRR of another family, and of a peer that has not offered it, takes nothing")
def _(b):
    w = b.up(WATCHER)
    for p, family in ((b.up(ENHANCED), (1, 1)), (b.up(PLAIN), wire.EVPN)):
        n = b.route()
        p.announce(n)
        b.sees(w, n)
        p.send(wire.refresh(1, family) + wire.refresh(2, family))
        b.alive(p, w)
        check(b.has(w, n), f"{p.local} lost its route")
        p.withdraw(n)


@CASES("RFC 7313 4: of a peer with graceful restart BoRR before its End-of-RIB is ignored")
def _(b):
    p, w = b.fresh(err=True, gr=wire.cap_gr(60, 0, [(wire.EVPN, 0x80)])).establish(), b.up(WATCHER)
    n = b.route()
    p.announce(n)
    b.sees(w, n)
    p.send(wire.refresh(1) + wire.refresh(2))
    b.settle(p, w)
    check(b.has(w, n), "the route was taken as stale")
    p.end_of_rib()
    p.send(wire.refresh(1) + wire.refresh(2))
    b.loses(w, n)
    p.send(wire.notification(6, 9))
    p.close()


@CASES("RFC 2918: `clear bgp ... soft in` asks for routes, `soft out` tells them")
def _(b):
    p, s = b.up(PLAIN), b.up(SENDER)
    n = b.route()
    s.announce(n)
    b.sees(p, n)
    since = len(p.events)
    b.daemon.vtysh(f"clear bgp {p.local} soft in")
    b.wait(lambda: ("refresh", 0) in p.events[since:], "no request")
    b.daemon.vtysh(f"clear bgp {p.local} soft out")
    b.wait(lambda: reached(p, since, n), "nothing is told")
    s.withdraw(n)


# --- extended messages

@CASES("RFC 8654 4: an UPDATE of 65535 octets is taken")
def _(b):
    s, w = b.up(SENDER), b.up(BIG)
    per, path = len(b.route()), s.path()
    count = (65535 - 19 - 4 - len(path) - 13) // per
    routes = [b.route() for _ in range(count)]
    fill = 65535 - 19 - 4 - len(path) - 13 - count * per
    routes.append(wire.nlri(99, b"f" * (fill - 2))) if fill > 2 else None
    raw = wire.update(wire.mp_reach(b"".join(routes)) + path)
    check(65530 <= len(raw) <= 65535, f"the test is wrong: {len(raw)}")
    s.send(raw)
    b.sees(w, *routes)
    b.alive(s, w)
    gone = wire.update(wire.mp_unreach(b"".join(routes)))
    s.send(gone)
    b.loses(w, *routes)


@CASES("RFC 8654 4: beyond 4096 octets only to who has offered it")
def _(b):
    s = b.up(SENDER)
    watchers = [b.up(n) for n in (WATCHER, BIG)]
    n, m = b.route(), b.route()
    big = attr(99, b"x" * 30000)
    s.announce(n, extra=big)
    s.announce(m)
    b.sees(watchers[1], n)
    check(b.up(BIG).routes[wire.key(n)].value(99) == b"x" * 30000, "the attribute was changed")
    b.sees(watchers[0], m)
    b.settle(s, *watchers)
    check(not b.has(watchers[0], n), "a route that fits into no message was told")
    check(not watchers[0].closed and watchers[0].largest <= 4096, f"{watchers[0].why()}")
    # RFC 8654 4: what was told while it fitted is withdrawn when it does not any more.
    s.announce(m, extra=big)
    b.loses(watchers[0], m)
    s.announce(n)
    b.sees(watchers[0], n)
    s.withdraw(n, m)


@CASES("RFC 4271 4: attributes just below, at and above what fits into 4096 octets")
def _(b):
    s, w = b.up(SENDER), b.up(WATCHER)
    probe = b.route()
    s.announce(probe, extra=attr(99, b"x" * 300))
    b.sees(w, probe)
    for size in range(3880, 4020, 7):
        n = b.route()
        s.announce(n, extra=attr(99, b"x" * size))
        b.alive(s, w)
        if b.has(w, n):
            check(w.routes[wire.key(n)].value(99) == b"x" * size, "the attribute was changed")
        check(w.largest <= 4096, f"a message of {w.largest}")
        s.withdraw(n)
    check(w.largest > 4000, f"the largest message was {w.largest}")


@CASES("packing: many routes of one set share messages")
def _(b):
    s = b.up(SENDER)
    watchers = [b.up(n) for n in (WATCHER, BIG)]
    routes = [b.route() for _ in range(3000)]
    for w in watchers:
        w.largest, w.updates = 0, 0
    for i in range(0, 3000, 1000):
        s.announce(*routes[i:i + 1000], med=attr(4, wire.u32(99)))
    for w in watchers:
        b.sees(w, *routes)
        check(w.largest > 3900, f"the largest message has {w.largest} octets")
        check(w.updates < 60, f"{w.updates} messages")  # 26 would do
    for i in range(0, 3000, 1000):
        s.withdraw(*routes[i:i + 1000])
    for w in watchers:
        b.loses(w, *routes)


@CASES("no timer waits for company: a single route through an idle daemon is there at once")
def _(b):
    s, w = b.up(SENDER), b.up(WATCHER)
    best = 1.0
    for _ in range(10):
        b.hub.run(0.1)
        n = b.route()
        t0 = time.monotonic()
        s.announce(n)
        b.sees(w, n)
        best = min(best, time.monotonic() - t0)
        s.withdraw(n)
    check(best < 0.5, f"the best of ten took {best * 1000:.1f} ms")
