# SPDX-License-Identifier: ISC
"""RFC 6793 where our own AS has two octets: AS4_PATH only when somebody's needs it."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 19
CASES = Cases()
OLD, NEW, INTERNAL, REFLECTED = 1, 2, 3, 4
ASN = {OLD: 65001, NEW: 65002, INTERNAL: 65000, REFLECTED: 65000}


def setup(b):
    for n, asn in ASN.items():
        b.defaults[b.address(n)] = {"asn": asn, "as4": n not in (OLD, REFLECTED)}
    neighbors = {b.address(n): [f"remote-as {asn}", "disable-connected-check"] for n, asn in ASN.items()}
    neighbors[b.address(REFLECTED)] = ["remote-as 65000", "evpn:route-reflector-client"]
    b.start(conf(lines=["bgp graceful-restart-disable"], neighbors=neighbors))


def hear(b, sender, receiver, **announce):
    n = b.route()
    b.up(receiver)
    b.up(sender).announce(n, **announce)
    r = b.sees(b.up(receiver), n)
    b.up(sender).withdraw(n)
    b.loses(b.up(receiver), n)
    return r


def flat(value, size):
    return [a for _, seg in wire.segments(value, size) for a in seg]


@CASES("RFC 6793 4.2.2: without an AS of four octets there is no AS4_PATH and no AS4_AGGREGATOR")
def _(b):
    r = hear(b, NEW, OLD, extra=attr(7, wire.u32(65009) + b"\1\2\3\4"))
    check(flat(r.value(2), 2) == [65000, 65002] and 17 not in r.attrs and 18 not in r.attrs, f"{r.attrs}")
    check(r.value(7) == wire.u16(65009) + b"\1\2\3\4", f"{r.value(7)}")


@CASES("RFC 6793 4.2.2: with one, AS4_PATH has the whole path")
def _(b):
    r = hear(b, NEW, OLD, as_path=attr(2, wire.sequence(65002, 4200000001)))
    check(flat(r.value(2), 2) == [65000, 65002, wire.AS_TRANS], f"{r.attrs}")
    check(flat(r.value(17), 4) == [65000, 65002, 4200000001], f"{r.attrs}")


@CASES("RFC 6793: reflection between an internal peer of two octets and one of four")
def _(b):
    r = hear(b, REFLECTED, INTERNAL, as_path=attr(2, wire.sequence(65009, wire.AS_TRANS, size=2)),
             extra=attr(17, wire.sequence(65009, 4200000001)))
    check(flat(r.value(2), 4) == [65009, 4200000001] and 17 not in r.attrs, f"{r.attrs}")
    r = hear(b, INTERNAL, REFLECTED, as_path=attr(2, wire.sequence(65009, 4200000001)))
    check(flat(r.value(2), 2) == [65009, wire.AS_TRANS], f"{r.attrs}")
    check(flat(r.value(17), 4) == [65009, 4200000001], f"{r.attrs}")


@CASES("RFC 6793: the empty path of an internal peer of two octets")
def _(b):
    r = hear(b, REFLECTED, NEW)
    check(flat(r.value(2), 4) == [65000], f"{r.attrs}")
    r = hear(b, INTERNAL, REFLECTED)
    check(r.value(2) == b"" and 17 not in r.attrs, f"{r.attrs}")


@CASES("RFC 6793: AS numbers around the edges of two octets")
def _(b):
    for asn, wide in ((65535, False), (65536, True), (0xFFFFFFFE, True), (1, False)):
        r = hear(b, NEW, OLD, as_path=attr(2, wire.sequence(65002, asn)))
        check(flat(r.value(2), 2)[-1] == (wire.AS_TRANS if wide else asn), f"{asn}: {r.attrs}")
        check((17 in r.attrs) == wide, f"{asn}: {r.attrs}")
