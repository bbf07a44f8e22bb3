/* SPDX-License-Identifier: ISC */
/* Fuzz target: ARP (first octet 0) and neighbour discovery (any other), as the packet sockets give them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "zebra-lite/arpnd.h"

/* Whoever claims an address can ask with it, and the question claims the same. */
static void
check_claim(const struct arpnd *a)
{
	uint8_t msg[ARPND_MAX];
	struct arpnd again;
	struct ip target = a->ip;
	size_t len;

	oracle(a->ip.len == 4 || a->ip.len == 16);
	oracle(!ip_is_zero(a->ip) && !ip_is_multicast(a->ip));
	oracle(!mac_is_zero(a->mac) && !mac_is_multicast(a->mac));
	len = arpnd_announce(msg, a, true);
	oracle(a->ip.len == 4 ? arpnd_read_arp(msg, len, &again)
			      : arpnd_read_nd(msg, len, (struct mac){ { 0 } }, &again));
	oracle(ip_equal(again.ip, a->ip) && mac_equal(again.mac, a->mac));
	target.b[target.len - 1] ^= 1;
	len = arpnd_ask(msg, a, target);
	oracle(len > 0 && len <= sizeof msg);
	/* The question may be to a multicast address; who asks is said nevertheless. */
	if (ip_is_multicast(target))
		return;
	oracle(a->ip.len == 4 ? arpnd_read_arp(msg, len, &again)
			      : arpnd_read_nd(msg, len, (struct mac){ { 0 } }, &again));
	oracle(ip_equal(again.ip, a->ip) && mac_equal(again.mac, a->mac));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct mac from = { { 2, 0, 0, 0, 0, 9 } };
	struct arpnd a;
	uint8_t *copy;
	bool good;

	if (size == 0)
		return 0;
	/* The end is just where the data ends. */
	copy = malloc(size > 1 ? size - 1 : 1);
	memcpy(copy, data + 1, size - 1);
	good = data[0] == 0 ? arpnd_read_arp(copy, size - 1, &a)
			    : arpnd_read_nd(copy, size - 1, from, &a);
	if (good)
		check_claim(&a);
	free(copy);
	return 0;
}
