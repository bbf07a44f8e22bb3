/* SPDX-License-Identifier: ISC */
/* Communities: builders, readers, text. */
#include "config.h"

#include <stddef.h>

#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "tests/unit/run.h"

static const struct mac mac1 = { { 2, 0, 0, 0, 0, 9 } };

static void
expect(struct ecom e, const char *text, const uint8_t bytes[8])
{
	struct strbuf s;

	strbuf_init(&s);
	ecom_format(&s, &e);
	ck_assert_str_eq(s.s, text);
	ck_assert_mem_eq(e.b, bytes, 8);
	strbuf_fini(&s);
}
#define BYTES(...) ((const uint8_t[8]){ __VA_ARGS__ })

START_TEST(builders_and_text)
{
	expect(rt_from_as(65000, 100), "RT:65000:100",
	    BYTES(0, 2, 0xfd, 0xe8, 0, 0, 0, 100));
	expect(rt_from_as(70000, 100), "RT:70000:100",
	    BYTES(2, 2, 0, 1, 0x11, 0x70, 0, 100));
	expect(
	    ecom_soo(65000, 100), "SoO:65000:100", BYTES(0, 3, 0xfd, 0xe8, 0, 0, 0, 100));
	expect(
	    ecom_soo(70000, 100), "SoO:70000:100", BYTES(2, 3, 0, 1, 0x11, 0x70, 0, 100));
	expect(ecom_encap(ENCAP_VXLAN), "ET:8", BYTES(3, 0x0c, 0, 0, 0, 0, 0, 8));
	expect(ecom_default_gw(), "Default Gateway", BYTES(3, 0x0d, 0, 0, 0, 0, 0, 0));
	expect(ecom_mobility(&(struct ecom_mobility){ false, 0x01020304 }), "MM:16909060",
	    BYTES(6, 0, 0, 0, 1, 2, 3, 4));
	expect(ecom_mobility(&(struct ecom_mobility){ true, 0 }), "MM:0, sticky MAC",
	    BYTES(6, 0, 1, 0, 0, 0, 0, 0));
	expect(ecom_esi_label(&(struct ecom_esi_label){ false, 100 }), "ESI-label-Rt:AA",
	    BYTES(6, 1, 0, 0, 0, 0, 0, 100));
	expect(ecom_esi_label(&(struct ecom_esi_label){ true, 0 }), "ESI-label-Rt:SA",
	    BYTES(6, 1, 1, 0, 0, 0, 0, 0));
	expect(ecom_es_import((struct esi){ { 3, 1, 2, 3, 4, 5, 6, 7, 8, 9 } }),
	    "ES-Import-Rt:01:02:03:04:05:06", BYTES(6, 2, 1, 2, 3, 4, 5, 6));
	expect(ecom_router_mac(mac1), "Rmac:02:00:00:00:00:09",
	    BYTES(6, 3, 2, 0, 0, 0, 0, 9));
	expect(ecom_df(&(struct ecom_df){ 2, 0x4000, 32767 }),
	    "DF: (alg: 2, pref: 32767)", BYTES(6, 6, 2, 0x40, 0, 0, 0x7f, 0xff));
	expect(ecom_nd(ECOM_ND_ROUTER), "ND:Router Flag", BYTES(6, 8, 1, 0, 0, 0, 0, 0));
	expect(ecom_nd(ECOM_ND_PROXY), "ND:Proxy", BYTES(6, 8, 4, 0, 0, 0, 0, 0));
	expect(ecom_nd(0), "ND:-", BYTES(6, 8, 0, 0, 0, 0, 0, 0));
}
END_TEST

START_TEST(readers)
{
	struct ecom_mobility m = { true, 7 }, m2;
	struct ecom_esi_label l = { true, 0xabcdef }, l2;
	struct ecom_df d = { 1, 0x1234, 99 }, d2;
	struct ecom e;
	struct mac mac;
	uint16_t tunnel;
	uint8_t nd;

	e = ecom_mobility(&m);
	ck_assert(ecom_mobility_get(&e, &m2) && m2.sticky && m2.seq == 7);
	ck_assert(!ecom_esi_label_get(&e, &l2) && !ecom_encap_get(&e, &tunnel));
	e = ecom_esi_label(&l);
	ck_assert(
	    ecom_esi_label_get(&e, &l2) && l2.single_active && l2.label == 0xabcdef);
	ck_assert(!ecom_mobility_get(&e, &m2) && !ecom_nd_get(&e, &nd));
	e = ecom_df(&d);
	ck_assert(
	    ecom_df_get(&e, &d2) && d2.alg == 1 && d2.bitmap == 0x1234 && d2.pref == 99);
	e = ecom_router_mac(mac1);
	ck_assert(ecom_router_mac_get(&e, &mac) && mac_equal(mac, mac1));
	ck_assert(!ecom_es_import_get(&e, &mac));
	e = ecom_es_import((struct esi){ { 3, 2, 0, 0, 0, 0, 9 } });
	ck_assert(ecom_es_import_get(&e, &mac) && mac_equal(mac, mac1));
	ck_assert(!ecom_router_mac_get(&e, &mac));
	e = ecom_encap(0x1234);
	ck_assert(ecom_encap_get(&e, &tunnel) && tunnel == 0x1234);
	ck_assert(!ecom_is_default_gw(&e));
	e = ecom_default_gw();
	ck_assert(ecom_is_default_gw(&e) && !ecom_is_soo(&e));
	e = ecom_nd(ECOM_ND_OVERRIDE);
	ck_assert(ecom_nd_get(&e, &nd) && nd == ECOM_ND_OVERRIDE);
	e = ecom_soo(65000, 1);
	ck_assert(ecom_is_soo(&e) && ecom_is_transitive(&e) && !ecom_is_rt(e));
	e.b[0] |= ECOM_NON_TRANSITIVE;
	ck_assert(!ecom_is_transitive(&e));
}
END_TEST

START_TEST(lists)
{
	struct ecom e[2] = { rt_from_as(65000, 100), ecom_encap(ENCAP_VXLAN) };
	static const uint32_t c[] = { 65000u << 16 | 100, COMM_NO_EXPORT, COMM_BLACKHOLE,
		COMM_GRACEFUL_SHUTDOWN, COMM_NO_EXPORT_SUBCONFED, 0xffffffff };
	static const uint8_t l[2][12] = { { 0, 1, 0x11, 0x70, 0, 0, 0, 1, 0, 0, 0, 2 },
		{ 0xff, 0xff, 0xff, 0xff } };
	struct strbuf s;

	strbuf_init(&s);
	ecoms_format(&s, e, 2);
	ck_assert_str_eq(s.s, "RT:65000:100 ET:8");
	strbuf_reset(&s);
	comms_format(&s, c, 6);
	ck_assert_str_eq(
	    s.s, "65000:100 no-export blackhole graceful-shutdown local-AS 65535:65535");
	strbuf_reset(&s);
	lcomms_format(&s, l, 2);
	ck_assert_str_eq(s.s, "70000:1:2 4294967295:0:0");
	strbuf_fini(&s);
}
END_TEST

/* Every first two octets give some text. */
START_TEST(any_octets)
{
	struct strbuf s;

	strbuf_init(&s);
	for (unsigned type = 0; type < 256; type++) {
		for (unsigned sub = 0; sub < 256; sub++) {
			struct ecom e = { { (uint8_t)type, (uint8_t)sub, 0xff, 0xff, 0xff,
			    0xff, 0xff, 0xff } };

			strbuf_reset(&s);
			ecom_format(&s, &e);
			must(s.len > 0 && s.len < 80);
		}
	}
	strbuf_fini(&s);
}
END_TEST

int
main(void)
{
	return run_tests("extcomm",
	    (const struct unit_test[]){ { builders_and_text, 0, 0 }, { readers, 0, 0 },
		{ lists, 0, 0 }, { any_octets, 0, 0 }, { NULL, 0, 0 } });
}
