/* SPDX-License-Identifier: ISC */
/* AS paths: hops, neighbour, prepending, limits.  Reading and writing have vectors. */
#include "config.h"

#include <stddef.h>

#include "bgpd/aspath.h"
#include "tests/unit/run.h"

#define AS(n) (n) >> 24, ((n) >> 16) & 0xff, ((n) >> 8) & 0xff, (n)&0xff

static const struct {
	const char *text;
	unsigned hops;
	uint32_t neighbor, origin;
	uint8_t len, b[64];
} table[] = {
	{ "", 0, 0, 0, 0, { 0 } },
	{ "65000 70000", 2, 65000, 70000, 10, { 2, 2, AS(65000), AS(70000) } },
	{ "7 {1,2}", 2, 7, 0, 16, { 2, 1, AS(7), 1, 2, AS(1), AS(2) } },
	{ "{1,2} 7", 2, 0, 7, 16, { 1, 2, AS(1), AS(2), 2, 1, AS(7) } },
	{ "(64512 64513) 7", 1, 7, 7, 16, { 3, 2, AS(64512), AS(64513), 2, 1, AS(7) } },
	{ "(64512) [64513,64514]", 0, 0, 0, 16,
	    { 3, 1, AS(64512), 4, 2, AS(64513), AS(64514) } },
};

START_TEST(readings)
{
	struct strbuf s;

	strbuf_init(&s);
	aspath_format(&s, table[_i].b, table[_i].len);
	ck_assert_str_eq(s.s, table[_i].text);
	ck_assert_uint_eq(aspath_hops(table[_i].b, table[_i].len), table[_i].hops);
	ck_assert_uint_eq(
	    aspath_neighbor(table[_i].b, table[_i].len), table[_i].neighbor);
	ck_assert_uint_eq(aspath_origin(table[_i].b, table[_i].len), table[_i].origin);
	strbuf_fini(&s);
}
END_TEST

START_TEST(counting)
{
	static const uint8_t b[] = { 2, 3, AS(7), AS(8), AS(7), 1, 2, AS(7), AS(9) };

	ck_assert_uint_eq(aspath_count(b, sizeof b, 7), 3);
	ck_assert_uint_eq(aspath_count(b, sizeof b, 10), 0);
	ck_assert(aspath_contains(b, sizeof b, 9));
	ck_assert(!aspath_contains(b, sizeof b, 70000));
	ck_assert(!aspath_needs_as4(b, sizeof b));
	ck_assert(aspath_needs_as4(table[1].b, table[1].len));
}
END_TEST

/* Text of table[i] with n times 9 in front. */
static void
prepended(const uint8_t *b, size_t len, unsigned n, struct strbuf *out)
{
	static uint8_t mem[8192];
	struct wbuf w = wb_init(mem, sizeof mem);

	aspath_prepend(&w, b, len, 9, n);
	ck_assert(!w.failed);
	strbuf_reset(out);
	aspath_format(out, mem, wb_len(&w));
}

START_TEST(prepending)
{
	struct strbuf s;

	strbuf_init(&s);
	prepended(table[0].b, table[0].len, 1, &s);
	ck_assert_str_eq(s.s, "9");
	prepended(table[1].b, table[1].len, 2, &s);
	ck_assert_str_eq(s.s, "9 9 65000 70000");
	prepended(table[3].b, table[3].len, 1, &s);
	ck_assert_str_eq(s.s, "9 {1,2} 7");
	prepended(table[4].b, table[4].len, 1, &s);
	ck_assert_str_eq(s.s, "9 (64512 64513) 7");
	prepended(table[1].b, table[1].len, 0, &s);
	ck_assert_str_eq(s.s, "65000 70000");
	strbuf_fini(&s);
}
END_TEST

/* RFC 4271 5.1.2: a full segment makes a new one necessary. */
START_TEST(prepending_to_a_full_segment)
{
	static uint8_t full[2 + 255 * 4], mem[4096], more[4096];
	struct wbuf w = wb_init(full, sizeof full), v = wb_init(mem, sizeof mem),
		    u = wb_init(more, sizeof more);

	wb_u8(&w, AS_SEQUENCE);
	wb_u8(&w, 255);
	for (unsigned i = 0; i < 255; i++)
		wb_u32(&w, i + 1);
	aspath_prepend(&v, full, wb_len(&w), 9, 1);
	ck_assert_uint_eq(wb_len(&v), sizeof full + 6);
	ck_assert(mem[0] == AS_SEQUENCE && mem[1] == 1 && mem[5] == 9 && mem[7] == 255);
	ck_assert_uint_eq(aspath_hops(mem, wb_len(&v)), 256);
	/* Part of it into the segment that has room, the rest into more. */
	aspath_prepend(&u, mem, wb_len(&v), 9, 300);
	ck_assert_uint_eq(aspath_hops(more, wb_len(&u)), 556);
	ck_assert_uint_eq(aspath_count(more, wb_len(&u), 9), 302);
}
END_TEST

START_TEST(strip_confederation)
{
	uint8_t mem[64];
	struct wbuf w = wb_init(mem, sizeof mem);

	aspath_strip_confed(&w, table[4].b, table[4].len);
	ck_assert_uint_eq(wb_len(&w), 6);
	ck_assert_uint_eq(aspath_neighbor(mem, 6), 7);
	w = wb_init(mem, sizeof mem);
	aspath_strip_confed(&w, table[5].b, table[5].len);
	ck_assert_uint_eq(wb_len(&w), 0);
}
END_TEST

/* Sequences of one AS each become full segments of 255. */
START_TEST(normal_form_of_many_segments)
{
	static uint8_t in[600 * 6];
	struct wbuf w = wb_init(in, sizeof in);
	struct arena arena;
	struct aspath p;
	struct rbuf r;

	for (unsigned i = 0; i < 600; i++) {
		wb_u8(&w, AS_SEQUENCE);
		wb_u8(&w, 1);
		wb_u32(&w, 1000 + i);
	}
	arena_init(&arena);
	r = rb_init(in, wb_len(&w));
	ck_assert_ptr_null(aspath_decode(&r, true, &arena, &p));
	ck_assert(rb_done(&r));
	ck_assert_uint_eq(p.len, 600 * 4 + 3 * 2);
	ck_assert(p.b[0] == AS_SEQUENCE && p.b[1] == 255);
	ck_assert_uint_eq(aspath_hops(p.b, p.len), 600);
	ck_assert_uint_eq(aspath_neighbor(p.b, p.len), 1000);
	ck_assert_uint_eq(aspath_origin(p.b, p.len), 1599);
	arena_fini(&arena);
}
END_TEST

/* Two octets an AS on the wire, four with us: the length must still fit. */
START_TEST(too_long_when_widened)
{
	static uint8_t in[65000];
	struct wbuf w = wb_init(in, sizeof in);
	struct arena arena;
	struct aspath p;
	struct rbuf r;

	while (wb_room(&w) >= 2 + 255 * 2) {
		wb_u8(&w, AS_SEQUENCE);
		wb_u8(&w, 255);
		for (unsigned i = 0; i < 255; i++)
			wb_u16(&w, 1);
	}
	arena_init(&arena);
	r = rb_init(in, wb_len(&w));
	ck_assert_ptr_nonnull(aspath_decode(&r, false, &arena, &p));
	r = rb_init(in, 64 * 512);
	ck_assert_ptr_null(aspath_decode(&r, false, &arena, &p));
	ck_assert_uint_eq(aspath_hops(p.b, p.len), 64 * 255);
	arena_fini(&arena);
}
END_TEST

int
main(void)
{
	return run_tests("aspath",
	    (const struct unit_test[]){ { readings, sizeof table / sizeof table[0], 0 },
		{ counting, 0, 0 }, { prepending, 0, 0 },
		{ prepending_to_a_full_segment, 0, 0 }, { strip_confederation, 0, 0 },
		{ normal_form_of_many_segments, 0, 0 }, { too_long_when_widened, 0, 0 },
		{ NULL, 0, 0 } });
}
