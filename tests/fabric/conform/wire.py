# SPDX-License-Identifier: ISC
"""Bytes of BGP, written from the RFCs: what a test sends, and a strict reading of what comes back.

Encoders put together whatever a test asks for, right or wrong.  Decoders accept only what the RFCs allow a speaker
to send: a fault raises Malformed, a departure from a SHOULD is left to the caller.
"""
import ipaddress
import socket
import struct

OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH = 1, 2, 3, 4, 5
MARKER = b"\xff" * 16
HEADER = 19
EVPN = (25, 70)
AS_TRANS = 23456

ORIGIN, AS_PATH, NEXT_HOP, MED, LOCAL_PREF, ATOMIC, AGGREGATOR, COMMUNITY = 1, 2, 3, 4, 5, 6, 7, 8
ORIGINATOR_ID, CLUSTER_LIST, MP_REACH, MP_UNREACH, EXT_COMMUNITY, AS4_PATH, AS4_AGGREGATOR = 9, 10, 14, 15, 16, 17, 18
PMSI, IPV6_EXT_COMMUNITY, LARGE_COMMUNITY = 22, 25, 32

# Optional and Transitive as each attribute's RFC fixes them.
FLAGS = {
    ORIGIN: 0x40, AS_PATH: 0x40, NEXT_HOP: 0x40, MED: 0x80, LOCAL_PREF: 0x40, ATOMIC: 0x40, AGGREGATOR: 0xC0,
    COMMUNITY: 0xC0, ORIGINATOR_ID: 0x80, CLUSTER_LIST: 0x80, MP_REACH: 0x80, MP_UNREACH: 0x80, EXT_COMMUNITY: 0xC0,
    AS4_PATH: 0xC0, AS4_AGGREGATOR: 0xC0, PMSI: 0xC0, IPV6_EXT_COMMUNITY: 0xC0, LARGE_COMMUNITY: 0xC0,
}

CAP_MP, CAP_REFRESH, CAP_EXTMSG, CAP_GR, CAP_AS4, CAP_ERR = 1, 2, 6, 64, 65, 70


class Malformed(Exception):
    """A message that no speaker may send."""


# --- messages -----------------------------------------------------------------------------------

def u16(n):
    return struct.pack("!H", n)


def u32(n):
    return struct.pack("!I", n)


def ip(text):
    """The bytes of an address of either family."""
    return ipaddress.ip_address(text).packed


def message(kind, body=b"", length=None, marker=MARKER):
    return marker + struct.pack("!HB", HEADER + len(body) if length is None else length, kind) + body


def keepalive():
    return message(KEEPALIVE)


def notification(code, subcode, data=b""):
    return message(NOTIFICATION, bytes([code, subcode]) + data)


def refresh(subtype=0, family=EVPN, extra=b""):
    return message(REFRESH, struct.pack("!HBB", family[0], subtype, family[1]) + extra)


# --- OPEN ---------------------------------------------------------------------------------------

def cap(code, value=b""):
    return struct.pack("!BB", code, len(value)) + value


def cap_mp(family=EVPN):
    return cap(CAP_MP, struct.pack("!HBB", family[0], 0, family[1]))


def cap_as4(asn):
    return cap(CAP_AS4, u32(asn))


def cap_gr(seconds, flags=0, families=()):
    """families: (family, flags) pairs; flags: 8 restarting, 4 notifications too (RFC 8538)."""
    return cap(CAP_GR, u16(flags << 12 | seconds) + b"".join(struct.pack("!HBB", f[0], f[1], fl) for f, fl in families))


def param(value, kind=2):
    return struct.pack("!BB", kind, len(value)) + value


def open_body(params, version=4, asn=65000, hold=90, ident="10.0.0.1", plen=None):
    plen = len(params) if plen is None else plen
    return struct.pack("!BHH4sB", version, asn, hold, ip(ident), plen) + params


def ext_params(params, first=255):
    """RFC 9072: what follows the hold time and identifier when parameters have lengths of two octets."""
    body = b"".join(struct.pack("!BH", kind, len(value)) + value for kind, value in params)
    return struct.pack("!BBH", first, 255, len(body)) + body


class Open:
    """A received OPEN: version, asn (of the fixed field), hold, ident, caps [(code, value)]."""

    def __init__(self, body):
        if len(body) < 10:
            raise Malformed("OPEN shorter than 29 octets")
        self.version, self.asn, self.hold, ident, plen = struct.unpack("!BHH4sB", body[:10])
        self.ident, self.caps, self.extended = socket.inet_ntoa(ident), [], False
        data, size = body[10:], 1
        if plen and data[:1] == b"\xff":
            self.extended, size, data = True, 2, data[1:]
            plen = struct.unpack("!H", data[:2])[0]
            data = data[2:]
        if plen != len(data):
            raise Malformed("OPEN with a wrong length of optional parameters")
        while data:
            kind, n = data[0], int.from_bytes(data[1:1 + size], "big")
            value, data = data[1 + size:1 + size + n], data[1 + size + n:]
            if len(value) != n:
                raise Malformed("optional parameter overruns the OPEN")
            if kind != 2:
                raise Malformed(f"optional parameter {kind}")
            self.caps += tlvs(value)

    def cap(self, code):
        return [v for c, v in self.caps if c == code]


def tlvs(data):
    out = []
    while data:
        if len(data) < 2 or len(data) < 2 + data[1]:
            raise Malformed("capability overruns its parameter")
        out.append((data[0], data[2:2 + data[1]]))
        data = data[2 + data[1]:]
    return out


# --- path attributes ----------------------------------------------------------------------------

def attr(code, value=b"", flags=None, extended=False):
    flags = FLAGS.get(code, 0xC0) if flags is None else flags
    if extended or len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, code, len(value)) + value
    return struct.pack("!BBB", flags & ~0x10, code, len(value)) + value


def sequence(*asns, size=4, kind=2):
    """An AS_PATH's value: one segment (none when there are no AS)."""
    return segment(kind, asns, size) if asns else b""


def segment(kind, asns, size=4):
    return bytes([kind, len(asns)]) + b"".join(n.to_bytes(size, "big") for n in asns)


def segments(value, size=4):
    out = []
    while value:
        kind, count = value[0], value[1] if len(value) > 1 else 0
        n = 2 + count * size
        if kind not in (1, 2) or count == 0 or len(value) < n:
            raise Malformed(f"AS_PATH segment of type {kind} with {count} AS")
        out.append((kind, tuple(int.from_bytes(value[i:i + size], "big") for i in range(2, n, size))))
        value = value[n:]
    return out


def mp_reach(nlri, nexthop="192.0.2.1", family=EVPN, reserved=0, flags=None, extended=False):
    hop = nexthop if isinstance(nexthop, bytes) else ip(nexthop)
    return attr(MP_REACH, struct.pack("!HBB", *family, len(hop)) + hop + bytes([reserved]) + nlri, flags, extended)


def mp_unreach(nlri=b"", family=EVPN, flags=None):
    return attr(MP_UNREACH, struct.pack("!HB", *family) + nlri, flags)


def update(attrs=b"", withdrawn=b"", nlri=b"", wlen=None, alen=None):
    wlen = len(withdrawn) if wlen is None else wlen
    alen = len(attrs) if alen is None else alen
    return message(UPDATE, u16(wlen) + withdrawn + u16(alen) + attrs + nlri)


def target(asn, number):
    """A route target of a two-octet AS, as an extended community."""
    return struct.pack("!BBHI", 0, 2, asn, number)


def mobility(seq, sticky=False):
    return struct.pack("!BBBBI", 6, 0, int(sticky), 0, seq)


# --- EVPN NLRI ----------------------------------------------------------------------------------

def nlri(kind, body):
    return bytes([kind, len(body)]) + body


def rd(number, address="10.9.9.9"):
    return u16(1) + ip(address) + u16(number)


def label(number):
    return number.to_bytes(3, "big")


def macip(n, address=None, dist=7, esi=bytes(10), labels=label(100), tag=0, maclen=48):
    """Type 2; the MAC ends in n."""
    host = ip(address) if address else b""
    body = rd(dist) + esi + u32(tag) + bytes([maclen]) + b"\x02\x00" + u32(n) + bytes([8 * len(host)]) + host + labels
    return nlri(2, body)


def imet(address, dist=7, tag=0):
    host = ip(address)
    return nlri(3, rd(dist) + u32(tag) + bytes([8 * len(host)]) + host)


def split_nlri(data):
    """The NLRI of an EVPN field, each whole."""
    out, at = [], 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            raise Malformed("EVPN NLRI overruns its field")
        out.append(data[at:at + 2 + data[at + 1]])
        at += 2 + data[at + 1]
    return out


def key(route):
    """What names a route (RFC 7432 7, RFC 9136 3): without ESI (types 2, 5), gateway and labels."""
    kind = route[0]
    if kind == 2 and len(route) >= 35:
        return route[:1] + route[2:10] + route[20:32 + route[31] // 8]
    if kind == 5 and len(route) in (36, 60):
        return route[:1] + route[2:10] + route[20:25 + (4 if len(route) == 36 else 16)]
    if kind == 1 and len(route) == 27:
        return route[:1] + route[2:24]
    return route


# --- UPDATE -------------------------------------------------------------------------------------

class Update:
    """A received UPDATE: reach and unreach lists of EVPN NLRI, nexthop bytes, attrs code -> (flags, value)."""

    def __init__(self, body, as_size=4):
        if len(body) < 4:
            raise Malformed("UPDATE shorter than 23 octets")
        wlen = struct.unpack("!H", body[:2])[0]
        alen = struct.unpack("!H", body[2 + wlen:4 + wlen])[0] if len(body) >= 4 + wlen else -1
        if alen < 0 or 4 + wlen + alen > len(body):
            raise Malformed("UPDATE with lengths that overrun it")
        self.withdrawn, self.nlri = body[2:2 + wlen], body[4 + wlen + alen:]
        self.reach, self.unreach, self.nexthop, self.family = [], [], b"", None
        self.attrs, self.order = {}, []
        self.attributes(body[4 + wlen:4 + wlen + alen])
        for code in (AS_PATH, AS4_PATH):
            if code in self.attrs:
                segments(self.attrs[code][1], as_size if code == AS_PATH else 4)

    def attributes(self, data):
        while data:
            head = 4 if data[0] & 0x10 else 3
            if len(data) < head:
                raise Malformed("attribute header overruns the attributes")
            flags, code, n = data[0], data[1], int.from_bytes(data[2:head], "big")
            value, data = data[head:head + n], data[head + n:]
            if len(value) != n:
                raise Malformed(f"attribute {code} overruns the attributes")
            if code in self.order:
                raise Malformed(f"attribute {code} twice")
            if flags & 0x0F:
                raise Malformed(f"attribute {code} with unused flags set: {flags:#x}")
            if code in FLAGS and flags & 0xC0 != FLAGS[code]:
                raise Malformed(f"attribute {code} with flags {flags:#x}")
            if flags & 0x20 and flags & 0xC0 != 0xC0:
                raise Malformed(f"attribute {code}, not optional transitive, is partial")
            self.order.append(code)
            self.known(code, flags, value)

    def known(self, code, flags, value):
        if code == MP_REACH:
            if len(value) < 5 or len(value) < 5 + value[3]:
                raise Malformed("MP_REACH_NLRI too short")
            self.family = struct.unpack("!HB", value[:3])
            self.nexthop = value[4:4 + value[3]]
            if value[4 + value[3]] != 0:
                raise Malformed("MP_REACH_NLRI whose reserved octet is not 0")
            self.reach = split_nlri(value[5 + value[3]:])
            if not self.reach:
                raise Malformed("MP_REACH_NLRI without a route")
        elif code == MP_UNREACH:
            if len(value) < 3:
                raise Malformed("MP_UNREACH_NLRI too short")
            self.family = struct.unpack("!HB", value[:3])
            self.unreach = split_nlri(value[3:])
        else:
            self.attrs[code] = (flags & 0xE0, value)

    @property
    def is_eor(self):
        return self.order == [MP_UNREACH] and not self.unreach and not self.withdrawn and not self.nlri
