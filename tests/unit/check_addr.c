/* SPDX-License-Identifier: ISC */
/* Addresses: text there and back, order, classes, prefixes, RD and route target forms. */
#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "lib/addr.h"
#include "lib/util.h"
#include "tests/unit/run.h"

START_TEST(macs)
{
	static const char *const bad[] = { "", "00:11:22:33:44",
		"00:11:22:33:44:55:", "00:11:22:33:44:5", "00:11:22:33:44:5g",
		"00-11-22-33-44-55", "001122334455", " 00:11:22:33:44:55",
		"00:11:22:33:44:55 ", "0:1:2:3:4:5" };
	char buf[MAC_STRLEN];
	struct mac m, zero = { { 0 } };

	ck_assert(mac_parse("00:1A:2b:ff:00:05", &m));
	ck_assert_mem_eq(m.b, "\x00\x1a\x2b\xff\x00\x05", 6);
	ck_assert_str_eq(mac_format(m, buf), "00:1a:2b:ff:00:05");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_msg(!mac_parse(bad[i], &m), "%s", bad[i]);
	ck_assert_str_eq(mac_format(m, buf), "00:1a:2b:ff:00:05");
	ck_assert(mac_is_zero(zero) && !mac_is_zero(m));
	ck_assert(!mac_is_multicast(m));
	ck_assert(mac_is_multicast((struct mac){ { 0x01, 0, 0x5e } }));
	ck_assert(mac_equal(m, m) && !mac_equal(m, zero));
	ck_assert(mac_cmp(zero, m) < 0 && mac_cmp(m, zero) > 0 && mac_cmp(m, m) == 0);
}
END_TEST

START_TEST(ips)
{
	static const char *const good[] = { "0.0.0.0", "10.1.2.3", "255.255.255.255",
		"::", "::1", "2001:db8::5", "fe80::1", "ff02::1:ff00:1",
		"::ffff:10.0.0.1", "1:2:3:4:5:6:7:8" };
	static const char *const bad[] = { "", "10.1.2", "10.1.2.3.4", "10.1.2.256",
		"010.1.2.3", ":::", "1:2:3:4:5:6:7", "2001:db8::5%eth0", "10.0.0.1/8",
		"x" };
	char buf[IP_STRLEN];
	struct ip a, b;

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		ck_assert_msg(ip_parse(good[i], &a), "%s", good[i]);
		ck_assert_uint_eq(a.len, strchr(good[i], ':') ? 16 : 4);
		ck_assert_str_eq(ip_format(a, buf), good[i]);
		/* In the list's order. */
		if (i > 0 && i < 8)
			ck_assert_msg(
			    ip_cmp(b, a) < 0 && ip_cmp(a, b) > 0, "%s", good[i]);
		b = a;
		ck_assert(ip_equal(a, b) && ip_cmp(a, b) == 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ck_assert_msg(!ip_parse(bad[i], &a), "%s", bad[i]);
	ck_assert_str_eq(ip_format((struct ip){ .len = 0 }, buf), "-");
	a = ip_v4(0x0a000001);
	ck_assert_str_eq(ip_format(a, buf), "10.0.0.1");
	ck_assert_uint_eq(ip_v4_host(a), 0x0a000001);
	b = ip_v6((const uint8_t[16]){ 0x20, 0x01, [15] = 9 });
	ck_assert_str_eq(ip_format(b, buf), "2001::9");
	ck_assert_uint_eq(ip_v4_host(b), 0);
}
END_TEST

START_TEST(ip_classes)
{
	static const struct {
		const char *text;
		bool zero, multicast, linklocal, loopback;
	} cases[] = {
		{ "0.0.0.0", true, false, false, false },
		{ "10.0.0.1", false, false, false, false },
		{ "127.0.0.2", false, false, false, true },
		{ "169.254.3.4", false, false, true, false },
		{ "224.0.0.1", false, true, false, false },
		{ "239.255.255.255", false, true, false, false },
		{ "240.0.0.1", false, false, false, false },
		{ "::", true, false, false, false },
		{ "::1", false, false, false, true },
		{ "::2", false, false, false, false },
		{ "fe80::1", false, false, true, false },
		{ "febf::1", false, false, true, false },
		{ "fec0::1", false, false, false, false },
		{ "ff02::1", false, true, false, false },
		{ "7f00::", false, false, false, false },
		{ "e000::1", false, false, false, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ip a;

		ck_assert(ip_parse(cases[i].text, &a));
		ck_assert_msg(ip_is_zero(a) == cases[i].zero &&
				  ip_is_multicast(a) == cases[i].multicast &&
				  ip_is_linklocal(a) == cases[i].linklocal &&
				  ip_is_loopback(a) == cases[i].loopback,
		    "%s", cases[i].text);
	}
}
END_TEST

START_TEST(sockaddrs)
{
	static const char *const texts[] = { "10.1.2.3", "2001:db8::7" };
	struct sockaddr_storage ss;
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(5) };
	char buf[IP_STRLEN];
	uint16_t port;
	struct ip a, b;

	for (size_t i = 0; i < 2; i++) {
		ck_assert(ip_parse(texts[i], &a));
		ck_assert_uint_eq(ip_to_sockaddr(a, 179, &ss),
		    i == 0 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
		b = ip_from_sockaddr(&ss, &port);
		ck_assert(ip_equal(a, b));
		ck_assert_uint_eq(port, 179);
	}
	/* An IPv4 peer on a socket of both families. */
	inet_pton(AF_INET6, "::ffff:10.9.8.7", &sin6.sin6_addr);
	memset(&ss, 0, sizeof(ss));
	memcpy(&ss, &sin6, sizeof(sin6));
	ck_assert_str_eq(ip_format(ip_from_sockaddr(&ss, NULL), buf), "10.9.8.7");
	ss.ss_family = AF_UNIX;
	ck_assert_uint_eq(ip_from_sockaddr(&ss, &port).len, 0);
	ck_assert_uint_eq(ip_to_sockaddr((struct ip){ .len = 0 }, 1, &ss), 0);
}
END_TEST

START_TEST(prefixes)
{
	static const struct {
		const char *text, *canon; /* canon NULL: not a prefix */
	} cases[] = {
		{ "10.1.2.3/24", "10.1.2.0/24" },
		{ "10.1.2.3/0", "0.0.0.0/0" },
		{ "10.1.2.255/31", "10.1.2.254/31" },
		{ "10.1.2.3", "10.1.2.3/32" },
		{ "10.1.2.3/32", "10.1.2.3/32" },
		{ "2001:db8:ffff::1/33", "2001:db8:8000::/33" },
		{ "2001:db8::1", "2001:db8::1/128" },
		{ "::/0", "::/0" },
		{ "10.1.2.3/33", NULL },
		{ "10.1.2.3/", NULL },
		{ "10.1.2.3/-1", NULL },
		{ "10.1.2.3/8/8", NULL },
		{ "::/129", NULL },
		{ "/8", NULL },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc/8", NULL },
	};
	char buf[PREFIX_STRLEN];
	struct prefix p;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool ok = prefix_parse(cases[i].text, &p);

		ck_assert_msg(ok == (cases[i].canon != NULL), "%s", cases[i].text);
		if (ok)
			ck_assert_str_eq(prefix_format(p, buf), cases[i].canon);
	}
}
END_TEST

/* Every length against the definition, bit by bit. */
START_TEST(prefix_bits)
{
	struct ip a = { .len = _i ? 16 : 4 }, b;

	for (unsigned i = 0; i < a.len; i++)
		a.b[i] = (uint8_t)(0xa5 + 31 * i);
	for (unsigned plen = 0; plen <= a.len * 8u; plen++) {
		struct prefix p = prefix_mask((struct prefix){ a, (uint8_t)plen });

		ck_assert(prefix_contains(p, a));
		for (unsigned bit = 0; bit < a.len * 8u; bit++) {
			uint8_t one = (uint8_t)(0x80 >> bit % 8);

			must((p.ip.b[bit / 8] & one) ==
			     (bit < plen ? a.b[bit / 8] & one : 0));
			b = a;
			b.b[bit / 8] ^= one;
			must(prefix_contains(p, b) == (bit >= plen));
		}
	}
	b.len = (uint8_t)(20 - b.len);
	ck_assert(!prefix_contains((struct prefix){ a, 0 }, b));
}
END_TEST

START_TEST(esis)
{
	static const char text[] = "00:11:22:33:44:55:66:77:88:99";
	char buf[ESI_STRLEN];
	struct esi e, zero = { { 0 } };

	ck_assert(esi_parse(text, &e));
	ck_assert_str_eq(esi_format(e, buf), text);
	ck_assert(!esi_parse("00:11:22:33:44:55:66:77:88", &e));
	ck_assert(!esi_parse("00:11:22:33:44:55:66:77:88:99:aa", &e));
	ck_assert(esi_is_zero(zero) && !esi_is_zero(e));
	ck_assert(esi_equal(e, e) && !esi_equal(e, zero));
	ck_assert(esi_cmp(zero, e) < 0 && esi_cmp(e, e) == 0);
}
END_TEST

/* The forms that a route distinguisher and a route target share. */
static const struct {
	const char *text;
	const char *bytes; /* the type byte and the six of the value; NULL: neither */
} admins[] = {
	{ "65000:100", "\x00\xfd\xe8\x00\x00\x00\x64" },
	{ "0:0", "\x00\x00\x00\x00\x00\x00\x00" },
	{ "65535:4294967295", "\x00\xff\xff\xff\xff\xff\xff" },
	{ "65536:100", "\x02\x00\x01\x00\x00\x00\x64" },
	{ "4294967295:65535", "\x02\xff\xff\xff\xff\xff\xff" },
	{ "10.0.0.1:100", "\x01\x0a\x00\x00\x01\x00\x64" },
	{ "255.255.255.255:65535", "\x01\xff\xff\xff\xff\xff\xff" },
	{ "65000:4294967296", NULL },
	{ "65536:65536", NULL },
	{ "4294967296:1", NULL },
	{ "10.0.0.1:65536", NULL },
	{ "10.0.0:1", NULL },
	{ "2001:db8::1:5", NULL },
	{ "65000", NULL },
	{ "65000:", NULL },
	{ ":100", NULL },
	{ "65000:100:1", NULL },
	{ "65000:100 ", NULL },
	{ "-1:100", NULL },
	{ "", NULL },
};

START_TEST(rds)
{
	char buf[RD_STRLEN];
	struct rd r, s;

	for (size_t i = 0; i < ARRAY_LEN(admins); i++) {
		bool ok = rd_parse(admins[i].text, &r);

		ck_assert_msg(ok == (admins[i].bytes != NULL), "%s", admins[i].text);
		if (!ok)
			continue;
		ck_assert_uint_eq(r.b[0], 0);
		ck_assert_mem_eq(r.b + 1, admins[i].bytes, 7);
		ck_assert_str_eq(rd_format(r, buf), admins[i].text);
	}
	r = rd_from_ip(0x0a000001, 7);
	ck_assert_str_eq(rd_format(r, buf), "10.0.0.1:7");
	/* Unknown types go through text unharmed. */
	r = (struct rd){ { 0, 3, 1, 2, 3, 4, 5, 0xff } };
	ck_assert_str_eq(rd_format(r, buf), "0x00030102030405ff");
	ck_assert(rd_parse(buf, &s) && rd_equal(r, s));
	r.b[0] = 1;
	r.b[1] = 0;
	ck_assert_str_eq(rd_format(r, buf), "0x01000102030405ff");
	ck_assert(!rd_parse("0x0003010203040f", &s));
	ck_assert(rd_cmp(r, r) == 0 && rd_cmp(s, r) < 0 && rd_cmp(r, s) > 0);
}
END_TEST

START_TEST(route_targets)
{
	char buf[RT_STRLEN];
	struct ecom e, f;

	for (size_t i = 0; i < ARRAY_LEN(admins); i++) {
		bool ok = rt_parse(admins[i].text, &e);

		ck_assert_msg(ok == (admins[i].bytes != NULL), "%s", admins[i].text);
		if (!ok)
			continue;
		ck_assert_uint_eq(e.b[0], (uint8_t)admins[i].bytes[0]);
		ck_assert_uint_eq(e.b[1], 2);
		ck_assert_mem_eq(e.b + 2, admins[i].bytes + 1, 6);
		ck_assert(ecom_is_rt(e));
		ck_assert_str_eq(rt_format(e, buf), admins[i].text);
	}
	e = rt_from_as(65000, 100100);
	ck_assert_str_eq(rt_format(e, buf), "65000:100100");
	ck_assert_uint_eq(rt_local(e), 100100);
	e = rt_from_as(70000, 300);
	ck_assert_str_eq(rt_format(e, buf), "70000:300");
	ck_assert_uint_eq(rt_local(e), 300);
	ck_assert(rt_parse("10.0.0.1:9", &f));
	ck_assert_uint_eq(rt_local(f), 9);
	ck_assert(ecom_cmp(f, e) < 0 && ecom_equal(e, e) && !ecom_equal(e, f));
	/* Other subtypes, and the non-transitive types, are no route targets. */
	e.b[1] = 3;
	ck_assert(!ecom_is_rt(e));
	e = (struct ecom){ { 0x40, 0x02 } };
	ck_assert(!ecom_is_rt(e));
	e = (struct ecom){ { 0x03, 0x02 } };
	ck_assert(!ecom_is_rt(e));
	ck_assert_str_eq(rt_format(e, buf), "0x0302000000000000");
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ macs, 0, 0 },
		{ ips, 0, 0 },
		{ ip_classes, 0, 0 },
		{ sockaddrs, 0, 0 },
		{ prefixes, 0, 0 },
		{ prefix_bits, 2, 0 },
		{ esis, 0, 0 },
		{ rds, 0, 0 },
		{ route_targets, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("addr", tests);
}
