/* SPDX-License-Identifier: ISC */
/* Slabs: handles, zeroed cells, stable addresses, the walk, and what a wrong free does. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lib/asan.h"
#include "lib/slab.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static const size_t sizes[] = { 1, 4, 12, 20, 64, 100, 128, 1000, 4096, 9000 };

START_TEST(handles_and_cells)
{
	size_t size = sizes[_i];
	uint32_t n = size > 1000 ? 300 : 5000, h;
	struct slab s;
	uint8_t **where = xcalloc(n + 1, sizeof(*where));

	slab_init(&s, "test", size);
	ck_assert_uint_eq(slab_bytes(&s), 0);
	ck_assert_uint_ge(s.size, size);
	ck_assert_uint_eq(s.size % 4, 0);
	for (uint32_t i = 1; i <= n; i++) {
		h = slab_alloc(&s);
		must(h == i);
		where[h] = slab_ptr(&s, h);
		for (size_t k = 0; k < size; k++)
			must(where[h][k] == 0);
		memset(where[h], (int)(h % 251 + 1), size);
	}
	ck_assert_uint_eq(s.live, n);
	/* Nothing moved and nothing overlaps. */
	for (h = 1; h <= n; h++) {
		must(slab_ptr(&s, h) == where[h]);
		for (size_t k = 0; k < size; k++)
			must(where[h][k] == h % 251 + 1);
	}
	ck_assert_uint_ge(slab_bytes(&s), n * size);
	free(where);
	slab_fini(&s);
	ck_assert_uint_eq(slab_bytes(&s), 0);
	/* It can be used again. */
	ck_assert_uint_eq(slab_alloc(&s), 1);
	slab_fini(&s);
}
END_TEST

START_TEST(reuse)
{
	struct slab s;
	size_t bytes;
	uint32_t h[100];

	slab_init(&s, "test", 24);
	for (int i = 0; i < 100; i++) {
		h[i] = slab_alloc(&s);
		memset(slab_ptr(&s, h[i]), 0xff, 24);
	}
	bytes = slab_bytes(&s);
	for (int i = 0; i < 100; i++)
		slab_free(&s, h[i]);
	ck_assert_uint_eq(s.live, 0);
	for (int i = 0; i < 100; i++) {
		uint32_t n = slab_alloc(&s);

		ck_assert(n >= 1 && n <= 100);
		ck_assert_mem_eq(slab_ptr(&s, n), (uint8_t[24]){ 0 }, 24);
	}
	ck_assert_uint_eq(slab_bytes(&s), bytes);
	slab_fini(&s);
}
END_TEST

START_TEST(alignment)
{
	struct slab s;

	slab_init(&s, "test", 40);
	for (int i = 0; i < 2000; i++)
		must((uintptr_t)slab_ptr(&s, slab_alloc(&s)) % 8 == 0);
	slab_fini(&s);
}
END_TEST

START_TEST(small_stays_small)
{
	struct slab s;

	slab_init(&s, "test", 64);
	slab_alloc(&s);
	ck_assert_uint_le(slab_bytes(&s), 4096 + 128);
	/* And a large one does not grow in small steps. */
	for (int i = 0; i < 100000; i++)
		slab_alloc(&s);
	ck_assert_uint_le(slab_bytes(&s), 100001 * 66 + 128 * 1024);
	slab_fini(&s);
}
END_TEST

/* The walk against a plain array of flags, over random allocation and freeing. */
START_TEST(walk)
{
	enum { MAX_H = 5000 };
	static bool live[MAX_H + 1];
	uint32_t held[MAX_H], n = 0, h, seen;
	struct slab s;

	memset(live, 0, sizeof(live));
	srand(7 + (unsigned)_i);
	slab_init(&s, "test", 16u << _i);
	ck_assert_uint_eq(slab_next(&s, 0), 0);
	for (int step = 0; step < 40000; step++) {
		if (n == 0 || (n < MAX_H && rand() % 100 < 55)) {
			h = slab_alloc(&s);
			must(h <= MAX_H && !live[h]);
			live[h] = true;
			held[n++] = h;
		} else {
			uint32_t k = (uint32_t)rand() % n;

			h = held[k];
			held[k] = held[--n];
			live[h] = false;
			slab_free(&s, h);
		}
		if (step % 1000 == 0) {
			seen = 0;
			for (h = slab_next(&s, 0); h != 0; h = slab_next(&s, h)) {
				must(live[h]);
				seen++;
			}
			ck_assert_uint_eq(seen, n);
			ck_assert_uint_eq(s.live, n);
		}
	}
	for (h = 0; h <= MAX_H; h++)
		must(slab_used(&s, h) == live[h]);
	ck_assert(!slab_used(&s, UINT32_MAX));
	ck_assert_uint_eq(slab_next(&s, UINT32_MAX), 0);
	/* Freeing while walking. */
	seen = 0;
	for (h = slab_next(&s, 0); h != 0; h = slab_next(&s, h)) {
		slab_free(&s, h);
		seen++;
	}
	ck_assert_uint_eq(seen, n);
	ck_assert_uint_eq(slab_next(&s, 0), 0);
	slab_fini(&s);
}
END_TEST

/* Each of these must abort: a handle that is not in use is a fault of ours. */
START_TEST(wrong_free)
{
	struct slab s;
	uint32_t h;

	fclose(stderr);
	slab_init(&s, "test", 8);
	h = slab_alloc(&s);
	slab_alloc(&s);
	slab_free(&s, h);
	slab_free(&s, _i == 0 ? h : _i == 1 ? 0 : 3);
}
END_TEST

START_TEST(freed_cells_are_hidden)
{
#ifdef EVPND_ASAN
	struct slab s;
	uint32_t h;

	slab_init(&s, "test", 16);
	h = slab_alloc(&s);
	ck_assert(!__asan_address_is_poisoned(slab_ptr(&s, h)));
	ck_assert(__asan_address_is_poisoned(slab_ptr(&s, h + 1)));
	slab_free(&s, h);
	ck_assert(__asan_address_is_poisoned(slab_ptr(&s, h)));
	slab_fini(&s);
#endif
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ handles_and_cells, ARRAY_LEN(sizes), 0 },
		{ reuse, 0, 0 },
		{ alignment, 0, 0 },
		{ small_stays_small, 0, 0 },
		{ walk, 3, 0 },
		{ freed_cells_are_hidden, 0, 0 },
		{ wrong_free, 3, SIGABRT },
		{ NULL, 0, 0 },
	};

	return run_tests("slab", tests);
}
