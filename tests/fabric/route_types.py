#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""route_types.py SERVER SOURCE: announces routes of types 2, 3, 6, 9 and 99, says "announced", and stays."""
import socket
import struct
import sys
import time

from peer import BASE, Peer, macip, mp_reach, update

RD = struct.pack("!H4sH", 1, socket.inet_aton("10.9.9.9"), 7)


def nlri(kind, body):
    return struct.pack("!BB", kind, len(body)) + body


peer = Peer(sys.argv[1], sys.argv[2]).establish()
originator = b"\x20" + socket.inet_aton("10.9.9.9")
for route in (
    macip(1),
    nlri(3, RD + bytes(4) + originator),
    nlri(6, RD + bytes(4) + b"\x00" + b"\x20\xef\x01\x01\x01" + originator + b"\x01"),  # (*, 239.1.1.1)
    nlri(9, RD + bytes(4) + originator),
    nlri(99, b"hello"),
):
    peer.send(update(BASE + mp_reach(route)))
print("announced", flush=True)
while not peer.closed:
    peer.poll()
    time.sleep(0.1)
print("closed", peer.notification, flush=True)
