/* SPDX-License-Identifier: ISC */
/* The arena: alignment, no overlap, growth, and the block that a reset keeps. */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/asan.h"
#include "tests/unit/run.h"

START_TEST(no_overlap)
{
	enum { N = 2000 };
	static uint8_t *p[N];
	struct arena a;

	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N; i++) {
			p[i] = arena_alloc(&a, (size_t)(i % 97));
			must((uintptr_t)p[i] % 8 == 0);
			memset(p[i], i % 256, (size_t)(i % 97));
		}
		for (int i = 0; i < N; i++) {
			must(i == 0 || p[i] != p[i - 1]);
			for (int k = 0; k < i % 97; k++)
				must(p[i][k] == i % 256);
		}
		arena_reset(&a);
	}
	arena_fini(&a);
}
END_TEST

START_TEST(large_and_dup)
{
	struct arena a;
	char *s, *big;

	arena_init(&a);
	arena_reset(&a); /* of nothing */
	s = arena_dup(&a, "hello", 6);
	big = arena_alloc(&a, 1 << 20);
	memset(big, 1, 1 << 20);
	ck_assert_str_eq(s, "hello");
	ck_assert_ptr_nonnull(arena_dup(&a, NULL, 0));
	/* The large block stays: the same work again allocates nothing new. */
	arena_reset(&a);
	big = arena_alloc(&a, 1000);
	arena_reset(&a);
	ck_assert_ptr_eq(arena_alloc(&a, 1000), big);
	ck_assert_ptr_nonnull(arena_alloc(&a, (1 << 20) - 1000));
	arena_reset(&a);
	ck_assert_ptr_eq(arena_alloc(&a, 8), big);
	arena_fini(&a);
	arena_fini(&a);
}
END_TEST

START_TEST(reset_hides)
{
#ifdef EVPND_ASAN
	struct arena a;
	char *p;

	arena_init(&a);
	p = arena_alloc(&a, 10);
	ck_assert(!__asan_address_is_poisoned(p + 9));
	ck_assert(__asan_address_is_poisoned(p + 16));
	arena_reset(&a);
	ck_assert(__asan_address_is_poisoned(p));
	arena_fini(&a);
#endif
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ no_overlap, 0, 0 },
		{ large_and_dup, 0, 0 },
		{ reset_hides, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("arena", tests);
}
