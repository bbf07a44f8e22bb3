/* SPDX-License-Identifier: ISC */
/* outq: records that wait, chunk by chunk. */
#include "config.h"

#include <string.h>

#include "tests/unit/run.h"
#include "zebra-lite/outq.h"

static void
put(struct outq *q, uint32_t len, uint8_t byte)
{
	memset(outq_room(q, 100, 7), byte, len);
	outq_put(q, len);
}

/* In order, in chunks of at most 7 records, each with room for its longest one. */
START_TEST(t_order)
{
	struct outq q = { 0 };
	uint32_t seen = 0;

	for (uint32_t i = 0; i < 100; i++)
		put(&q, 1 + i % 100, (uint8_t)i);
	ck_assert_uint_eq(q.n, 100);
	while (q.head) {
		const uint8_t *b = q.head->b;

		ck_assert(q.head->n > 0 && q.head->n <= 7);
		ck_assert_uint_le(q.head->len, OUTQ_BYTES);
		for (uint32_t i = 0; i < q.head->n; i++, seen++)
			for (uint32_t k = 0; k < 1 + seen % 100; k++)
				must(*b++ == seen);
		ck_assert_ptr_eq(b, q.head->b + q.head->len);
		outq_drop(&q);
	}
	ck_assert_uint_eq(seen, 100);
	ck_assert_uint_eq(q.n, 0);
	ck_assert_ptr_null(q.tail);
	put(&q, 3, 1); /* and once more from the start */
	ck_assert_uint_eq(q.head->n, 1);
	outq_clear(&q);
	ck_assert_ptr_null(q.head);
}
END_TEST

/* A chunk is full when the next record might not fit. */
START_TEST(t_bytes)
{
	struct outq q = { 0 };
	uint32_t chunks = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		outq_room(&q, 256, 1000);
		outq_put(&q, 200);
	}
	for (; q.head; outq_drop(&q), chunks++)
		ck_assert_uint_le(q.head->len, OUTQ_BYTES);
	ck_assert_uint_eq(chunks, (1000 + OUTQ_BYTES / 200 - 1) / (OUTQ_BYTES / 200));
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_order, 0, 0 },
		{ t_bytes, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("outq", tests);
}
