/* SPDX-License-Identifier: ISC */
/* Contracts of the wire reader and writer: every width at every length. */
#include "config.h"

#include "lib/wire.h"
#include "tests/unit/run.h"

static const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };

static uint64_t
read_u8(struct rbuf *r)
{
	return rb_u8(r);
}

static uint64_t
read_u16(struct rbuf *r)
{
	return rb_u16(r);
}

static uint64_t
read_u24(struct rbuf *r)
{
	return rb_u24(r);
}

static uint64_t
read_u32(struct rbuf *r)
{
	return rb_u32(r);
}

static const struct {
	unsigned width;		       /* bytes */
	uint64_t (*fn)(struct rbuf *); /* reader */
} readers[] = {
	{ 1, read_u8 },
	{ 2, read_u16 },
	{ 3, read_u24 },
	{ 4, read_u32 },
	{ 8, rb_u64 },
};

static uint64_t
expected(size_t at, size_t width)
{
	uint64_t v = 0;

	for (size_t i = 0; i < width; i++)
		v = v << 8 | data[at + i];
	return v;
}

/* A heap copy of exactly len bytes, so that ASan sees a read past the end. */
static uint8_t *
exact(size_t len)
{
	uint8_t *p = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(p);
	memcpy(p, data, len);
	return p;
}

START_TEST(reads)
{
	unsigned width = readers[_i].width;

	for (size_t len = 0; len <= sizeof(data); len++) {
		uint8_t *p = exact(len);
		struct rbuf r = rb_init(p, len);
		size_t at = 0;

		for (; len - at >= width; at += width) {
			ck_assert_uint_eq(rb_left(&r), len - at);
			ck_assert_uint_eq(readers[_i].fn(&r), expected(at, width));
			ck_assert(!r.failed);
		}
		ck_assert(rb_done(&r) == (at == len));
		/* The short one: zero, failed and empty, and so is all that follows. */
		ck_assert_uint_eq(readers[_i].fn(&r), 0);
		ck_assert(r.failed && !rb_done(&r));
		ck_assert_uint_eq(rb_left(&r), 0);
		ck_assert_uint_eq(rb_u8(&r), 0);
		ck_assert_ptr_null(rb_take(&r, 1));
		ck_assert(r.failed);
		free(p);
	}
}
END_TEST

START_TEST(take_copy_sub)
{
	for (size_t len = 0; len <= 6; len++) {
		for (size_t n = 0; n <= 8; n++) {
			uint8_t *p = exact(len), out[8];
			struct rbuf r = rb_init(p, len), s;
			bool fits = n <= len;

			ck_assert(fits == (rb_take(&r, n) == p));
			ck_assert(r.failed == !fits);
			ck_assert_uint_eq(rb_left(&r), fits ? len - n : 0);

			r = rb_init(p, len);
			memset(out, 0xee, sizeof(out));
			rb_copy(&r, out, n);
			ck_assert(r.failed == !fits);
			for (size_t i = 0; i < sizeof(out); i++)
				ck_assert_uint_eq(
				    out[i], i >= n ? 0xee : (fits ? data[i] : 0));

			r = rb_init(p, len);
			s = rb_sub(&r, n);
			ck_assert(s.failed == !fits && r.failed == !fits);
			ck_assert_uint_eq(rb_left(&s), fits ? n : 0);
			ck_assert(rb_done(&s) == (fits && n == 0));
			if (fits && n > 0) {
				ck_assert_uint_eq(rb_u8(&s), 1);
				rb_take(&s, n);
				/* The parent does not see the failure of a sub-reader. */
				ck_assert(s.failed && !r.failed);
				ck_assert_uint_eq(rb_left(&r), len - n);
			}
			free(p);
		}
	}
}
END_TEST

START_TEST(nothing)
{
	struct rbuf r = rb_init(NULL, 0);

	ck_assert(rb_done(&r));
	ck_assert_uint_eq(rb_u32(&r), 0);
	ck_assert(!rb_done(&r) && r.failed);
	/* No length is long enough to wrap around. */
	r = rb_init(data, 4);
	ck_assert_ptr_null(rb_take(&r, SIZE_MAX));
	ck_assert(r.failed);
	r = rb_init(data, 4);
	rb_fail(&r);
	ck_assert(!rb_done(&r) && rb_left(&r) == 0);
}
END_TEST

static void
write_all(struct wbuf *w)
{
	wb_u8(w, 0x01);
	wb_u16(w, 0x0203);
	wb_u24(w, 0x040506);
	wb_u32(w, 0x0708090a);
	wb_u64(w, 0x0b0c0d0e0f101112);
	wb_bytes(w, data, 3);
}

START_TEST(writes)
{
	static const size_t steps[] = { 0, 1, 3, 6, 10, 14, 18, 21 };
	uint8_t whole[21];
	struct wbuf w = wb_init(whole, sizeof(whole));
	struct rbuf r;

	write_all(&w);
	ck_assert(!w.failed && wb_len(&w) == 21 && wb_room(&w) == 0);
	r = rb_init(whole, 21);
	ck_assert_uint_eq(rb_u8(&r), 1);
	ck_assert_uint_eq(rb_u16(&r), 0x0203);
	ck_assert_uint_eq(rb_u24(&r), 0x040506);
	ck_assert_uint_eq(rb_u32(&r), 0x0708090a);
	ck_assert_uint_eq(rb_u64(&r), 0x0b0c0d0e0f101112);
	ck_assert_mem_eq(rb_take(&r, 3), data, 3);
	ck_assert(rb_done(&r));
	for (size_t room = 0; room < 21; room++) {
		uint8_t *p = malloc(room ? room : 1);
		size_t fit = 0;

		w = wb_init(p, room);
		write_all(&w);
		ck_assert(w.failed && wb_room(&w) == 0);
		/* Nothing more once one write did not fit, even if it were short enough. */
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (steps[i] <= room)
				fit = steps[i];
		ck_assert_uint_eq(wb_len(&w), fit);
		ck_assert_mem_eq(p, whole, fit);
		free(p);
	}
}
END_TEST

START_TEST(marks)
{
	uint8_t mem[8];
	struct wbuf w = wb_init(mem, sizeof(mem));
	size_t m;

	wb_u32(&w, 1);
	m = wb_mark(&w);
	wb_u24(&w, 2);
	wb_u16(&w, 3);
	ck_assert(w.failed);
	wb_rewind(&w, m);
	ck_assert(!w.failed && wb_len(&w) == 4 && wb_room(&w) == 4);
	wb_u32(&w, 0x01020304);
	ck_assert(!w.failed);
	wb_set16(&w, 4, 0xaabb);
	ck_assert_mem_eq(mem + 4, "\xaa\xbb\x03\x04", 4);
}
END_TEST

START_TEST(lengths)
{
	uint8_t mem[600];
	struct wbuf w = wb_init(mem, sizeof(mem));
	size_t a, b;

	a = wb_len16_begin(&w);
	b = wb_len8_begin(&w);
	wb_bytes(&w, data, 5);
	wb_len8_end(&w, b);
	wb_len16_end(&w, a);
	ck_assert_mem_eq(mem, "\x00\x06\x05\x01\x02\x03\x04\x05", 8);
	/* A one-byte length of more than 255 fails. */
	for (size_t n = 255; n <= 256; n++) {
		w = wb_init(mem, sizeof(mem));
		b = wb_len8_begin(&w);
		memset(wb_put(&w, n), 0, n);
		wb_len8_end(&w, b);
		ck_assert(w.failed == (n == 256));
		if (n == 255)
			ck_assert_uint_eq(mem[0], 255);
	}
	/* No room for the length itself. */
	w = wb_init(mem, 1);
	a = wb_len16_begin(&w);
	wb_len16_end(&w, a);
	ck_assert(w.failed && wb_len(&w) == 0);
	w = wb_init(mem, 0);
	b = wb_len8_begin(&w);
	wb_len8_end(&w, b);
	ck_assert(w.failed);
}
END_TEST

START_TEST(length16_too_long)
{
	uint8_t *mem = malloc(70000);
	struct wbuf w;

	ck_assert_ptr_nonnull(mem);
	for (size_t n = 65535; n <= 65536; n++) {
		size_t a;

		w = wb_init(mem, 70000);
		a = wb_len16_begin(&w);
		memset(wb_put(&w, n), 0, n);
		wb_len16_end(&w, a);
		ck_assert(w.failed == (n == 65536));
	}
	free(mem);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ reads, 5, 0 },
		{ take_copy_sub, 0, 0 },
		{ nothing, 0, 0 },
		{ writes, 0, 0 },
		{ marks, 0, 0 },
		{ lengths, 0, 0 },
		{ length16_too_long, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("wire", tests);
}
