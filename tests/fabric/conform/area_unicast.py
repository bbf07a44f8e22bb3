# SPDX-License-Identifier: ISC
"""IPv4 and IPv6 unicast beside EVPN: RFC 4271 4.3, 5.1.3, 6.3, RFC 4760, RFC 7606 5.3, 7.3."""
import ipaddress

import wire
from bench import Cases, check
from speaker import Speaker
from wire import attr

NUMBER = 27
CASES = Cases()
INNER, INNER2, OUTER, OUTER2, FEW, MAPPED, PLAIN = 1, 2, 3, 4, 5, 6, 7
V4, V6 = (1, 1), (2, 1)
ALL = (V4, V6, wire.EVPN)
CLIENT = ["remote-as 65000"]


def pfx(text):
    """The NLRI of a prefix, as it is written."""
    net = ipaddress.ip_interface(text)
    plen = net.network.prefixlen
    return bytes([plen]) + net.packed[:(plen + 7) // 8]


def split(data):
    out = []
    while data:
        size = 1 + (data[0] + 7) // 8
        if len(data) < size:
            raise wire.Malformed("prefix overruns its field")
        out.append(data[:size])
        data = data[size:]
    return out


class Peer(Speaker):
    """Keeps what it hears of unicast in `table`: (family, prefix) -> (next hop, attributes)."""

    def __init__(self, *args, **options):
        self.table, self.ends = {}, set()
        super().__init__(*args, **{"families": ALL, **options})

    def take(self, body):
        u = Plain(body)
        self.updates += 1
        if not (u.attrs or u.order or u.withdrawn or u.nlri):
            self.ends.add(V4)
        for family, nlri in ((V4, u.withdrawn), *u.gone):
            if not nlri and u.order == [wire.MP_UNREACH]:
                self.ends.add(family)
            for n in split(nlri) if family in (V4, V6) else ():
                self.table.pop((family, n), None)
        hop = u.attrs.get(wire.NEXT_HOP, (0, b""))[1]
        for family, nlri, nexthop in ((V4, u.nlri, hop), *u.come):
            for n in split(nlri) if family in (V4, V6) else ():
                self.table[family, n] = (nexthop, u.attrs)

    def take_refresh(self, body):
        if len(body) != 4 or (int.from_bytes(body[:2], "big"), body[3]) not in self.families:
            raise wire.Malformed(f"ROUTE-REFRESH {body.hex()}")

    def hop_of(self, text):
        family = V6 if ":" in text else V4
        entry = self.table.get((family, pfx(text)))
        return entry and str(ipaddress.ip_address(entry[0]))

    def attrs_of(self, text):
        return self.table[V6 if ":" in text else V4, pfx(text)][1]

    def say4(self, *prefixes, nexthop="127.27.0.99", **over):
        hop = attr(wire.NEXT_HOP, wire.ip(nexthop)) if nexthop else b""
        attrs = self.path(targets=None, extra=hop, **over)
        return self.send(wire.update(attrs, nlri=b"".join(map(pfx, prefixes))))

    def say_mp(self, *prefixes, nexthop, family):
        return self.send(wire.update(
            wire.mp_reach(b"".join(map(pfx, prefixes)), nexthop, family) + self.path(targets=None)))

    def unsay4(self, *prefixes):
        return self.send(wire.update(withdrawn=b"".join(map(pfx, prefixes))))


class Plain(wire.Update):
    """An UPDATE of any family: come and gone are (family, NLRI bytes[, next hop])."""

    def __init__(self, body):
        self.come, self.gone = [], []
        super().__init__(body)

    def known(self, code, flags, value):
        if code == wire.MP_REACH:
            family, n = (int.from_bytes(value[:2], "big"), value[2]), value[3]
            self.come.append((family, value[5 + n:], value[4:4 + n]))
        elif code == wire.MP_UNREACH:
            self.gone.append(((int.from_bytes(value[:2], "big"), value[2]), value[3:]))
        else:
            self.attrs[code] = (flags & 0xE0, value)


def setup(b):
    inner = {INNER: [], INNER2: ["next-hop-self"], FEW: ["maximum-prefix 2"],
             MAPPED: ["route-map IN in", "route-map OUT out"], PLAIN: []}
    lines = ["router bgp 65000", " bgp router-id 10.0.0.100", " no bgp ebgp-requires-policy",
             " bgp graceful-restart restart-time 1"]
    lines += [f" neighbor {b.address(n)} remote-as 65000" for n in inner]
    lines += [f" neighbor {b.address(n)} remote-as {65000 + n}" for n in (OUTER, OUTER2)]
    for family in ("ipv4", "ipv6"):
        lines += [f" address-family {family} unicast"]
        lines += [f"  neighbor {b.address(n)} activate" for n in (*inner, OUTER, OUTER2)]
        lines += [f"  neighbor {b.address(n)} {w}" for n, words in inner.items() for w in words]
        lines += [f"  neighbor {b.address(n)} route-reflector-client" for n in inner]
        lines += [" exit-address-family"]
    lines += [" address-family l2vpn evpn"]
    lines += [f"  neighbor {b.address(n)} activate" for n in (INNER, OUTER)]
    lines += [" exit-address-family", "exit",
              "ip prefix-list TEN permit 10.0.0.0/8 le 32",
              "route-map IN permit 10", " match ip address prefix-list TEN", " set local-preference 333",
              " set community 65000:7 no-export", " set large-community 65000:1:2", " set extcommunity rt 65000:9", "exit",
              "route-map OUT deny 10", " match ip address prefix-list TEN", "exit",
              "route-map OUT permit 20", " set metric 44", " set as-path prepend 65055 65056", "exit", ""]
    b.start("\n".join(lines))


def peer(b, n, **options):
    """The established session of that peer."""
    p = b.peers.get(n)
    if p is None or p.closed:
        asn = 65000 + n if n in (OUTER, OUTER2) else 65000
        p = b.peers[n] = Peer(b.hub, b.address(n), (b.daemon.address, 1790), asn=asn, **options)
        b.speakers.append(p)
        p.establish()
        b.wait(lambda: V4 in p.ends or p.closed, f"{p.local}: no End-of-RIB of IPv4")
    return p


def hears(b, p, text):
    b.wait(lambda: p.hop_of(text) or p.closed, f"{p.local} does not hear of {text}")
    check(p.hop_of(text), f"{p.local}: {p.why()}")
    return p.hop_of(text)


def forgets(b, p, text):
    b.wait(lambda: not p.hop_of(text) or p.closed, f"{p.local} still has {text}")
    check(not p.closed, p.why())


def told_after(b, sender, watcher, name=[0]):  # pylint: disable=dangerous-default-value
    """All that the sender said has had its effect on the watcher."""
    for _ in range(2):
        name[0] += 1
        text = f"172.31.{name[0] // 256}.{name[0] % 256}/32"
        sender.say4(text)
        hears(b, watcher, text)
        sender.unsay4(text)
        forgets(b, watcher, text)


@CASES("RFC 4760 8, 4724: each family has its capability, its part of graceful restart and its End-of-RIB")
def _(b):
    p = peer(b, INNER)
    families = {(int.from_bytes(c[:2], "big"), c[3]) for c in p.open.cap(1)}
    check(families == set(ALL), f"offered {families}")
    b.wait(lambda: p.ends >= set(ALL), f"End-of-RIB of {p.ends}")


@CASES("RFC 4271 5.1.3: to an external peer our own address, to an internal one the next hop is kept; next-hop-self")
def _(b):
    o, o2, i, i2 = peer(b, OUTER), peer(b, OUTER2), peer(b, INNER), peer(b, INNER2)
    o.say4("10.1.0.0/16", "10.2.3.4/32", nexthop=o.local)
    me = b.address(254)
    check(hears(b, o2, "10.1.0.0/16") == me, f"external: {o2.hop_of('10.1.0.0/16')}")
    check(hears(b, i, "10.2.3.4/32") == o.local, f"internal: {i.hop_of('10.2.3.4/32')}")
    check(hears(b, i2, "10.1.0.0/16") == me, f"next-hop-self: {i2.hop_of('10.1.0.0/16')}")
    attrs = o2.attrs_of("10.1.0.0/16")
    check(attrs[wire.AS_PATH][1] == wire.sequence(65000, 65003), f"AS_PATH {attrs[wire.AS_PATH][1].hex()}")
    check(wire.LOCAL_PREF not in attrs, "LOCAL_PREF to an external peer")
    o.unsay4("10.1.0.0/16", "10.2.3.4/32")
    for p in (o2, i, i2):
        forgets(b, p, "10.1.0.0/16")


@CASES("RFC 4760 3: IPv4 in MP_REACH_NLRI is as good as in the fields of RFC 4271; withdrawn by either")
def _(b):
    i, o = peer(b, INNER), peer(b, OUTER)
    i.say_mp("10.3.0.0/16", nexthop=i.local, family=V4)
    hears(b, o, "10.3.0.0/16")
    i.unsay4("10.3.0.0/16")
    forgets(b, o, "10.3.0.0/16")
    i.say4("10.3.0.0/16")
    hears(b, o, "10.3.0.0/16")
    i.send(wire.update(wire.mp_unreach(pfx("10.3.0.0/16"), V4)))
    forgets(b, o, "10.3.0.0/16")


@CASES("RFC 2545: IPv6 over an IPv4 session, with a global next hop and with a link-local one behind it")
def _(b):
    i, i2 = peer(b, INNER), peer(b, PLAIN)
    i.say_mp("2001:db8:1::/48", nexthop="2001:db8::1", family=V6)
    check(hears(b, i2, "2001:db8:1::/48") == "2001:db8::1", "another next hop")
    i.say_mp("2001:db8:2::/48", nexthop=wire.ip("2001:db8::1") + wire.ip("fe80::1"), family=V6)
    check(hears(b, i2, "2001:db8:2::/48") == "2001:db8::1", "another next hop")
    i.send(wire.update(wire.mp_unreach(pfx("2001:db8:1::/48") + pfx("2001:db8:2::/48"), V6)))
    forgets(b, i2, "2001:db8:1::/48")


@CASES("RFC 4271 4.3: the default route, host routes, and bits behind the prefix, which mean nothing")
def _(b):
    i, o = peer(b, INNER), peer(b, OUTER)
    i.say4("0.0.0.0/0", "10.4.5.6/32")
    i.send(wire.update(i.path(targets=None, extra=attr(wire.NEXT_HOP, wire.ip("127.27.0.99"))),
                       nlri=b"\x14\x0a\x09\xff"))
    for text in ("0.0.0.0/0", "10.4.5.6/32"):
        hears(b, o, text)
    b.wait(lambda: (V4, b"\x14\x0a\x09\xf0") in o.table, "10.9.240.0/20 did not come")
    i.send(wire.update(withdrawn=b"\x14\x0a\x09\xf5\x00" + pfx("10.4.5.6/32")))
    forgets(b, o, "10.4.5.6/32")
    forgets(b, o, "0.0.0.0/0")


@CASES("RFC 4271 6.3: our own address as next hop, one that no host has, and one of IPv6 (RFC 8950 was not agreed)")
def _(b):
    o, i = peer(b, OUTER), peer(b, INNER)
    o.say4("10.5.0.0/16", nexthop=o.local)
    hears(b, i, "10.5.0.0/16")
    o.say4("10.5.0.0/16", nexthop=b.address(254))
    forgets(b, i, "10.5.0.0/16")
    for hop in ("0.0.0.0", "224.0.0.1", "255.255.255.255"):
        o.say4("10.5.0.0/16", nexthop=hop)
    o.say_mp("10.6.0.0/16", nexthop="2001:db8::1", family=V4)
    told_after(b, o, i)
    check(not i.hop_of("10.5.0.0/16") and not i.hop_of("10.6.0.0/16"), "taken")


@CASES("RFC 7606 3d: without NEXT_HOP the routes are withdrawn, the session stays")
def _(b):
    o, i = peer(b, OUTER), peer(b, INNER)
    o.say4("10.7.0.0/16", nexthop=o.local)
    hears(b, i, "10.7.0.0/16")
    o.say4("10.7.0.0/16", nexthop=None)
    forgets(b, i, "10.7.0.0/16")
    told_after(b, o, i)


@CASES("RFC 4271 6.3: a prefix longer than an address ends the session with 3/10")
def _(b):
    for make in (lambda p: wire.update(p.path(targets=None, extra=attr(wire.NEXT_HOP, wire.ip(p.local))),
                                       nlri=b"\x21\x0a\0\0\0\0"),
                 lambda p: wire.update(withdrawn=b"\x21\x0a\0\0\0\0"),
                 lambda p: wire.update(withdrawn=b"\x18\x0a\0")):
        p = peer(b, OUTER)
        p.send(make(p))
        b.wait(lambda p=p: p.closed, "the session stays")
        check(p.notification and p.notification[:2] == (3, 10), p.why())


@CASES("RFC 5492 5: sessions live with any common family; without one 2/7 names what is missing")
def _(b):
    for families in ((V4,), (V6,), (wire.EVPN,), (V4, (1, 2), (16397, 71))):
        p = Peer(b.hub, b.address(INNER), (b.daemon.address, 1790), families=families)
        if b.peers.get(INNER):
            b.peers.pop(INNER).close()
        p.establish()
        p.close()
    p = Peer(b.hub, b.address(PLAIN), (b.daemon.address, 1790), families=(wire.EVPN,))
    if b.peers.get(PLAIN):
        b.peers.pop(PLAIN).close()
    p.connect().say_open()
    b.wait(lambda: p.closed, "the session stays")
    check(p.notification and p.notification[:2] == (2, 7), p.why())
    check(p.notification[2] == wire.cap_mp(V4) + wire.cap_mp(V6), f"data {p.notification[2].hex()}")


@CASES("RFC 4760 8: a peer without any capability speaks IPv4 unicast")
def _(b):
    if b.peers.get(PLAIN):
        b.peers.pop(PLAIN).close()
    p = peer(b, PLAIN, caps=b"", as4=False)
    i = peer(b, INNER)
    i.say4("10.8.0.0/16")
    hears(b, p, "10.8.0.0/16")
    i.unsay4("10.8.0.0/16")
    forgets(b, p, "10.8.0.0/16")
    b.peers.pop(PLAIN).close()


@CASES("RFC 2918: a request for one family is answered with that one alone")
def _(b):
    i, p = peer(b, INNER), peer(b, PLAIN)
    i.say4("10.10.0.0/16")
    i.say_mp("2001:db8:10::/48", nexthop="2001:db8::1", family=V6)
    hears(b, p, "10.10.0.0/16")
    hears(b, p, "2001:db8:10::/48")
    p.table.clear()
    p.send(wire.refresh(family=V6))
    hears(b, p, "2001:db8:10::/48")
    told_after(b, i, p)
    check(not p.hop_of("10.10.0.0/16"), "IPv4 came too")
    i.unsay4("10.10.0.0/16")
    i.send(wire.update(wire.mp_unreach(pfx("2001:db8:10::/48"), V6)))


@CASES("RFC 4486 4: the limit of a family: 6/1 with this family and the limit")
def _(b):
    p = peer(b, FEW)
    p.say_mp("2001:db8:20::/48", "2001:db8:21::/48", nexthop="2001:db8::1", family=V6)
    p.say4("10.20.0.0/16", "10.21.0.0/16")
    told_after(b, peer(b, INNER), p)
    p.say4("10.22.0.0/16")
    b.wait(lambda: p.closed, "the session stays")
    check(p.notification and p.notification[:2] == (6, 1), p.why())
    check(p.notification[2] == b"\0\1\1\0\0\0\2", f"data {p.notification[2].hex()}")


@CASES("route-maps: what comes in is chosen and changed, and what goes out")
def _(b):
    m, i = peer(b, MAPPED, err=True), peer(b, INNER)
    m.say4("10.30.0.0/16", "192.168.30.0/24")
    hears(b, i, "10.30.0.0/16")
    check(i.attrs_of("10.30.0.0/16")[wire.LOCAL_PREF][1] == wire.u32(333), "LOCAL_PREF was not set")
    check(b.daemon.neighbor(b.address(MAPPED))["prefixStats"]["inboundFiltered"] == 1, "what was denied is not counted")
    got = i.attrs_of("10.30.0.0/16")
    check(got[wire.COMMUNITY][1] == wire.u32(65000 << 16 | 7) + wire.u32(0xFFFFFF01), "communities were not set")
    check(got[wire.LARGE_COMMUNITY][1] == b"".join(map(wire.u32, (65000, 1, 2))), "large communities were not set")
    check(wire.EXT_COMMUNITY in got and got[wire.EXT_COMMUNITY][1] == b"\0\2\xfd\xe8\0\0\0\x09", "no route target was set")
    i.say4("10.31.0.0/16", "192.168.31.0/24")
    hears(b, m, "192.168.31.0/24")
    check(m.attrs_of("192.168.31.0/24")[wire.MED][1] == wire.u32(44), "MED was not set")
    check(m.attrs_of("192.168.31.0/24")[wire.AS_PATH][1] == b"\2\2" + wire.u32(65055) + wire.u32(65056), "the path is as it was")
    check(not i.hop_of("192.168.30.0/24"), "192.168.30.0/24 came in")
    check(not m.hop_of("10.31.0.0/16"), "10.31.0.0/16 went out")
    b.daemon.vtysh("configure terminal", "route-map OUT permit 5", "match ip address prefix-list TEN")
    hears(b, m, "10.31.0.0/16")
    i.unsay4("10.31.0.0/16", "192.168.31.0/24")
    forgets(b, m, "10.31.0.0/16")


@CASES("show bgp ipv4 unicast: paths, the best one, where they come from")
def _(b):
    i, p = peer(b, INNER), peer(b, PLAIN)
    i.say4("10.40.0.0/16", med=attr(wire.MED, wire.u32(9)))
    hears(b, p, "10.40.0.0/16")
    paths = b.daemon.show("show bgp ipv4 unicast")["routes"]["10.40.0.0/16"]
    check(len(paths) == 1 and paths[0]["bestpath"] and paths[0]["metric"] == 9, f"{paths}")
    check(paths[0]["peerId"] == i.local and paths[0]["pathFrom"] == "internal", f"{paths}")
    peers = b.daemon.show("show bgp ipv4 unicast summary")["peers"]
    check(peers[i.local]["pfxRcd"] >= 1, f"{peers[i.local]}")
    i.unsay4("10.40.0.0/16")
