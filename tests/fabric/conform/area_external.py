# SPDX-License-Identifier: ISC
"""External peers: AS_PATH, next hop, what stays inside the AS, loops, communities, policy required."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 17
CASES = Cases()
IN, IN2, X1, X2, ALLOW1, ALLOW3, SELF, NEED = 1, 2, 21, 22, 23, 24, 25, 26
ASN = {X1: 65101, X2: 65102, ALLOW1: 65103, ALLOW3: 65104, SELF: 65105, NEED: 65106}


def setup(b):
    for n, asn in ASN.items():
        b.defaults[b.address(n)] = {"asn": asn}
    neighbors = {b.address(n): [f"remote-as {asn}", "disable-connected-check"] for n, asn in ASN.items()}
    neighbors[b.address(ALLOW1)].append("evpn:allowas-in 1")
    neighbors[b.address(ALLOW3)].append("evpn:allowas-in")
    neighbors[b.address(SELF)].append("evpn:next-hop-self")
    neighbors[b.address(IN)] = ["remote-as 65000"]
    neighbors[b.address(IN2)] = ["remote-as internal"]
    b.start(conf(lines=["bgp graceful-restart-disable", "bgp default local-preference 170"], neighbors=neighbors))


def through(b, sender, receiver, **announce):
    """A route told by one and heard by the other."""
    n = b.route()
    b.up(receiver)
    b.up(sender).announce(n, **announce)
    r = b.sees(b.up(receiver), n)
    b.up(sender).withdraw(n)
    b.loses(b.up(receiver), n)
    return r


def path(r):
    return wire.segments(r.value(wire.AS_PATH))


# --- AS_PATH

@CASES("RFC 4271 5.1.2: our AS is prepended towards an external peer")
def _(b):
    check(path(through(b, X1, X2)) == [(2, (65000, 65101))], "from an external peer")
    check(path(through(b, IN, X2)) == [(2, (65000,))], "from an internal peer, empty")
    r = through(b, IN, X2, as_path=attr(2, wire.sequence(1, 4200000000)))
    check(path(r) == [(2, (65000, 1, 4200000000))], f"{path(r)}")


@CASES("RFC 4271 5.1.2: the AS_PATH stays as it is towards an internal peer")
def _(b):
    check(path(through(b, X1, IN, as_path=attr(2, wire.sequence(65101, 7, 7)))) == [(2, (65101, 7, 7))], "the path")


@CASES("RFC 4271 5.1.2: prepending to a full segment begins a new one")
def _(b):
    full = tuple(range(1, 256))
    r = through(b, IN, X2, as_path=attr(2, wire.sequence(*full)))
    flat = [a for kind, seg in path(r) for a in seg if kind == 2]
    check(flat == [65000, *full], "the path")
    check(all(len(seg) <= 255 for _, seg in path(r)), "a segment of more than 255")


@CASES("RFC 4271 5.1.2: prepending to an AS_SET begins a sequence")
def _(b):
    n, start = b.route(), wire.segment(1, [7, 8])
    b.up(X2)
    b.up(IN).announce(n, as_path=attr(2, start))
    b.settle(b.up(IN), b.up(X2))
    r = b.up(X2).routes.get(wire.key(n))  # RFC 9774 lets a receiver refuse it
    check(r is None or path(r) == [(2, (65000,)), (1, (7, 8))], f"{r and path(r)}")
    b.up(IN).withdraw(n)


@CASES("RFC 4271 9.1.2: our AS in the path of an external peer is a loop, wherever it stands")
def _(b):
    s, w = b.up(X1), b.up(IN)
    for asns in ((65101, 65000), (65101, 1, 65000, 2), (65101, 65000, 65000)):
        n, m = b.route(), b.route()
        s.announce(n, as_path=attr(2, wire.sequence(*asns)))
        s.announce(m)
        b.sees(w, m)
        b.settle(s, w)
        check(not b.has(w, n), f"{asns} is taken")
        s.announce(m, as_path=attr(2, wire.sequence(*asns)))
        b.loses(w, m)
    n = b.route()
    s.announce(n, as_path=attr(2, wire.sequence(65101) + wire.segment(1, [1, 65000])))
    b.settle(s, w)
    check(not b.has(w, n), "a loop in a set is taken")


def allowed(b, peer, count, taken):
    s, w = b.up(peer), b.up(IN)
    n = b.route()
    s.announce(n, as_path=attr(2, wire.sequence(ASN[peer], *[65000] * count)))
    b.settle(s, w)
    check(b.has(w, n) == taken, f"{'not ' if taken else ''}taken")
    s.withdraw(n)


CASES.table([
    ("allowas-in 1: our AS once is taken", ALLOW1, 1, True),
    ("allowas-in 1: our AS twice is not", ALLOW1, 2, False),
    ("allowas-in: our AS three times is taken", ALLOW3, 3, True),
    ("allowas-in: our AS four times is not", ALLOW3, 4, False),
], allowed)


@CASES("allowas-in at run time: taken away and given, with routes that are there")
def _(b):
    s, w = b.up(X1), b.up(IN)
    n = b.route()
    looped = attr(2, wire.sequence(65101, 65000))
    s.announce(n, as_path=looped)
    b.settle(s, w)
    check(not b.has(w, n), "the loop is taken")
    line = f"neighbor {s.local} allowas-in 1"

    def answer():
        """What a real peer does: tells all when it is asked, or in a new session."""
        if b.up(X1).events[-1:] == [("refresh", 0)] or b.up(X1) is not s:
            b.up(X1).announce(n, as_path=looped)
            b.up(X1).events.append(("answered",))
        return b.has(b.up(IN), n)

    b.daemon.configure("address-family l2vpn evpn", line)
    b.wait(answer, "the loop is not taken")
    b.daemon.configure("address-family l2vpn evpn", "no " + line)
    b.wait(lambda: not answer(), "the loop is kept")


# --- next hop and attributes

@CASES("RFC 8365 5.1.3: the next hop, which is the VTEP, stays towards external and internal peers")
def _(b):
    for hop in ("192.0.2.33", "2001:db8::33"):
        for sender, receiver in ((X1, X2), (IN, X2), (X1, IN)):
            r = through(b, sender, receiver, nexthop=hop)
            check(r.nexthop == wire.ip(hop), f"{r.nexthop.hex()}")


@CASES("RFC 4271 5.1.3: next-hop-self")
def _(b):
    for sender in (X1, IN):
        r = through(b, sender, SELF)
        check(r.nexthop == wire.ip(b.daemon.address), f"{r.nexthop.hex()}")


@CASES("RFC 4271 5.1.5: LOCAL_PREF stays inside, and is made up for what comes from outside")
def _(b):
    check(wire.LOCAL_PREF not in through(b, IN, X1, local_pref=attr(5, wire.u32(300))).attrs, "sent outside")
    check(through(b, X1, IN).value(5) == wire.u32(170), "not the configured default")


@CASES("RFC 4271 5.1.4: MULTI_EXIT_DISC of one AS does not reach another one; inside it stays")
def _(b):
    med = attr(4, wire.u32(77))
    check(wire.MED not in through(b, X1, X2, med=med).attrs, "from outside to outside")
    check(wire.MED not in through(b, IN, X2, med=med).attrs, "from inside to outside")
    check(through(b, X1, IN, med=med).value(4) == wire.u32(77), "from outside to inside")


@CASES("RFC 4456 8: ORIGINATOR_ID and CLUSTER_LIST do not leave the AS")
def _(b):
    r = through(b, IN, X1, extra=attr(9, b"\1\2\3\4") + attr(10, b"\5\6\7\x08"))
    check(9 not in r.attrs and 10 not in r.attrs, f"{r.attrs}")


@CASES("RFC 4271 5.1.6, 5.1.7: ATOMIC_AGGREGATE and AGGREGATOR pass")
def _(b):
    value = wire.u32(4200000000) + wire.ip("1.2.3.4")
    r = through(b, X1, X2, extra=attr(6) + attr(7, value))
    check(r.value(6) == b"" and r.value(7) == value, f"{r.attrs}")


@CASES("RFC 4271 5.1.1: ORIGIN passes unchanged")
def _(b):
    for origin in (b"\0", b"\1", b"\2"):
        check(through(b, X1, X2, origin=attr(1, origin)).value(1) == origin, "changed")


# --- communities

def community(b, value, hears, not_hears):
    s, n = b.up(IN), b.route()
    yes, no = [b.up(p) for p in hears], [b.up(p) for p in not_hears]
    s.announce(n, extra=attr(8, wire.u32(65000 << 16 | 1) + wire.u32(value)))
    for p in yes:
        b.sees(p, n)
    b.settle(s, b.up(X1), b.up(X2))
    check(not any(b.has(p, n) for p in no), "it went where it must not")
    s.announce(n)
    b.sees(b.up(X2), n)
    s.announce(n, extra=attr(8, wire.u32(value)))
    for p in no:
        b.loses(p, n)
    s.withdraw(n)


CASES.table([
    ("RFC 1997: NO_EXPORT stays in the AS", 0xFFFFFF01, (), (X1, X2)),
    ("RFC 1997: NO_ADVERTISE goes to nobody", 0xFFFFFF02, (), (X1, X2)),
    ("RFC 1997: NO_EXPORT_SUBCONFED stays in the AS", 0xFFFFFF03, (), (X1, X2)),
    ("RFC 3765: NOPEER is for policies, and passes", 0xFFFFFF04, (X1, X2), ()),
    ("RFC 7999: BLACKHOLE, which we do not act on, passes", 0xFFFF029A, (X1, X2), ()),
], community)


@CASES("RFC 1997: NO_ADVERTISE of an external peer does not go inside either, NO_EXPORT does")
def _(b):
    s, w, x = b.up(X1), b.up(IN), b.up(X2)
    n, m = b.route(), b.route()
    s.announce(n, extra=attr(8, wire.u32(0xFFFFFF02)))
    s.announce(m, extra=attr(8, wire.u32(0xFFFFFF01)))
    b.sees(w, m)
    b.settle(s, w, x)
    check(not b.has(w, n) and not b.has(x, n) and not b.has(x, m), "it went where it must not")
    s.withdraw(n, m)


@CASES("RFC 4360 6: non-transitive extended communities do not leave the AS, transitive ones do")
def _(b):
    inside = bytes([0x40, 4]) + b"\0\0\0\1\0\2"
    targets = wire.target(65000, 1) + bytes([6, 3]) + b"\2\0\0\0\0\1" + bytes([0x43, 0]) + bytes(6)
    r = through(b, IN, X1, targets=attr(16, inside + targets))
    got = sorted(r.value(16)[i:i + 8] for i in range(0, len(r.value(16)), 8))
    check(got == sorted([wire.target(65000, 1), bytes([6, 3]) + b"\2\0\0\0\0\1"]), f"{got}")
    r = through(b, IN, X1, targets=attr(16, inside))
    check(16 not in r.attrs, "an attribute without a community")
    r = through(b, X1, IN, targets=attr(16, inside + wire.target(1, 1)))
    check(wire.target(1, 1) in r.value(16), "the transitive one is lost")


# --- policy

@CASES("RFC 8212: with `bgp ebgp-requires-policy` nothing is taken from or told to an external peer without a policy")
def _(b):
    b.daemon.configure("bgp ebgp-requires-policy")
    try:
        b.hub.run(0.3)
        n, m = b.route(), b.route()
        need = b.up(NEED)
        b.up(IN).announce(n)
        need.announce(m)
        b.hub.run(0.5)
        check(not b.has(need, n), "told to it")
        check(not b.has(b.up(IN), m), "taken from it")
        check(not need.closed and need.eors == 1, "the session suffers")
    finally:
        b.daemon.configure("no bgp ebgp-requires-policy")
    b.hub.run(0.3)
    need = b.up(NEED)
    need.announce(m)
    b.sees(need, n)
    b.sees(b.up(IN), m)
    b.up(IN).withdraw(n)


@CASES("RFC 4271 6.2: an external peer of another AS than configured is refused")
def _(b):
    b.up(X1).close()
    s = b.new(X1, asn=65199).connect()
    if not s.closed:
        s.say_open()
    b.wait(lambda: s.closed, "it is taken")
    check(s.notification and s.notification[:2] == (2, 2), s.why())


# --- the first AS

@CASES("RFC 4271 6.3: the leftmost AS of a path is not checked unless it is asked for: a route server adds none")
def _(b):
    through(b, X1, IN, as_path=attr(2, wire.sequence(64999, 7)))


@CASES("RFC 4271 6.3, RFC 7606 7.2: `enforce-first-as`: a path that begins with another AS is treated as withdrawn")
def _(b):
    one, other, w = b.up(X1), b.up(X2), b.up(IN)
    stays, goes, late, inner = b.route(), b.route(), b.route(), b.route()
    one.announce(stays)
    one.announce(goes, as_path=attr(2, wire.sequence(64999, 65101)))
    b.sees(w, stays, goes)
    b.daemon.configure(f"neighbor {one.local} enforce-first-as")
    try:
        # What was told before is asked for again.
        b.wait(lambda: ("refresh", 0) in one.events, "no ROUTE-REFRESH")
        for bad in (wire.sequence(64999, 65101), wire.segment(1, [65101, 7]), b""):
            one.announce(late)
            b.sees(w, late)
            one.announce(late, goes, as_path=attr(2, bad))
            b.loses(w, late, goes)
        one.announce(late, as_path=attr(2, wire.sequence(65101, 64999)))
        other.announce(goes, as_path=attr(2, wire.sequence(64999)))
        b.up(IN2).announce(inner, as_path=attr(2, wire.sequence(7)))
        b.sees(w, stays, late, goes)
        b.sees(other, inner)
        check(not one.closed, f"the session ended: {one.why()}")
        check(f"neighbor {one.local} enforce-first-as" in b.daemon.vtysh("show running-config"), "running-config")
    finally:
        b.daemon.configure(f"no neighbor {one.local} enforce-first-as")
    one.announce(goes, as_path=attr(2, wire.sequence(64999, 65101)))
    other.withdraw(goes)
    b.settle(other, w)
    b.sees(w, goes)
    one.withdraw(stays, goes, late)
    b.up(IN2).withdraw(inner)
    b.loses(w, stays, goes, late)
    b.loses(other, inner)


@CASES("`enforce-first-as` of a peer-group holds for its members, and one of them may be exempt")
def _(b):
    x, w, n = b.address(X1), b.up(IN), b.route()
    b.daemon.configure("neighbor OUT peer-group", "neighbor OUT enforce-first-as", f"neighbor {x} peer-group OUT")
    try:
        one = b.up(X1)
        one.announce(n)
        b.sees(w, n)
        one.announce(n, as_path=attr(2, wire.sequence(64999)))
        b.loses(w, n)
        b.daemon.configure(f"no neighbor {x} enforce-first-as")
        b.up(X1).announce(n, as_path=attr(2, wire.sequence(64999)))
        b.sees(w, n)
    finally:
        b.daemon.configure(f"no neighbor {x} peer-group OUT", "no neighbor OUT")
    b.up(X1).withdraw(n)
    b.loses(w, n)
