/* SPDX-License-Identifier: ISC */
/* The hash index against a naive model, its growth, and hashes of the worst kinds. */
#include "config.h"

#include <string.h>

#include "lib/hash.h"
#include "lib/hidx.h"
#include "lib/util.h"
#include "tests/unit/run.h"

static bool
found(const struct hidx *h, uint32_t hash, uint32_t val)
{
	uint32_t v, hits = 0;

	for (struct hidx_it it = hidx_first(h, hash); (v = hidx_next(&it)) != 0;)
		hits += v == val;
	must(hits <= 1);
	return hits == 1;
}

static uint32_t
candidates(const struct hidx *h, uint32_t hash)
{
	uint32_t n = 0;

	for (struct hidx_it it = hidx_first(h, hash); hidx_next(&it) != 0;)
		n++;
	return n;
}

START_TEST(empty)
{
	struct hidx h;

	hidx_init(&h);
	ck_assert_uint_eq(candidates(&h, 0), 0);
	ck_assert_uint_eq(candidates(&h, 77), 0);
	ck_assert(!hidx_remove(&h, 1, 1));
	ck_assert_uint_eq(hidx_bytes(&h), 0);
	hidx_fini(&h);
	/* Usable again after the end. */
	hidx_insert(&h, 5, 9);
	ck_assert(found(&h, 5, 9));
	ck_assert_uint_le(hidx_bytes(&h), 120);
	ck_assert(!hidx_remove(&h, 5, 8));
	ck_assert(!hidx_remove(&h, 6, 9));
	ck_assert(hidx_remove(&h, 5, 9));
	ck_assert(!hidx_remove(&h, 5, 9));
	ck_assert_uint_eq(h.count, 0);
	hidx_fini(&h);
}
END_TEST

/* The hash of handle v in each kind of table. */
static uint32_t
hash_good(uint32_t v)
{
	return hash32(&v, sizeof(v));
}

static uint32_t
hash_identity(uint32_t v)
{
	return v;
}

static uint32_t
hash_high(uint32_t v)
{
	return v << 20 | v >> 12;
}

static uint32_t
hash_pairs(uint32_t v)
{
	v >>= 1;
	return hash32(&v, sizeof(v));
}

static uint32_t (*const hashes[])(
    uint32_t) = { hash_good, hash_identity, hash_high, hash_pairs };

/* A million in, every third out, the rest looked up, all out: the model is arithmetic. */
START_TEST(million)
{
	enum { N = 1000000 };
	uint32_t (*hash)(uint32_t) = hashes[_i], v;
	struct hidx h;

	hash_seed_fixed(1, 2);
	hidx_init(&h);
	for (v = 1; v <= N; v++)
		hidx_insert(&h, hash(v), v);
	ck_assert_uint_eq(h.count, N);
	/* Between 0.6 and 0.85 of the slots are used. */
	ck_assert_uint_le(hidx_bytes(&h), N * 8 / 6 * 10 + 100000);
	ck_assert_uint_ge(hidx_bytes(&h), N * 8 / 85 * 100);
	for (v = 3; v <= N; v += 3)
		must(hidx_remove(&h, hash(v), v));
	ck_assert_uint_eq(h.count, N - N / 3);
	for (v = 1; v <= N; v++)
		must(found(&h, hash(v), v) == (v % 3 != 0));
	ck_assert(!found(&h, hash(N + 1), N + 1));
	for (v = 1; v <= N; v++)
		must(v % 3 == 0 || hidx_remove(&h, hash(v), v));
	ck_assert_uint_eq(h.count, 0);
	/* What it grew to is given back, but for a small segment here and there. */
	ck_assert_uint_le(hidx_bytes(&h), h.nsegs * 120 + (sizeof(void *) << h.bits));
	hidx_fini(&h);
}
END_TEST

struct pair {
	uint32_t hash; /* key */
	bool in;       /* present now */
};

/* Random steps over few hashes, so that runs, wraps and equal hashes meet removals. */
START_TEST(random_steps)
{
	enum { N = 3000, STEPS = 200000 };
	static struct pair model[N + 1];
	uint32_t spread = _i == 0 ? 40 : _i == 1 ? 1500 : UINT32_MAX, live = 0;
	struct hidx h;

	srand(11 + (unsigned)_i);
	hash_seed_fixed(3, 4);
	hidx_init(&h);
	for (uint32_t v = 1; v <= N; v++)
		model[v] = (struct pair){ hash32(&v, 4) % spread, false };
	for (int step = 0; step < STEPS; step++) {
		/* The table breathes: mostly full, then mostly empty. */
		uint32_t v = 1 + (uint32_t)rand() % N;
		bool grow = step / 20000 % 2 == 0 ? rand() % 4 != 0 : rand() % 4 == 0;

		if (!model[v].in && grow) {
			hidx_insert(&h, model[v].hash, v);
			model[v].in = true;
			live++;
		} else if (model[v].in && !grow) {
			must(hidx_remove(&h, model[v].hash, v));
			model[v].in = false;
			live--;
		}
		must(h.count == live);
		if (step % 5000 == 0)
			for (v = 1; v <= N; v++)
				must(found(&h, model[v].hash, v) == model[v].in);
	}
	hidx_fini(&h);
}
END_TEST

/* More equal hashes than a segment splits at: it grows and must not split for ever. */
START_TEST(equal_hashes)
{
	enum { N = 10000, OTHERS = 20000 };
	struct hidx h;
	uint32_t v;

	hash_seed_fixed(5, 6);
	hidx_init(&h);
	for (v = 1; v <= OTHERS; v++)
		hidx_insert(&h, hash_good(v), v);
	for (v = OTHERS + 1; v <= OTHERS + N; v++)
		hidx_insert(&h, 0xdeadbeef, v);
	ck_assert_uint_le(h.bits, 6);
	ck_assert_uint_eq(candidates(&h, 0xdeadbeef), N);
	for (v = 1; v <= OTHERS; v++)
		must(found(&h, hash_good(v), v));
	for (v = OTHERS + N; v > OTHERS; v--)
		must(hidx_remove(&h, 0xdeadbeef, v));
	ck_assert_uint_eq(candidates(&h, 0xdeadbeef), 0);
	for (v = 1; v <= OTHERS; v++)
		must(found(&h, hash_good(v), v));
	hidx_fini(&h);
}
END_TEST

START_TEST(small_tables)
{
	struct hidx h;

	hash_seed_fixed(7, 8);
	hidx_init(&h);
	for (uint32_t v = 1; v <= 2000; v++) {
		hidx_insert(&h, hash_good(v), v);
		must(hidx_bytes(&h) <= 64 + MAX(8u, 3 * v) * 8);
		for (uint32_t w = 1; w <= v; w += 1 + v / 50)
			must(found(&h, hash_good(w), w));
		must(!found(&h, hash_good(v + 1), v + 1));
	}
	hidx_fini(&h);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ empty, 0, 0 },
		{ million, 4, 0 },
		{ random_steps, 3, 0 },
		{ equal_hashes, 0, 0 },
		{ small_tables, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("hidx", tests);
}
