/* SPDX-License-Identifier: ISC */
/* The streaming JSON writer: commas, nesting, escapes, both layouts. */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "mgmt/out.h"
#include "tests/unit/run.h"

static void
write_all(struct out *o)
{
	out_obj_begin(o, NULL);
	out_str(o, "s", "a\"b\\c\n\t\x01 \xc3\xa9 \xff \xed\xa0\x80");
	out_strf(o, "f", "%d-%s", 5, "x");
	out_int(o, "i", -5);
	out_uint(o, "u", UINT64_C(9223372036854775807));
	out_bool(o, "b", true);
	out_null(o, "n");
	out_arr_begin(o, "a");
	out_int(o, NULL, 1);
	out_obj_begin(o, NULL);
	out_obj_end(o);
	out_arr_begin(o, NULL);
	out_arr_end(o);
	out_arr_end(o);
	out_obj_begin(o, "k\"ey");
	out_bool(o, "no", false);
	out_obj_end(o);
	out_obj_end(o);
}

START_TEST(what_is_written_parses)
{
	struct out o;
	json_t *j;

	out_init(&o);
	if (_i)
		out_json_compact(&o);
	write_all(&o);
	j = json_loads(o.buf.s, 0, NULL);
	ck_assert_msg(j != NULL, "%s", o.buf.s);
	ck_assert_str_eq(json_string_value(json_object_get(j, "s")),
	    "a\"b\\c\n\t\x01 \xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	ck_assert_int_eq(json_integer_value(json_object_get(j, "i")), -5);
	ck_assert_int_eq(
	    json_integer_value(json_object_get(j, "u")), INT64_C(9223372036854775807));
	ck_assert_uint_eq(json_array_size(json_object_get(j, "a")), 3);
	ck_assert(json_is_false(json_object_get(json_object_get(j, "k\"ey"), "no")));
	ck_assert_uint_eq(json_object_size(j), 8);
	json_decref(j);
	out_fini(&o);
}
END_TEST

START_TEST(layout)
{
	struct out o;

	out_init(&o);
	out_obj_begin(&o, NULL);
	out_int(&o, "a", 1);
	out_arr_begin(&o, "b");
	out_int(&o, NULL, 2);
	out_int(&o, NULL, 3);
	out_arr_end(&o);
	out_obj_end(&o);
	ck_assert_str_eq(o.buf.s, "{\n  \"a\":1,\n  \"b\":[\n    2,\n    3\n  ]\n}\n");
	out_fini(&o);
}
END_TEST

/* Marks stand around what they are about, never over the end of a line, and not unless asked for. */
START_TEST(tones)
{
	struct out o;

	out_init(&o);
	out_toned(&o, OUT_BAD, "%-4s", "no");
	out_toned(&o, OUT_GOOD, "yes\n");
	ck_assert_str_eq(o.buf.s, "no  yes\n");
	strbuf_reset(&o.buf);
	o.marked = true;
	out_toned(&o, OUT_PLAIN, "x");
	out_toned(&o, OUT_BAD, "%-4s", "no");
	out_toned(&o, OUT_GOOD, "yes\n");
	ck_assert_str_eq(o.buf.s, "x\024no  \021\022yes\021\n");
	out_fini(&o);
}
END_TEST

START_TEST(fullness)
{
	struct out o;

	out_init(&o);
	ck_assert(!out_full(&o));
	while (o.buf.len < OUT_SOFT_LIMIT)
		out_puts(&o, "0123456789abcdef");
	ck_assert(out_full(&o));
	out_fini(&o);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ what_is_written_parses, 2, 0 },
		{ layout, 0, 0 },
		{ fullness, 0, 0 },
		{ tones, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("out", tests);
}
