/* SPDX-License-Identifier: ISC */
/* The state as JSON: valid by the YANG module, whole or in parts, in slices; events; operations. */
#include "config.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/action.h"
#include "mgmt/event.h"
#include "mgmt/nb.h"
#include "mgmt/state.h"
#include "tests/unit/run.h"
#include "tests/unit/show_fab.h"

static struct fab fab;
static struct nb *nb;

static void
setup(void)
{
	struct err e = { 0 };

	fab_open(&fab);
	nb = nb_new(NULL, &e);
	ck_assert_msg(nb != NULL, "%s", e.text);
}

static void
teardown(void)
{
	nb_free(nb);
	fab_close(&fab);
}

/* The whole answer; NULL and *e if the path is none.  To be freed. */
static char *
read_state(const char *path, uint32_t limit, struct err *e)
{
	struct state_walk *w = state_open(&fab.leaf[0].eng, path, limit, e);
	struct out o;
	char *text;

	if (!w)
		return NULL;
	out_init(&o);
	while (state_step(w, &o))
		ck_assert_uint_lt(o.buf.len, 64 << 20);
	state_close(w);
	text = strbuf_take(&o.buf);
	out_fini(&o);
	return text;
}

/* Valid by the schema, and as JSON. */
static json_t *
good_state(const char *path, uint32_t limit)
{
	struct err e = { 0 };
	char *text = read_state(path, limit, &e);
	json_error_t je;
	json_t *v;

	ck_assert_msg(text != NULL, "%s: %s", path, e.text);
	ck_assert_msg(
	    nb_state_check(nb, text, &e), "%s: %s (%s)\n%s", path, e.text, e.path, text);
	v = json_loads(text, JSON_REJECT_DUPLICATES, &je);
	ck_assert_msg(v != NULL, "%s: %s\n%s", path, je.text, text);
	free(text);
	return v;
}

START_TEST(whole)
{
	setup();
	json_decref(good_state("/evpnd:state", 0));
	teardown();
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ whole, 0, 0 },
		{ 0 },
	};

	return run_tests("state", tests);
}
