# SPDX-License-Identifier: ISC
"""OPEN: what the daemon offers, what it accepts, and the NOTIFICATION for everything else."""
import struct

import wire
from bench import Cases, check, conf

NUMBER = 11
CASES = Cases()
EXTERNAL = 65101


def setup(b):
    b.start(conf(lines=["timers bgp 7 21", "bgp listen limit 500"],
                 neighbors={"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            "EX": ["peer-group", "remote-as external"],
                            b.address(1): ["remote-as 65000", "evpn:route-reflector-client"]},
                 listen={b.range(): "IN", f"127.{NUMBER}.128.0/18": "EX"}))


def external(b, **options):
    b.dynamic += 1
    return b.speaker(f"127.{NUMBER}.128.{b.dynamic}", **{"asn": EXTERNAL, **options})


def offered(b):
    s = b.fresh().connect()
    s.say_open()
    b.wait(lambda: s.open, "no OPEN")
    o = s.open
    s.close()
    return o


def accepted(b, s, **fields):
    """The OPEN is fine: the session comes up and carries a route to a bystander."""
    s.establish(**fields)
    n = b.route()
    s.announce(n)
    b.sees(b.up(1), n)
    s.close()


def refused(b, s, code, subcode, data=None, raw=None, **fields):
    """The OPEN is answered with this NOTIFICATION and the end of the connection."""
    s.connect()
    check(not s.closed, "no connection")
    s.say_open(raw, **fields)
    b.wait(lambda: s.closed, "the connection stays open")
    subcodes = subcode if isinstance(subcode, tuple) else (subcode,)
    check(s.notification and s.notification[0] == code and s.notification[1] in subcodes,
          f"expected {code}/{subcode}, got {s.why()}")
    check(data is None or s.notification[2] == data, f"data {s.notification[2].hex()}, not {(data or b'').hex()}")
    check(not s.up, "and yet a session")


def either(b, s, subcodes, raw=None, **fields):
    """The RFCs leave it open: a session, or NOTIFICATION 2/subcode; never silence, never another one."""
    s.connect().say_open(raw, **fields)
    b.wait(lambda: s.up or s.closed, "neither a session nor an end")
    good = s.up or s.notification and s.notification[0] == 2 and s.notification[1] in subcodes
    check(good, f"neither a session nor 2/{subcodes}: {s.why()}")
    s.close()


# --- what is offered

@CASES("RFC 4271 4.2: version, AS, hold time and identifier of our OPEN")
def _(b):
    o = offered(b)
    check((o.version, o.asn, o.hold, o.ident) == (4, 65000, 21, "10.0.0.100"), f"{vars(o)}")


@CASES("RFC 4760 8: the family L2VPN EVPN is offered, and only that")
def _(b):
    o = offered(b)
    check(o.cap(wire.CAP_MP) == [bytes([0, 25, 0, 70])], f"{o.cap(wire.CAP_MP)}")


@CASES("RFC 6793 3: the AS is offered in four octets")
def _(b):
    check(offered(b).cap(wire.CAP_AS4) == [wire.u32(65000)], "no")


@CASES("RFC 2918, 7313, 8654: route refresh, enhanced refresh and extended messages are offered, each empty")
def _(b):
    o = offered(b)
    for code in (wire.CAP_REFRESH, wire.CAP_ERR, wire.CAP_EXTMSG):
        check(o.cap(code) == [b""], f"capability {code}: {o.cap(code)}")


@CASES("RFC 4724 3: the capability of graceful restart is well formed")
def _(b):
    got = offered(b).cap(wire.CAP_GR)
    check(len(got) == 1 and len(got[0]) % 4 == 2, f"{got}")
    families = [struct.unpack("!HBB", got[0][i:i + 4])[:2] for i in range(2, len(got[0]), 4)]
    check(families in ([], [wire.EVPN]), f"{families}")


@CASES("RFC 5492 4: no capability is offered twice")
def _(b):
    caps = offered(b).caps
    check(len(set(caps)) == len(caps), f"{caps}")


# --- fixed fields

def version(b, number):
    refused(b, b.fresh(), 2, 1, b"\0\4", version=number)


CASES.table([(f"RFC 4271 6.2: version {n} is refused with the one we know", n) for n in (0, 3, 5, 255)], version)


@CASES("RFC 4271 6.2: another AS than configured is refused")
def _(b):
    refused(b, b.fresh(asn=65001), 2, 2)


@CASES("RFC 6793 4.1: the AS of the capability counts, not that of the fixed field")
def _(b):
    accepted(b, b.fresh(), asn=wire.AS_TRANS)
    refused(b, b.fresh(caps=wire.cap_mp() + wire.cap_as4(65001)), 2, 2, asn=65000)
    refused(b, b.fresh(caps=wire.cap_mp() + wire.cap_as4(0x10000 + 65000)), 2, 2, asn=65000)


@CASES("RFC 6793 4.1: a speaker of two octets needs no capability")
def _(b):
    accepted(b, b.fresh(as4=False))


@CASES("RFC 6793: an external AS of four octets")
def _(b):
    accepted(b, external(b, asn=4200000001))


@CASES("RFC 7607 2: AS 0 is refused, in either place")
def _(b):
    refused(b, external(b, as4=False), 2, 2, asn=0)
    refused(b, external(b, caps=wire.cap_mp() + wire.cap_as4(0)), 2, 2)


@CASES("an external peer of our own AS is refused")
def _(b):
    refused(b, external(b, asn=65000), 2, 2)


@CASES("RFC 6286 2.2: identifier 0 is refused")
def _(b):
    refused(b, b.fresh(), 2, 3, ident="0.0.0.0")


@CASES("RFC 6286 2.2: our own identifier is refused of an internal peer and fine of an external one")
def _(b):
    refused(b, b.fresh(), 2, 3, ident="10.0.0.100")
    accepted(b, external(b), ident="10.0.0.100")


@CASES("RFC 6286 2.1: an identifier need not be an address of a host")
def _(b):
    for ident in ("255.255.255.255", "224.0.0.5", "0.0.0.1", "127.0.0.1"):
        accepted(b, b.fresh(), ident=ident)


@CASES("RFC 4271 6.2: hold times 1 and 2 are refused")
def _(b):
    refused(b, b.fresh(), 2, 6, hold=1)
    refused(b, b.fresh(), 2, 6, hold=2)


@CASES("RFC 4271 4.2: hold times 0, 3 and 65535 are fine; the smaller one counts")
def _(b):
    for hold, agreed in ((0, 0), (3, 3), (65535, 21)):
        s = b.fresh().establish(hold=hold)
        got = b.daemon.neighbor(s.local).get("bgpTimerHoldTimeMsecs")
        check(got == agreed * 1000, f"agreed on {got} ms with {hold} s")
        s.close()


# --- optional parameters

def bad_parameters(b, subcodes, params, plen=None):
    refused(b, b.fresh(), 2, subcodes, raw=wire.open_body(params, ident="10.1.1.1", plen=plen))


GOOD = wire.cap_mp() + wire.cap_as4(65000)
CASES.table([
    ("RFC 4271 6.2: parameter 99 is not supported", 4, wire.param(GOOD) + wire.param(b"abc", 99)),
    ("RFC 4271 6.2: parameter 1 (authentication) is not supported", (4, 5), wire.param(b"\0", 1) + wire.param(GOOD)),
    ("RFC 4271 6.2: parameter 0 is not supported", 4, wire.param(b"", 0) + wire.param(GOOD)),
    ("RFC 9072 2: parameter 255 is only for the first place", 4, wire.param(GOOD) + wire.param(b"", 255)),
    ("RFC 4271 6.2: a parameter that overruns the OPEN", 0, wire.param(GOOD) + b"\2\x09\1\4"),
    ("RFC 4271 6.2: a parameter without length", 0, wire.param(GOOD) + b"\2"),
    ("RFC 4271 6.2: a capability that overruns its parameter", 0, wire.param(GOOD + b"\x40\x20\0\0")),
    ("RFC 4271 6.2: a capability without length", 0, wire.param(GOOD + b"\x40")),
    ("RFC 4271 6.2: an unsupported parameter between good ones", 4,
     wire.param(wire.cap_mp()) + wire.param(b"", 3) + wire.param(wire.cap_as4(65000))),
], bad_parameters)


@CASES("RFC 4271 6.2: a length of parameters that is not the message's")
def _(b):
    good = wire.param(GOOD)
    for plen in (len(good) + 1, len(good) + 40, len(good) - 1, 0, 254):
        s = b.fresh()
        s.connect().say_open(wire.open_body(good, ident="10.1.1.1", plen=plen))
        b.wait(lambda s=s: s.closed, f"{plen} instead of {len(good)} is accepted")
        check(s.notification and s.notification[:2] in ((2, 0), (1, 2)), f"{plen} instead of {len(good)}: {s.why()}")


# --- capabilities

@CASES("RFC 5492 3: unknown capabilities are ignored, empty and longest ones too")
def _(b):
    many = b"".join(wire.cap(c, bytes(c % 7)) for c in range(200, 220))
    accepted(b, b.fresh(caps=GOOD + many))
    accepted(b, b.fresh(caps=wire.cap(250, b"x" * 200) + wire.cap(251) + GOOD))


@CASES("RFC 5492 4: several instances of a capability are fine")
def _(b):
    accepted(b, b.fresh(caps=GOOD + GOOD + wire.cap(wire.CAP_REFRESH) * 3))
    other = b"".join(wire.cap_mp((afi, safi)) for afi in (1, 2, 99) for safi in (1, 2, 128))
    accepted(b, b.fresh(caps=other + GOOD))


@CASES("RFC 5492 4: capabilities in one parameter or in many, and an empty one among them")
def _(b):
    raw = wire.param(wire.cap_mp()) + wire.param(b"") + wire.param(wire.cap_as4(65000)) + wire.param(wire.cap(2))
    s = b.fresh()
    accepted(b, s, raw=wire.open_body(raw, ident=s.ident))


@CASES("RFC 5492 5: a peer without our family: a session without routes, or 2/7 that names the capability")
def _(b):
    n = b.route()
    b.up(1).announce(n)
    for caps in (b"", wire.cap_as4(65000), wire.cap_mp((1, 1)) + wire.cap_as4(65000)):
        s = b.fresh(caps=caps, as4=b"\x41" in caps)
        s.connect().say_open()
        b.wait(lambda s=s: s.up or s.closed, "neither a session nor an end")
        if s.up:
            b.hub.run(0.3)
            check(not s.routes and not s.eors, "EVPN to a peer that did not offer it")
        else:
            check(s.notification and s.notification[:2] == (2, 7), s.why())
            check(wire.cap_mp() in s.notification[2], f"data {s.notification[2].hex()}")
        s.close()


def odd_capability(b, caps):
    s = b.fresh(caps=caps)
    either(b, s, (0, 2, 7))


CASES.table([
    ("RFC 4760 8: a multiprotocol capability of three octets", wire.cap(1, b"\0\x19\0") + GOOD),
    ("RFC 4760 8: the reserved octet of a multiprotocol capability is ignored",
     wire.cap(1, b"\0\x19\x55\x46") + wire.cap_as4(65000)),
    ("RFC 6793 3: an AS capability of two octets", wire.cap_mp() + wire.cap(65, b"\xfd\xe8")),
    ("RFC 2918 2: a refresh capability that is not empty", GOOD + wire.cap(2, b"abc")),
    ("RFC 8654 3: an extended message capability that is not empty", GOOD + wire.cap(6, b"abc")),
    ("RFC 4724 3: a graceful restart capability of one octet", GOOD + wire.cap(64, b"\0")),
    ("RFC 4724 3: a graceful restart capability cut short", GOOD + wire.cap(64, b"\0\x0a\0\x19\x46")),
    ("RFC 4724 3: graceful restart of families nobody knows",
     GOOD + wire.cap_gr(4095, 15, [((a, 200), 255) for a in range(55)])),
    ("RFC 7911 4: an ADD-PATH capability cut short", GOOD + wire.cap(69, b"\0\x19\x46")),
    ("RFC 8950 4: an extended next hop capability cut short", GOOD + wire.cap(5, b"\0\1\0\1\0")),
    ("a host name capability whose lengths lie", GOOD + wire.cap(73, b"\xffabc\xff")),
    ("a software version capability that is not text", GOOD + wire.cap(75, b"\x03\x00\x1b\xff")),
], odd_capability)


@CASES("RFC 7911 4: ADD-PATH that we do not want changes nothing")
def _(b):
    accepted(b, b.fresh(caps=GOOD + wire.cap(69, b"\0\x19\x46\3")))


# --- RFC 9072

def extended(b, params, first=255):
    s = b.fresh()
    head = struct.pack("!BHH4s", 4, 65000, 90, wire.ip(s.ident))
    return s, head + wire.ext_params(params, first)


@CASES("RFC 9072 2: the long form is accepted although the short one would do")
def _(b):
    s, raw = extended(b, [(2, GOOD)])
    accepted(b, s, raw=raw)


@CASES("RFC 9072 2: the long form holds more than 255 octets, and one parameter more than that too")
def _(b):
    filler = b"".join(wire.cap(c, b"x" * 250) for c in range(200, 213))
    s, raw = extended(b, [(2, wire.cap_mp()), (2, filler), (2, wire.cap_as4(65000))])
    check(len(raw) > 3000, "the test is wrong")
    accepted(b, s, raw=raw)


@CASES("RFC 9072 2: the first length octet of the long form is not looked at")
def _(b):
    s, raw = extended(b, [(2, GOOD)], first=4)
    accepted(b, s, raw=raw)


@CASES("RFC 9072 2: faults in the long form")
def _(b):
    s, raw = extended(b, [(2, GOOD), (99, b"abc")])
    refused(b, s, 2, 4, raw=raw)
    s, raw = extended(b, [(2, GOOD), (255, b"abc")])
    refused(b, s, 2, 4, raw=raw)
    s, raw = extended(b, [(2, GOOD)])
    refused(b, s, 2, 0, raw=raw[:-1])
    s, raw = extended(b, [(2, GOOD + b"\x40\x09")])
    refused(b, s, 2, 0, raw=raw)
    s, _ = extended(b, [])
    refused(b, s, 2, 0, raw=struct.pack("!BHH4s", 4, 65000, 90, wire.ip(s.ident)) + b"\xff\xff\x00")


@CASES("RFC 9072 2: no parameters at all in the long form is no crime")
def _(b):
    s, raw = extended(b, [])
    either(b, s, (0, 7), raw=raw)


@CASES("RFC 9072 2: an OPEN of 255 octets of short parameters")
def _(b):
    caps = GOOD
    filler = wire.cap(200, b"x" * (253 - len(caps) - 2 - 2)) + wire.cap(201)
    s = b.fresh()
    params = wire.param(caps + filler)
    check(len(params) == 255, f"the test is wrong: {len(params)}")
    accepted(b, s, raw=wire.open_body(params, ident=s.ident))


# --- transport

@CASES("an OPEN that comes octet by octet, and one that comes with the KEEPALIVE")
def _(b):
    s = b.fresh().connect()
    raw = wire.message(wire.OPEN, wire.open_body(wire.param(GOOD), ident=s.ident))
    s.sent_open = True
    for i in range(len(raw)):
        s.send(raw[i:i + 1])
    b.wait(lambda: s.up, f"no session: {s.why()}")
    s.close()
    s = b.fresh(auto=False).connect()
    n = b.route()
    s.send(raw + wire.keepalive() + wire.update(wire.mp_reach(n) + s.path()) + wire.keepalive())
    b.sees(b.up(1), n)
    s.close()


@CASES("a stranger is not let in")
def _(b):
    s = b.speaker(f"127.{NUMBER}.9.9").connect()
    if not s.closed:
        s.say_open()
        b.wait(lambda: s.closed, "a stranger's connection stays open")
    check(not s.up and (s.notification is None or s.notification[0] == 6), f"{s.why()}")
