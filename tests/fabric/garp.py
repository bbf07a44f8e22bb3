#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""garp.py ADDRESS [MAC]: one gratuitous ARP, or one unsolicited neighbour advertisement, out of eth0.

garp.py --listen ADDRESS: the MAC of each gratuitous ARP for that IPv4 address that comes in."""
import ipaddress
import socket
import struct
import sys

ALL_NODES = ipaddress.ip_address("ff02::1").packed


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def arp(mac: bytes, addr: bytes) -> bytes:
    head = b"\xff" * 6 + mac + struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1)
    return head + mac + addr + bytes(6) + addr


def advertisement(mac: bytes, addr: bytes) -> bytes:
    body = struct.pack("!BBHI", 136, 0, 0, 0x20000000) + addr + b"\x02\x01" + mac
    sum_ = checksum(addr + ALL_NODES + struct.pack("!II", len(body), 58) + body)
    body = body[:2] + struct.pack("!H", sum_) + body[4:]
    head = struct.pack("!IHBB", 6 << 28, len(body), 58, 255) + addr + ALL_NODES
    return b"\x33\x33\x00\x00\x00\x01" + mac + struct.pack("!H", 0x86DD) + head + body


def listen(addr: bytes) -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0806)) as s:
        s.bind(("eth0", 0x0806))
        print("listening", flush=True)
        while True:
            p = s.recv(64)
            if p[14:18] == addr and p[24:28] == addr:
                print(p[8:14].hex(":"), flush=True)


if sys.argv[1] == "--listen":
    listen(ipaddress.ip_address(sys.argv[2]).packed)
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
    s.bind(("eth0", 0))
    own = s.getsockname()[4]
    mac = bytes.fromhex(sys.argv[2].replace(":", "")) if len(sys.argv) > 2 else own
    addr = ipaddress.ip_address(sys.argv[1])
    s.send(arp(mac, addr.packed) if addr.version == 4 else advertisement(mac, addr.packed))
