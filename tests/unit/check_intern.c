/* SPDX-License-Identifier: ISC */
/* Interned strings: equal bytes, equal handles; freed with the last reference. */
#include "config.h"

#include <string.h>

#include "lib/hash.h"
#include "lib/intern.h"
#include "lib/util.h"
#include "tests/unit/run.h"

START_TEST(equal_bytes)
{
	uint8_t bytes[64];
	uint32_t by_len[65];
	struct intern t;
	size_t len;

	memset(bytes, 0, sizeof(bytes));
	intern_init(&t, "test");
	/* The length is part of the value: all zeros of each length are different. */
	for (size_t n = 0; n <= 64; n++) {
		ck_assert_uint_eq(intern_find(&t, bytes, n), 0);
		by_len[n] = intern_get(&t, bytes, n);
		ck_assert_uint_ne(by_len[n], 0);
		for (size_t k = 0; k < n; k++)
			ck_assert_uint_ne(by_len[n], by_len[k]);
	}
	for (size_t n = 0; n <= 64; n++) {
		ck_assert_uint_eq(intern_find(&t, bytes, n), by_len[n]);
		ck_assert_uint_eq(intern_get(&t, bytes, n), by_len[n]);
		ck_assert_mem_eq(intern_bytes(&t, by_len[n], &len), bytes, n);
		ck_assert_uint_eq(len, n);
	}
	ck_assert_ptr_nonnull(intern_bytes(&t, by_len[3], NULL));
	/* Two references each. */
	for (int round = 0; round < 2; round++)
		for (size_t n = 0; n <= 64; n++) {
			ck_assert_uint_eq(intern_find(&t, bytes, n), by_len[n]);
			intern_unref(&t, by_len[n]);
		}
	for (size_t n = 0; n <= 64; n++)
		ck_assert_uint_eq(intern_find(&t, bytes, n), 0);
	ck_assert_uint_eq(t.cells.live, 0);
	ck_assert_uint_eq(t.index.count, 0);
	intern_unref(&t, 0);
	intern_fini(&t);
}
END_TEST

START_TEST(references)
{
	struct intern t;
	uint32_t h, other;

	intern_init(&t, "test");
	h = intern_get(&t, "abc", 3);
	intern_ref(&t, h);
	intern_unref(&t, h);
	ck_assert_uint_eq(intern_find(&t, "abc", 3), h);
	intern_unref(&t, h);
	ck_assert_uint_eq(intern_find(&t, "abc", 3), 0);
	/* The handle may come back for other bytes. */
	other = intern_get(&t, "xyz", 3);
	ck_assert_mem_eq(intern_bytes(&t, other, NULL), "xyz", 3);
	ck_assert_uint_eq(intern_find(&t, "abc", 3), 0);
	ck_assert_uint_gt(intern_bytes_used(&t), 0);
	intern_fini(&t);
}
END_TEST

START_TEST(many)
{
	enum { N = 50000 };
	uint32_t *h = xcalloc(N, sizeof(*h));
	struct intern t;
	size_t len;

	hash_seed_fixed(9, 9);
	intern_init(&t, "test");
	for (uint32_t i = 0; i < N; i++)
		h[i] = intern_get(&t, &i, sizeof(i));
	for (uint32_t i = 0; i < N; i++) {
		must(intern_find(&t, &i, sizeof(i)) == h[i]);
		must(memcmp(intern_bytes(&t, h[i], &len), &i, sizeof(i)) == 0);
	}
	for (uint32_t i = 0; i < N; i += 2)
		intern_unref(&t, h[i]);
	for (uint32_t i = 0; i < N; i++)
		must(intern_find(&t, &i, sizeof(i)) == (i % 2 ? h[i] : 0));
	intern_fini(&t);
	free(h);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ equal_bytes, 0, 0 },
		{ references, 0, 0 },
		{ many, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("intern", tests);
}
