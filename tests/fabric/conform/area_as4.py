# SPDX-License-Identifier: ISC
"""Four-octet AS numbers (RFC 6793): a speaker of four octets among speakers of two."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 18
CASES = Cases()
LOCAL = 4200000000
OLD, OLD2, NEW, INTERNAL, OLDTRANS = 1, 2, 3, 4, 5
ASN = {OLD: 65001, OLD2: 65002, NEW: 4200000077, INTERNAL: LOCAL, OLDTRANS: 65005}
TRANS = wire.AS_TRANS


def setup(b):
    for n, asn in ASN.items():
        b.defaults[b.address(n)] = {"asn": asn, "dut_asn": LOCAL, "as4": n not in (OLD, OLD2, OLDTRANS)}
    neighbors = {b.address(n): [f"remote-as {asn}", "disable-connected-check"] for n, asn in ASN.items()}
    b.start(conf(asn=LOCAL, lines=["bgp graceful-restart-disable"], neighbors=neighbors))


def hear(b, sender, receiver, **announce):
    n = b.route()
    b.up(receiver)
    b.up(sender).announce(n, targets=attr(16, wire.target(1, 1)), **announce)
    r = b.sees(b.up(receiver), n)
    b.up(sender).withdraw(n)
    b.loses(b.up(receiver), n)
    return r


def flat(value, size):
    return [a for _, seg in wire.segments(value, size) for a in seg]


@CASES("RFC 6793 4.1: our AS is AS_TRANS in the fixed field of OPEN")
def _(b):
    for n in (OLD, NEW):
        s = b.up(n)
        check(s.open.asn == TRANS and s.open.cap(wire.CAP_AS4) == [wire.u32(LOCAL)], f"{vars(s.open)}")


@CASES("RFC 6793 4.2.2: towards two octets: AS_TRANS in AS_PATH, the truth in AS4_PATH")
def _(b):
    r = hear(b, NEW, OLD, as_path=attr(2, wire.sequence(4200000077, 7, 4200000078)))
    check(flat(r.value(2), 2) == [TRANS, TRANS, 7, TRANS], f"{flat(r.value(2), 2)}")
    check(flat(r.value(17), 4) == [LOCAL, 4200000077, 7, 4200000078], f"{flat(r.value(17), 4)}")
    check(r.attrs[17][0] & 0xC0 == 0xC0, "flags")


@CASES("RFC 6793 4.2.2: to an internal neighbour the path is as it was, in four octets")
def _(b):
    r = hear(b, NEW, INTERNAL, as_path=attr(2, wire.sequence(4200000077, 7)))
    check(flat(r.value(2), 4) == [4200000077, 7] and 17 not in r.attrs, f"{r.attrs}")


@CASES("RFC 6793 4.2.2: AGGREGATOR of four octets becomes AS_TRANS and AS4_AGGREGATOR, one of two stays alone")
def _(b):
    r = hear(b, NEW, OLD, extra=attr(7, wire.u32(4200000099) + b"\1\2\3\4"))
    check(r.value(7) == wire.u16(TRANS) + b"\1\2\3\4", f"{r.value(7)}")
    check(r.value(18) == wire.u32(4200000099) + b"\1\2\3\4", f"{r.value(18)}")
    r = hear(b, NEW, OLD, extra=attr(7, wire.u32(64999) + b"\1\2\3\4"))
    check(r.value(7) == wire.u16(64999) + b"\1\2\3\4" and 18 not in r.attrs, f"{r.attrs}")


def merged(b, as_path, as4_path, want):
    """RFC 6793 4.2.3: what the two say together, heard by a speaker of four octets with our AS in front."""
    extra = attr(17, as4_path) if as4_path is not None else b""
    r = hear(b, OLD, NEW, as_path=attr(2, as_path), extra=extra)
    got = [(kind, seg) for kind, seg in wire.segments(r.value(2))]
    flat_got = [(kind, a) for kind, seg in got for a in (seg if kind == 2 else [tuple(sorted(seg))])]
    check(flat_got == [(2, LOCAL), *want], f"{got}")
    check(17 not in r.attrs, "AS4_PATH goes on")


def two(*asns):
    return wire.sequence(*asns, size=2)


def four(*asns):
    return wire.sequence(*asns)


CASES.table([
    ("RFC 6793 4.2.3: no AS4_PATH: AS_PATH alone", two(65001, TRANS, 7), None, [(2, 65001), (2, TRANS), (2, 7)]),
    ("RFC 6793 4.2.3: AS4_PATH of the same length replaces", two(65001, TRANS, TRANS), four(65001, 4200000001, 4200000002),
     [(2, 65001), (2, 4200000001), (2, 4200000002)]),
    ("RFC 6793 4.2.3: a shorter AS4_PATH replaces the end", two(65001, 65009, TRANS, 7), four(4200000001, 7),
     [(2, 65001), (2, 65009), (2, 4200000001), (2, 7)]),
    ("RFC 6793 4.2.3: a longer AS4_PATH is ignored", two(65001, TRANS), four(1, 2, 4200000001), [(2, 65001), (2, TRANS)]),
    ("RFC 6793 4.2.3: several segments, cut inside of one", two(65001, 65002) + two(65003, TRANS, TRANS),
     four(4200000001, 4200000002), [(2, 65001), (2, 65002), (2, 65003), (2, 4200000001), (2, 4200000002)]),
    ("RFC 6793 6: AS4_PATH with a segment that overruns is discarded", two(65001, TRANS), b"\2\3" + wire.u32(9),
     [(2, 65001), (2, TRANS)]),
    ("RFC 6793 6: AS4_PATH with an unknown segment is discarded", two(65001, TRANS), b"\7\1" + wire.u32(9),
     [(2, 65001), (2, TRANS)]),
    ("RFC 6793 6: AS4_PATH with an empty segment is discarded", two(65001, TRANS), four(8, 9)[:0] + b"\2\0",
     [(2, 65001), (2, TRANS)]),
    ("RFC 6793 6: an empty AS4_PATH is discarded", two(65001, TRANS), b"", [(2, 65001), (2, TRANS)]),
    ("RFC 6793 6: confederation segments in AS4_PATH are dropped", two(65001, TRANS),
     b"\3\1" + wire.u32(5) + four(4200000009), [(2, 65001), (2, 4200000009)]),
    ("RFC 7607 2: AS 0 in AS4_PATH: discarded", two(65001, TRANS), four(65001, 0), [(2, 65001), (2, TRANS)]),
], merged)


def withdrawn(b, over):
    """Treat as withdraw on a session of two octets."""
    s, w = b.up(OLD), b.up(NEW)
    n = b.route()
    s.announce(n, targets=attr(16, wire.target(1, 1)))
    b.sees(w, n)
    s.announce(n, **over)
    b.loses(w, n)
    b.alive(s, w)


CASES.table([
    ("RFC 7606 7.2: AS_PATH of four octets on a session of two", {"as_path": attr(2, b"\2\1" + wire.u32(65001))}),
    ("RFC 7606 7.2: AS_PATH of two octets that overruns", {"as_path": attr(2, b"\2\3" + wire.u16(65001) * 2)}),
    ("RFC 7607 2: AS 0 in AS_PATH of two octets", {"as_path": attr(2, b"\2\2" + wire.u16(65001) + b"\0\0")}),
], withdrawn)


@CASES("RFC 6793 4.2.3: AGGREGATOR that is not AS_TRANS beside AS4_AGGREGATOR: both AS4 attributes are ignored")
def _(b):
    r = hear(b, OLD, NEW, as_path=attr(2, two(65001, TRANS)),
             extra=attr(7, wire.u16(64999) + b"\1\2\3\4") + attr(17, four(65001, 4200000001))
             + attr(18, wire.u32(4200000099) + b"\1\2\3\4"))
    check(flat(r.value(2), 4) == [LOCAL, 65001, TRANS], f"{flat(r.value(2), 4)}")
    check(r.value(7) == wire.u32(64999) + b"\1\2\3\4", f"{r.value(7)}")


@CASES("RFC 6793 4.2.3: AGGREGATOR of AS_TRANS takes the AS of AS4_AGGREGATOR")
def _(b):
    r = hear(b, OLD, NEW, extra=attr(7, wire.u16(TRANS) + b"\1\2\3\4") + attr(18, wire.u32(4200000099) + b"\1\2\3\4"))
    check(r.value(7) == wire.u32(4200000099) + b"\1\2\3\4", f"{r.value(7)}")


@CASES("RFC 6793 6: malformed AS4_AGGREGATOR is discarded")
def _(b):
    r = hear(b, OLD, NEW, extra=attr(7, wire.u16(TRANS) + b"\1\2\3\4") + attr(18, b"\1\2\3"))
    check(r.value(7) == wire.u32(TRANS) + b"\1\2\3\4", f"{r.value(7)}")


@CASES("RFC 7606 7.7: AGGREGATOR of eight octets on a session of two is discarded")
def _(b):
    check(7 not in hear(b, OLD, NEW, extra=attr(7, wire.u32(64999) + b"\1\2\3\4")).attrs, "it passed")


@CASES("RFC 6793 4.2.2: from two octets to two octets the path survives, AS of four in it too")
def _(b):
    r = hear(b, OLD, OLD2, as_path=attr(2, two(65001, TRANS, 7)), extra=attr(17, four(65001, 4200000001, 7)))
    check(flat(r.value(2), 2) == [TRANS, 65001, TRANS, 7], f"{flat(r.value(2), 2)}")
    check(flat(r.value(17), 4) == [LOCAL, 65001, 4200000001, 7], f"{flat(r.value(17), 4)}")


@CASES("RFC 6793 4.2.3, 4271 9.1.2: our own AS in the merged path is a loop; AS_TRANS in the path is none")
def _(b):
    s, w = b.up(OLD), b.up(NEW)
    n, m = b.route(), b.route()
    s.announce(n, as_path=attr(2, two(65001, TRANS)), extra=attr(17, four(65001, LOCAL)))
    s.announce(m, as_path=attr(2, two(65001, TRANS)))
    b.sees(w, m)
    b.settle(s, w)
    check(not b.has(w, n), "the loop is taken")


@CASES("RFC 6793 4.2.2: an AS_PATH of many segments towards two octets")
def _(b):
    asns = [4200000000 + i for i in range(100, 700)]
    value = b"".join(wire.sequence(*asns[i:i + 200]) for i in range(0, 600, 200))
    r = hear(b, INTERNAL, OLD, as_path=attr(2, value))
    check(flat(r.value(2), 2) == [TRANS] * 601, "AS_PATH")
    check(flat(r.value(17), 4) == [LOCAL, *asns], "AS4_PATH")
