/* SPDX-License-Identifier: ISC */
/* The text buffer: always ended, grows, is taken. */
#include "config.h"

#include <string.h>

#include "lib/strbuf.h"
#include "tests/unit/run.h"

START_TEST(appends)
{
	struct strbuf b;
	char *s;

	strbuf_init(&b);
	ck_assert_str_eq(b.s, "");
	strbuf_reset(&b);
	ck_assert_str_eq(b.s, "");
	strbuf_put(&b, "");
	ck_assert_str_eq(b.s, "");
	strbuf_put(&b, "ab");
	strbuf_putn(&b, "cdef", 2);
	strbuf_putn(&b, NULL, 0);
	strbuf_putc(&b, '-');
	strbuf_printf(&b, "%d%s", 12, "");
	ck_assert_str_eq(b.s, "abcd-12");
	ck_assert_uint_eq(b.len, 7);
	strbuf_reset(&b);
	ck_assert_str_eq(b.s, "");
	ck_assert_uint_eq(b.len, 0);
	strbuf_put(&b, "x");
	s = strbuf_take(&b);
	ck_assert_str_eq(s, "x");
	free(s);
	ck_assert_str_eq(b.s, "");
	s = strbuf_take(&b);
	ck_assert_str_eq(s, "");
	free(s);
	strbuf_fini(&b);
	strbuf_fini(&b);
}
END_TEST

/* Every length around the growth steps, by each way of appending. */
START_TEST(growth)
{
	char text[300];

	for (size_t n = 0; n < sizeof(text); n++) {
		struct strbuf b;

		memset(text, 'a', n);
		text[n] = '\0';
		strbuf_init(&b);
		strbuf_printf(&b, "%s", text);
		ck_assert_uint_eq(b.len, n);
		ck_assert_str_eq(b.s, text);
		strbuf_printf(&b, "%s|", text);
		ck_assert_uint_eq(b.len, 2 * n + 1);
		strbuf_put(&b, text);
		ck_assert_uint_eq(strlen(b.s), 3 * n + 1);
		ck_assert_int_eq(b.s[2 * n], '|');
		strbuf_fini(&b);
	}
}
END_TEST

/* The text ends just before, at and after the end of the memory. */
START_TEST(edges)
{
	char text[150];

	memset(text, 'b', sizeof(text));
	for (int first = 0; first < 140; first++) {
		for (int more = 0; more < 140; more++) {
			struct strbuf b;

			strbuf_init(&b);
			strbuf_putn(&b, text, (size_t)first);
			strbuf_printf(&b, "%.*s", more, text);
			must(b.len == (size_t)(first + more));
			must(strlen(b.s) == b.len && b.cap > b.len);
			strbuf_fini(&b);
		}
	}
}
END_TEST

START_TEST(zeroed_struct)
{
	struct strbuf b = { NULL, 0, 0 };

	strbuf_putc(&b, 'z');
	ck_assert_str_eq(b.s, "z");
	strbuf_fini(&b);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ appends, 0, 0 },
		{ growth, 0, 0 },
		{ edges, 0, 0 },
		{ zeroed_struct, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("strbuf", tests);
}
