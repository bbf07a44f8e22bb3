/* SPDX-License-Identifier: ISC */
/* zebra-lite/arpnd.h: ARP and neighbour discovery, as far as they say who has an address.
 *
 * What    Readers of an ARP packet and of an ICMPv6 neighbour solicitation or advertisement, both
 *         from their network header on: the sender's address and MAC.  Writers of a question to one
 *         host, and of an announcement to all.
 * Rules   RFC 826; RFC 5227 (a sender of zero says nothing); RFC 4861 7.1, 7.2.
 * Not     Checksums: who acts on a packet lets the kernel ask the host.
 * Pure    No socket, no clock.
 */
#ifndef EVPND_ZEBRA_LITE_ARPND_H
#define EVPND_ZEBRA_LITE_ARPND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

#define ARPND_MAX 128 /* bytes that writers need at most */

/* Who says that it has which address. */
struct arpnd {
	struct ip ip;	/* unicast */
	struct mac mac; /* unicast */
};

/* False if it is malformed, or claims nothing that another's table should follow. */
bool arpnd_read_arp(const uint8_t *data, size_t len, struct arpnd *out);
/* from: of the Ethernet header, for an advertisement without MAC (RFC 4861 4.4). */
bool arpnd_read_nd(const uint8_t *data, size_t len, struct mac from, struct arpnd *out);

/* Does the host have `target`?  from: the asker, its address may be IPv4's zero for an ARP request.
 * The length, 0 if the families do not fit. */
size_t arpnd_ask(uint8_t out[ARPND_MAX], const struct arpnd *from, struct ip target);
/* To all: who has it (gratuitous ARP request, RFC 5227 3; unsolicited advertisement, RFC 4861 7.2.6). */
size_t arpnd_announce(uint8_t out[ARPND_MAX], const struct arpnd *who, bool router);

#endif
