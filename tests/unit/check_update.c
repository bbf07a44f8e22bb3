/* SPDX-License-Identifier: ISC */
/* The UPDATE writer: full messages, all NLRI exactly once, at every size. */
#include "config.h"

#include <stddef.h>

#include "bgpd/update.h"
#include "bgpd/update_write.h"
#include "tests/unit/run.h"

static const struct attr_ctx ctx = { .as4 = true, .ibgp = true };
static uint8_t block[MSG_MAX_EXTENDED], msg[MSG_MAX_EXTENDED];

/* ORIGIN, an empty AS_PATH and an unknown attribute that makes the block len octets. */
static size_t
make_block(size_t len)
{
	struct wbuf w = wb_init(block, sizeof block);

	wb_bytes(&w, (uint8_t[]){ 0x40, ATTR_ORIGIN, 1, 0, 0x40, ATTR_AS_PATH, 0 }, 7);
	if (len >= 7 + 4) {
		wb_u8(&w, 0xf0);
		wb_u8(&w, 99);
		wb_u16(&w, (uint16_t)(len - 7 - 4));
		memset(wb_put(&w, len - 7 - 4), 0xaa, len - 7 - 4);
	}
	return wb_len(&w);
}

/* The i-th of many keys; unicast or type 2 with an address of changing length. */
static void
make_key(const struct afi_safi *f, unsigned i, struct rib_key *k)
{
	struct evpn_nlri n = { .type = EVPN_MACIP,
		.rd = rd_from_ip(0x0a000001, 1),
		.nlabels = 1,
		.mac = {
		    { 2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } } };

	if (f == afi_evpn()) {
		if (i % 3 == 1)
			n.ip = ip_v4(i);
		else if (i % 3 == 2)
			n.ip = ip_v6((const uint8_t[16]){ 0x20, 1 });
		evpn_nlri_key(&n, k);
		return;
	}
	k->head.len = 0;
	k->tail[0] = 24;
	k->tail[1] = (uint8_t)(i >> 16);
	k->tail[2] = (uint8_t)(i >> 8);
	k->tail[3] = (uint8_t)i;
	k->len = 4;
}

struct reader {
	const struct afi_safi *family;
	bool withdraw;
	unsigned next;	 /* key that is expected */
	size_t messages; /* read */
};

/* Decodes a message and compares its keys with those that come next. */
static void
read_message(struct reader *r, size_t len, size_t max)
{
	struct arena arena;
	struct bgp_fault f;
	struct bgp_msg m;
	struct update u;
	struct rbuf nlri;

	arena_init(&arena);
	must(len <= max);
	must(msg_frame(msg, len, max, &m, &f) == MSG_WHOLE && m.len == len);
	update_decode(m.body, &ctx, &arena, &u);
	must(u.fault.verdict == UPD_OK && !u.eor);
	must(u.nreach == !r->withdraw && u.nwithdraw == r->withdraw);
	must((r->withdraw ? u.withdraw : u.reach)[0].family == r->family);
	nlri = (r->withdraw ? u.withdraw : u.reach)[0].nlri;
	while (rb_left(&nlri) > 0) {
		struct afi_nlri n;
		struct rib_key want;

		must(r->family->decode(&nlri, &n) == NLRI_OK);
		make_key(r->family, r->next++, &want);
		must(rib_key_cmp(&want, &n.key) == 0);
	}
	r->messages++;
	arena_fini(&arena);
}

/* Writes n keys; returns the messages it took.  Each but the last is so full that nothing of the
 * longest NLRI's size would fit. */
static size_t
write_all(struct update_writer *uw, unsigned n, size_t longest)
{
	struct reader r = { .family = uw->family, .withdraw = uw->withdraw };
	struct rib_path path = { .flags = PATH_LABEL1 };
	size_t len;

	update_writer_start(uw, msg);
	for (unsigned i = 0; i < n; i++) {
		struct rib_key k;

		make_key(uw->family, i, &k);
		if (update_writer_add(
			uw, &k.head, k.tail, k.len, uw->withdraw ? NULL : &path, NULL))
			continue;
		len = update_writer_finish(uw);
		must(len > uw->max - longest);
		read_message(&r, len, uw->max);
		update_writer_start(uw, msg);
		must(update_writer_add(
		    uw, &k.head, k.tail, k.len, uw->withdraw ? NULL : &path, NULL));
	}
	len = update_writer_finish(uw);
	if (len)
		read_message(&r, len, uw->max);
	must(r.next == n);
	return r.messages;
}

static const struct {
	unsigned family;
	uint8_t nhlen;
	size_t longest;
} kinds[] = {
	{ AFI_SAFI_EVPN, 4, 51 },
	{ AFI_SAFI_EVPN, 16, 51 },
	{ AFI_SAFI_IPV4, 4, 4 },
	{ AFI_SAFI_IPV4, 16, 4 },
	{ AFI_SAFI_IPV6, 16, 4 },
};

START_TEST(announcements)
{
	struct ip nh = { .len = kinds[_i].nhlen, .b = { 0x20, 1, 0, 1 } };
	const struct afi_safi *f = &afi_table[kinds[_i].family];

	for (size_t attrs = 7; attrs < 300; attrs += attrs == 7 ? 4 : 1) {
		struct update_writer uw;

		ck_assert(
		    update_writer_init(&uw, f, nh, block, make_block(attrs), MSG_MAX));
		write_all(&uw, 300, kinds[_i].longest);
	}
}
END_TEST

START_TEST(withdrawals)
{
	struct update_writer uw;

	update_writer_init_withdraw(&uw, &afi_table[kinds[_i].family], MSG_MAX);
	ck_assert_uint_gt(write_all(&uw, 3000, kinds[_i].longest), 2);
	update_writer_init_withdraw(&uw, &afi_table[kinds[_i].family], MSG_MAX_EXTENDED);
	ck_assert_uint_ge(write_all(&uw, 3000, kinds[_i].longest), 1);
	ck_assert_uint_eq(write_all(&uw, 0, kinds[_i].longest), 0);
}
END_TEST

START_TEST(extended_messages)
{
	struct update_writer uw;

	ck_assert(update_writer_init(&uw, afi_evpn(), ip_v4(0x0a000001), block,
	    make_block(40000), MSG_MAX_EXTENDED));
	ck_assert_uint_gt(write_all(&uw, 2000, 51), 1);
}
END_TEST

/* A block that leaves no room for the longest NLRI is refused, one octet less is not. */
START_TEST(attributes_that_do_not_fit)
{
	const size_t fixed = MSG_HEADER_LEN + 2 + 2 + 4 + 3 + 1 + 4 + 1;
	const size_t room = MSG_MAX - fixed - 257;
	struct update_writer uw;

	ck_assert(update_writer_init(
	    &uw, afi_evpn(), ip_v4(0x0a000001), block, make_block(room), MSG_MAX));
	write_all(&uw, 20, 51);
	ck_assert(!update_writer_init(
	    &uw, afi_evpn(), ip_v4(0x0a000001), block, make_block(room + 1), MSG_MAX));
}
END_TEST

/* RFC 4271 5: NEXT_HOP stands where its code belongs. */
START_TEST(next_hop_in_order)
{
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 5, 4, 0, 0, 0,
		100 };
	static const uint8_t want[] = { 0, 0, 0, 21, 0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3,
		4, 10, 0, 0, 1, 0x40, 5, 4, 0, 0, 0, 100, 24, 0, 0, 0 };
	struct update_writer uw;
	struct rib_key k;

	make_key(&afi_table[AFI_SAFI_IPV4], 0, &k);
	ck_assert(update_writer_init(&uw, &afi_table[AFI_SAFI_IPV4], ip_v4(0x0a000001),
	    attrs, sizeof attrs, MSG_MAX));
	update_writer_start(&uw, msg);
	ck_assert(update_writer_add(&uw, &k.head, k.tail, k.len, NULL, NULL));
	ck_assert_uint_eq(update_writer_finish(&uw), MSG_HEADER_LEN + sizeof want);
	ck_assert_mem_eq(msg + MSG_HEADER_LEN, want, sizeof want);
}
END_TEST

START_TEST(end_of_rib)
{
	for (unsigned i = 0; i < AFI_SAFI_COUNT; i++) {
		struct wbuf w = wb_init(msg, sizeof msg);
		struct arena arena;
		struct bgp_fault f;
		struct bgp_msg m;
		struct update u;

		arena_init(&arena);
		update_encode_eor(&w, &afi_table[i]);
		ck_assert_int_eq(msg_frame(msg, wb_len(&w), MSG_MAX, &m, &f), MSG_WHOLE);
		update_decode(m.body, &ctx, &arena, &u);
		ck_assert(u.fault.verdict == UPD_OK && u.eor);
		ck_assert_ptr_eq(afi_find(u.eor_afi, u.eor_safi), &afi_table[i]);
		arena_fini(&arena);
	}
}
END_TEST

int
main(void)
{
	const int n = sizeof kinds / sizeof kinds[0];

	return run_tests("update",
	    (const struct unit_test[]){ { announcements, n, 0 }, { withdrawals, n, 0 },
		{ extended_messages, 0, 0 }, { attributes_that_do_not_fit, 0, 0 },
		{ next_hop_in_order, 0, 0 }, { end_of_rib, 0, 0 }, { NULL, 0, 0 } });
}
