#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""exabgp_routes.py SERVER SOURCE: EVPN routes of types 1 to 5 as ExaBGP's own encoders write them.

ExaBGP 4 has classes for these routes but no words for them in its configuration, so they are made here and
announced in a session of peer.py.  Says "announced", withdraws on a line of standard input, and ends at its end.
"""
import socket
import sys

from exabgp.bgp.message.update.nlri.evpn.ethernetad import EthernetAD
from exabgp.bgp.message.update.nlri.evpn.mac import MAC
from exabgp.bgp.message.update.nlri.evpn.multicast import Multicast
from exabgp.bgp.message.update.nlri.evpn.prefix import Prefix
from exabgp.bgp.message.update.nlri.evpn.segment import EthernetSegment
from exabgp.bgp.message.update.nlri.qualifier import ESI, EthernetTag, Labels
from exabgp.bgp.message.update.nlri.qualifier import MAC as Mac
from exabgp.bgp.message.update.nlri.qualifier import RouteDistinguisher
from exabgp.protocol.ip import IP

from peer import BASE, Peer, attr, mp_reach, mp_unreach, update

RD = RouteDistinguisher.fromElements("10.9.9.9", 7)
SEGMENT = ESI(bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
NONE = ESI()


def ip(text):
    return IP.create(text)


ROUTES = [
    EthernetAD(RD, SEGMENT, EthernetTag(0xFFFFFFFF), Labels([0], True)),
    EthernetAD(RD, SEGMENT, EthernetTag(0), Labels([100], True)),
    MAC(RD, NONE, EthernetTag(0), Mac("02:00:00:00:00:01"), 48, Labels([100], True), None),
    MAC(RD, SEGMENT, EthernetTag(5), Mac("02:00:00:00:00:02"), 48, Labels([100], True), ip("10.1.0.2")),
    MAC(RD, NONE, EthernetTag(0), Mac("02:00:00:00:00:03"), 48, Labels([100], True), ip("fd01::3")),
    Multicast(RD, EthernetTag(0), ip("10.9.9.9")),
    Multicast(RD, EthernetTag(0), ip("fd00::9")),
    EthernetSegment(RD, SEGMENT, ip("10.9.9.9")),
    Prefix(RD, NONE, EthernetTag(0), Labels([200], True), ip("10.2.0.0"), 16, ip("0.0.0.0")),
    Prefix(RD, NONE, EthernetTag(0), Labels([200], True), ip("fd02::"), 32, ip("fd00::9")),
]


def packed(route):
    # The base class frames what the route's own class wrote: type, length, value.
    return bytes([route.CODE, len(route._packed)]) + route._packed  # pylint: disable=protected-access


MOBILITY = attr(0xC0, 16, bytes([0, 2, 0xFD, 0xE8, 0, 0, 0, 100, 6, 0, 1, 0, 0, 0, 0, 7, 3, 0x0C, 0, 0, 0, 0, 0, 8]))
PMSI = attr(0xC0, 22, bytes([0, 6, 0, 0, 100]) + socket.inet_aton("10.9.9.9"))


def attributes(route):
    own = PMSI if isinstance(route, Multicast) else b""
    own += MOBILITY if isinstance(route, MAC) else b""
    base = BASE[:-len(attr(0xC0, 16, bytes(8)))] if isinstance(route, MAC) else BASE
    return base + own


def main():
    peer = Peer(sys.argv[1], sys.argv[2]).establish()
    for route in ROUTES:
        peer.send(update(attributes(route) + mp_reach(packed(route))))
    print("announced", flush=True)
    for line in sys.stdin:
        if line.startswith("withdraw"):
            peer.send(update(mp_unreach(b"".join(packed(r) for r in ROUTES))))
            print("withdrawn", flush=True)
        peer.poll()


main()
