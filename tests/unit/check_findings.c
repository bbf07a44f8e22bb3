/* SPDX-License-Identifier: ISC */
/* evpn/findings: a table kept in order, with what was not said again forgotten. */
#include "config.h"

#include <string.h>

#include "evpn/findings.h"
#include "tests/unit/run.h"

static void
say(struct findings *t, uint8_t op, uint8_t code, uint32_t vni, const char *subject)
{
	struct zl_finding f = { .op = op, .code = code, .vni = vni, .text = "seen" };
	uint8_t mem[256];
	struct wbuf w = wb_init(mem, sizeof mem);

	strcpy(f.subject, subject);
	zl_finding_encode(&w, &f);
	ck_assert(findings_message(t, mem, wb_len(&w)));
}

static size_t
count(const struct findings *t)
{
	struct zl_finding at = { 0 };
	const struct zl_finding *f;
	size_t n = 0;

	while ((f = findings_after(t, &at)) != NULL) {
		must(f->code > at.code || (f->code == at.code && f->vni > at.vni) ||
		     (f->code == at.code && f->vni == at.vni &&
			 strcmp(f->subject, at.subject) > 0));
		at = *f;
		n++;
	}
	return n;
}

START_TEST(t_order)
{
	struct findings t;

	findings_init(&t);
	ck_assert_uint_eq(count(&t), 0);
	for (uint32_t i = 0; i < 50; i++)
		say(&t, ZL_SET, (uint8_t)(1 + i * 7 % (ZL_FIND_END - 1)), i % 5, "a");
	say(&t, ZL_SET, 1, 0, "b");
	say(&t, ZL_SET, 1, 0, "");
	ck_assert_uint_eq(count(&t), t.n);
	say(&t, ZL_DEL, 1, 0, "b");
	say(&t, ZL_DEL, 1, 0, "never");
	ck_assert_uint_eq(count(&t), t.n);
	findings_fini(&t);
}
END_TEST

START_TEST(t_epoch)
{
	struct findings t;

	findings_init(&t);
	say(&t, ZL_SET, 1, 10, "x");
	say(&t, ZL_SET, 2, 10, "x");
	findings_begin(&t);
	say(&t, ZL_SET, 2, 10, "x");
	say(&t, ZL_SET, 3, 10, "x");
	findings_end(&t);
	ck_assert_uint_eq(t.n, 2);
	ck_assert_uint_eq(t.a[0].f.code, 2);
	findings_fini(&t);
}
END_TEST

START_TEST(t_malformed)
{
	struct findings t;
	const uint8_t bad[] = { 1, ZL_FIND_END, 0, 0, 0, 0, 0 };

	findings_init(&t);
	ck_assert(!findings_message(&t, bad, sizeof bad));
	ck_assert_uint_eq(t.n, 0);
	findings_fini(&t);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_order, 0, 0 },
		{ t_epoch, 0, 0 },
		{ t_malformed, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("findings", tests);
}
