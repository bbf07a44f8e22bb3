/* SPDX-License-Identifier: ISC */
/* Claims in ARP and neighbour discovery, and the questions that are asked. */
#include "config.h"

#include <check.h>
#include <string.h>

#include "tests/unit/run.h"
#include "zebra-lite/arpnd.h"

static const struct mac host = { { 2, 0xaa, 0, 0, 0x6e, 2 } };
static const struct mac other = { { 2, 0, 0, 0, 0, 9 } };

static struct ip
addr(const char *text)
{
	struct ip ip;

	ck_assert(ip_parse(text, &ip));
	return ip;
}

/* The length of a question of `from`, in msg. */
static size_t
question(uint8_t msg[ARPND_MAX], const char *from, const char *target)
{
	struct arpnd a = { addr(from), host };

	return arpnd_ask(msg, &a, addr(target));
}

START_TEST(t_arp_claims)
{
	uint8_t msg[ARPND_MAX];
	size_t len = question(msg, "10.1.10.50", "10.1.10.1");
	struct arpnd a;

	ck_assert_uint_eq(len, 28);
	ck_assert(arpnd_read_arp(msg, len, &a));
	ck_assert(ip_equal(a.ip, addr("10.1.10.50")) && mac_equal(a.mac, host));
	msg[7] = 2; /* a reply is one too */
	ck_assert(arpnd_read_arp(msg, len, &a));
	msg[7] = 3;
	ck_assert(!arpnd_read_arp(msg, len, &a));
}
END_TEST

START_TEST(t_arp_without_claim)
{
	static const char *const senders[] = { "0.0.0.0", "255.255.255.255", "224.0.0.5",
		"127.0.0.1" };
	uint8_t msg[ARPND_MAX];
	struct arpnd a;

	for (unsigned i = 0; i < sizeof senders / sizeof *senders; i++)
		ck_assert(
		    !arpnd_read_arp(msg, question(msg, senders[i], "10.1.10.1"), &a));
	for (size_t len = 0; len < 28; len++) {
		question(msg, "10.1.10.50", "10.1.10.1");
		ck_assert(!arpnd_read_arp(msg, len, &a));
	}
}
END_TEST

START_TEST(t_solicitation_claims)
{
	uint8_t msg[ARPND_MAX];
	size_t len = question(msg, "fd01::50", "fd01::1");
	uint32_t sum = 32 + 58;
	struct arpnd a;

	ck_assert_uint_eq(len, 72);
	ck_assert(arpnd_read_nd(msg, len, other, &a));
	ck_assert(ip_equal(a.ip, addr("fd01::50")) && mac_equal(a.mac, host));
	/* RFC 1071: the sum of all, the checksum included, is all ones. */
	for (size_t i = 8; i < len; i += 2)
		sum += (uint32_t)msg[i] << 8 | msg[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	ck_assert_uint_eq((sum & 0xffff) + (sum >> 16), 0xffff);
	for (size_t n = 0; n < len; n++)
		ck_assert(!arpnd_read_nd(msg, n, other, &a));
}
END_TEST

/* Makes an advertisement of the solicitation: its target is fd01::1. */
static void
advertise(uint8_t *msg, uint8_t flags, uint8_t option)
{
	question(msg, "fd01::50", "fd01::1");
	msg[40] = 136;
	msg[44] = flags;
	msg[64] = option;
}

START_TEST(t_advertisements)
{
	uint8_t msg[ARPND_MAX];
	struct arpnd a;

	advertise(msg, 0x20, 2);
	ck_assert(arpnd_read_nd(msg, 72, other, &a));
	ck_assert(ip_equal(a.ip, addr("fd01::1")) && mac_equal(a.mac, host));
	advertise(msg, 0x40, 1); /* another option: the frame's MAC */
	ck_assert(arpnd_read_nd(msg, 72, other, &a) && mac_equal(a.mac, other));
	advertise(msg, 0x80, 2);
	ck_assert(!arpnd_read_nd(msg, 72, other, &a));
	advertise(msg, 0x60, 2);
	msg[24] = 0xff; /* solicited, and to a multicast address */
	ck_assert(!arpnd_read_nd(msg, 72, other, &a));
	advertise(msg, 0x20, 2);
	msg[7] = 254;
	ck_assert(!arpnd_read_nd(msg, 72, other, &a));
	advertise(msg, 0x20, 2);
	msg[65] = 0; /* an option of no length */
	ck_assert(!arpnd_read_nd(msg, 72, other, &a));
}
END_TEST

START_TEST(t_families)
{
	uint8_t msg[ARPND_MAX];

	ck_assert_uint_eq(question(msg, "10.1.10.50", "fd01::1"), 0);
	ck_assert_uint_eq(question(msg, "fd01::1", "10.1.10.50"), 0);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_arp_claims, 0, 0 },
		{ t_arp_without_claim, 0, 0 },
		{ t_solicitation_claims, 0, 0 },
		{ t_advertisements, 0, 0 },
		{ t_families, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("arpnd", tests);
}
