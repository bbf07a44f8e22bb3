/* SPDX-License-Identifier: ISC */
/* OPEN against a configuration, limits of the encoder; NOTIFICATION texts.  Bytes have vectors. */
#include "config.h"

#include <stddef.h>

#include "bgpd/open.h"
#include "lib/util.h"
#include "tests/unit/run.h"

/* RFC 4271 6.2, RFC 6286 2.2: what a peer's OPEN must be, by configuration. */
static const struct {
	enum open_as_rule rule;
	uint32_t remote_as, as, id;
	int subcode; /* of the fault, -1 none */
} table[] = {
	{ OPEN_AS_ANY, 0, 65000, 2, -1 },
	{ OPEN_AS_ANY, 0, 65001, 2, -1 },
	{ OPEN_AS_NUMBER, 65001, 65001, 2, -1 },
	{ OPEN_AS_NUMBER, 65001, 65002, 2, BGP_OPEN_PEER_AS },
	{ OPEN_AS_NUMBER, 70000, 70000, 2, -1 },
	{ OPEN_AS_NUMBER, 70000, AS_TRANS, 2, BGP_OPEN_PEER_AS },
	{ OPEN_AS_INTERNAL, 0, 65000, 2, -1 },
	{ OPEN_AS_INTERNAL, 0, 65001, 2, BGP_OPEN_PEER_AS },
	{ OPEN_AS_EXTERNAL, 0, 65001, 2, -1 },
	{ OPEN_AS_EXTERNAL, 0, 65000, 2, BGP_OPEN_PEER_AS },
	/* The identifier must differ within the AS, and may be equal outside. */
	{ OPEN_AS_ANY, 0, 65000, 1, BGP_OPEN_ID },
	{ OPEN_AS_NUMBER, 65001, 65001, 1, -1 },
};

START_TEST(against_configuration)
{
	struct open_msg o = { .as = table[_i].as, .id = table[_i].id };
	struct open_expect e = { .rule = table[_i].rule,
		.remote_as = table[_i].remote_as,
		.local_as = 65000,
		.local_id = 1 };
	struct bgp_fault f;

	ck_assert(open_check(&o, &e, &f) == (table[_i].subcode < 0));
	if (table[_i].subcode >= 0) {
		ck_assert_uint_eq(f.code, BGP_ERR_OPEN);
		ck_assert_uint_eq(f.subcode, table[_i].subcode);
	}
}
END_TEST

static bool
again(const struct open_msg *in, struct open_msg *out, size_t *len)
{
	static uint8_t mem[MSG_MAX];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct bgp_fault f;
	struct bgp_msg m;

	open_encode(&w, in);
	*len = wb_len(&w);
	ck_assert_int_eq(msg_frame(mem, wb_len(&w), MSG_MAX, &m, &f), MSG_WHOLE);
	return open_decode(m.body, out, &f);
}

/* At every length of the parameters around 255 what was said is understood again. */
START_TEST(short_and_long_parameters)
{
	struct open_msg o = { .as = 70000,
		.hold = 90,
		.id = 1,
		.has = OPEN_AS4 | OPEN_FQDN },
			p;
	size_t len;

	for (unsigned host = 0; host <= 253; host++) {
		memset(o.hostname, 'h', host);
		o.hostname[host] = '\0';
		must(again(&o, &p, &len));
		must(strcmp(p.hostname, o.hostname) == 0 && p.as == 70000 &&
		     p.as2 == AS_TRANS);
		/* 2 for the parameter, 6 for AS4, 4 for FQDN. */
		must(p.extended == (2 + 6 + 4 + host > 255));
	}
}
END_TEST

/* Names that fill more than a capability are cut. */
START_TEST(long_names)
{
	struct open_msg o = { .as = 65000, .id = 1, .has = OPEN_FQDN | OPEN_SOFTWARE }, p;
	size_t len;

	memset(o.hostname, 'h', 255);
	memset(o.software, 's', 255);
	strcpy(o.domain, "d");
	ck_assert(again(&o, &p, &len));
	ck_assert_uint_eq(strlen(p.hostname), 253);
	ck_assert_str_eq(p.domain, "");
	ck_assert_uint_eq(strlen(p.software), 254);
	o.hostname[250] = '\0';
	memset(o.domain, 'd', 255);
	ck_assert(again(&o, &p, &len));
	ck_assert_uint_eq(strlen(p.hostname), 250);
	ck_assert_str_eq(p.domain, "ddd");
}
END_TEST

START_TEST(families_are_bounded)
{
	struct open_msg o = { .as = 65000, .id = 1, .has = OPEN_MP }, p;
	size_t len;

	for (unsigned i = 0; i < 100; i++)
		open_add_family(&o.mp, (uint16_t)i, 1, 0);
	ck_assert_uint_eq(o.mp.n, OPEN_FAMILIES);
	ck_assert(open_has_family(&o.mp, OPEN_FAMILIES - 1, 1));
	ck_assert(!open_has_family(&o.mp, OPEN_FAMILIES, 1));
	ck_assert(!open_has_family(&o.mp, 0, 2));
	ck_assert(again(&o, &p, &len));
	ck_assert_uint_eq(p.mp.n, OPEN_FAMILIES);
}
END_TEST

START_TEST(no_capabilities)
{
	struct open_msg o = { .as = 65000, .id = 1, .hold = 3 }, p;
	size_t len;

	ck_assert(again(&o, &p, &len));
	ck_assert_uint_eq(len, 29);
	ck_assert_uint_eq(p.has, 0);
}
END_TEST

START_TEST(shutdown_texts)
{
	char in[300], out[NOTIFICATION_TEXT_MAX];
	uint8_t data[NOTIFICATION_TEXT_MAX];
	struct notification n = {
		.code = BGP_ERR_CEASE, .subcode = BGP_CEASE_SHUTDOWN, .data = data
	};

	n.datalen = notification_shutdown_data("under repair", data);
	ck_assert_uint_eq(n.datalen, 13);
	ck_assert_str_eq(notification_shutdown_text(&n, out), "under repair");
	n.datalen = notification_shutdown_data("", data);
	ck_assert_str_eq(notification_shutdown_text(&n, out), "");
	n.datalen = 0;
	ck_assert_str_eq(notification_shutdown_text(&n, out), "");
	/* Cut at 255 octets, and not through a character. */
	memset(in, 'a', sizeof in);
	memcpy(in + 254, "\xc3\xbc", 3);
	n.datalen = notification_shutdown_data(in, data);
	ck_assert_uint_eq(n.datalen, 1 + 254);
	memset(in, 'a', sizeof in - 1);
	in[sizeof in - 1] = '\0';
	n.datalen = notification_shutdown_data(in, data);
	ck_assert_uint_eq(n.datalen, 1 + 255);
	ck_assert_uint_eq(strlen(notification_shutdown_text(&n, out)), 255);
	/* Of a Cease of another kind the data is no text (RFC 9003 2). */
	n.subcode = BGP_CEASE_MAX_PREFIX;
	ck_assert_str_eq(notification_shutdown_text(&n, out), "");
}
END_TEST

START_TEST(every_number_has_a_name)
{
	for (unsigned code = 0; code < 256; code++) {
		must(notification_code_name((uint8_t)code) != NULL);
		for (unsigned sub = 0; sub < 256; sub++)
			must(notification_subcode_name((uint8_t)code, (uint8_t)sub) !=
			     NULL);
	}
	ck_assert_str_eq(notification_code_name(6), "Cease");
	ck_assert_str_eq(
	    notification_subcode_name(6, 7), "Connection Collision Resolution");
	ck_assert_str_eq(notification_subcode_name(2, 5), "Unknown");
}
END_TEST

int
main(void)
{
	return run_tests("open",
	    (const struct unit_test[]){ { against_configuration, ARRAY_LEN(table), 0 },
		{ short_and_long_parameters, 0, 0 }, { long_names, 0, 0 },
		{ families_are_bounded, 0, 0 }, { no_capabilities, 0, 0 },
		{ shutdown_texts, 0, 0 }, { every_number_has_a_name, 0, 0 },
		{ NULL, 0, 0 } });
}
