/* SPDX-License-Identifier: ISC */
/* Small needs: numbers, memory, errors, and the keyed hash against another implementation. */
#include "config.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/err.h"
#include "lib/hash.h"
#include "lib/util.h"
#include "tests/unit/run.h"

START_TEST(numbers)
{
	static const struct {
		const char *text;
		unsigned long long min, max;
		bool ok;
		unsigned long long v;
	} cases[] = {
		{ "0", 0, 9, true, 0 },
		{ "9", 0, 9, true, 9 },
		{ "10", 0, 9, false, 0 },
		{ "4", 5, 9, false, 0 },
		{ "007", 0, 9, true, 7 },
		{ "18446744073709551615", 0, UINT64_MAX, true, UINT64_MAX },
		{ "18446744073709551616", 0, UINT64_MAX, false, 0 },
		{ "99999999999999999999999", 0, UINT64_MAX, false, 0 },
		{ "", 0, 9, false, 0 },
		{ " 1", 0, 9, false, 0 },
		{ "1 ", 0, 9, false, 0 },
		{ "+1", 0, 9, false, 0 },
		{ "-1", 0, 9, false, 0 },
		{ "0x1", 0, 9, false, 0 },
		{ "1.0", 0, 9, false, 0 },
		{ "\xb1", 0, 9, false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned long long v = 77;

		ck_assert_msg(parse_u64(cases[i].text, cases[i].min, cases[i].max, &v) ==
				  cases[i].ok,
		    "\"%s\"", cases[i].text);
		ck_assert_uint_eq(v, cases[i].ok ? cases[i].v : 77);
	}
}
END_TEST

START_TEST(memory)
{
	char *s = xasprintf("%s-%d", "a", 5), *t = xstrdup(s);
	unsigned char *z = xcalloc(3, 5);

	ck_assert_str_eq(t, "a-5");
	for (int i = 0; i < 15; i++)
		ck_assert_uint_eq(z[i], 0);
	s = xrealloc(s, 100);
	ck_assert_str_eq(s, "a-5");
	free(s);
	free(t);
	free(z);
	/* No length is an error. */
	free(xmalloc(0));
	free(xcalloc(0, 4));
	free(xrealloc(NULL, 0));
	free(xmemdup(NULL, 0));
}
END_TEST

START_TEST(first_error_stays)
{
	struct err e = { 0 };
	char longer[2000];

	ck_assert(!err_set(&e, "line %d", 3));
	ck_assert(!err_set(&e, "later"));
	ck_assert_str_eq(e.text, "line 3");
	ck_assert(!err_set(NULL, "nobody listens"));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	e.text[0] = '\0';
	err_set(&e, "%s", longer);
	ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
}
END_TEST

/* The values are CPython 3.11's hash() of bytes(range(n)), which is SipHash-1-3, under
 * PYTHONHASHSEED 0 (a key of zeros) and 1 (the key below). */
START_TEST(siphash)
{
	static const struct {
		size_t len;
		uint64_t zero_key, other_key;
	} vectors[] = {
		{ 1, 0x68a914128e01e473, 0xecd3e5afcecda4b9 },
		{ 7, 0x2f098ab0c751325a, 0 },
		{ 8, 0xead411e67ebe2eea, 0xc0b5739e7e28dd01 },
		{ 9, 0x75927f9d95124362, 0 },
		{ 15, 0xf30eb725bb91c9ea, 0 },
		{ 16, 0x8972188433a5c5b7, 0 },
		{ 40, 0x95bc321ab41d8206, 0xdb056b8b4f38310b },
		{ 63, 0x385d3e39e5f37359, 0 },
	};
	uint8_t bytes[64];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		hash_seed_fixed(0, 0);
		ck_assert_uint_eq(hash64(bytes, vectors[i].len), vectors[i].zero_key);
		ck_assert_uint_eq(
		    hash32(bytes, vectors[i].len), (uint32_t)vectors[i].zero_key);
		hash_seed_fixed(0xaed66ce184be2329, 0xebe9bbf1f1499052);
		if (vectors[i].other_key)
			ck_assert_uint_eq(
			    hash64(bytes, vectors[i].len), vectors[i].other_key);
	}
}
END_TEST

START_TEST(seed_is_random)
{
	uint64_t a, b;

	hash_seed();
	a = hash64("x", 1);
	hash_seed();
	b = hash64("x", 1);
	ck_assert_uint_ne(a, b);
}
END_TEST

START_TEST(ensure_aborts)
{
	fclose(stderr);
	ensure(1 + 1 == 2);
	ensure(1 + 1 == 3);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ numbers, 0, 0 },
		{ memory, 0, 0 },
		{ first_error_stays, 0, 0 },
		{ siphash, 0, 0 },
		{ seed_is_random, 0, 0 },
		{ ensure_aborts, 0, SIGABRT },
		{ NULL, 0, 0 },
	};

	return run_tests("util", tests);
}
