/* SPDX-License-Identifier: ISC */
/* The history as state, going back in it by name, commits as events. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/action.h"
#include "mgmt/draft.h"
#include "mgmt/event.h"
#include "mgmt/nb.h"
#include "mgmt/state.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

static struct fix f;

/* Two commits: the hostname is a, then b. */
static void
setup(struct session *s)
{
	fix_init(&f);
	f.eng.events = events_new(f.eng.loop);
	load(&f, false);
	open_session(s, &f, "ann");
	typed(s, "configure private");
	typed(s, "hostname a");
	typed(s, "commit comment the first");
	typed(s, "hostname b");
	typed(s, "commit");
}

static void
teardown(struct session *s)
{
	session_fini(s);
	events_free(f.eng.events);
	fix_fini(&f);
}

static char *
state_text(const char *path)
{
	struct err e = { 0 };
	struct state_walk *w = state_open(&f.eng, path, 0, &e);
	struct out o;
	char *text;

	ck_assert_msg(w != NULL, "%s", e.text);
	out_init(&o);
	while (state_step(w, &o)) {
	}
	state_close(w);
	text = strbuf_take(&o.buf);
	out_fini(&o);
	ck_assert_msg(nb_state_check(nb, text, &e), "%s\n%s", e.text, text);
	return text;
}

static bool
go_back(const char *number, const struct ds_user *by, struct err *e)
{
	const struct action_arg arg = { "number", number };
	const struct action_call c = {
		.path = "/evpnd:rollback", .args = &arg, .n = 1, .by = by
	};
	struct out o;
	bool ok;

	out_init(&o);
	*e = (struct err){ 0 };
	ok = action_run(&f.eng, &c, &o, e);
	out_fini(&o);
	return ok;
}

START_TEST(history)
{
	struct session s;
	char *text;

	setup(&s);
	text = state_text("/evpnd:state/commits");
	ck_assert_ptr_nonnull(strstr(text, "\"comment\":\"the first\""));
	ck_assert_ptr_nonnull(strstr(text, "\"user\":\"ann\""));
	free(text);
	text = state_text("/evpnd:state/commits/commit[number='77']");
	ck_assert_str_eq(text, "{\"evpnd:state\":{\"commits\":{\"commit\":[]}}}\n");
	free(text);
	teardown(&s);
}
END_TEST

START_TEST(rollback)
{
	struct ds_user other = { .id = 4242, .name = "bob", .door = "netconf" };
	struct session s;
	struct err e = { 0 };
	const char *name;

	setup(&s);
	ck_assert(!go_back("49", &s.by, &e));
	ck_assert(!go_back("x", &s.by, &e));
	/* The candidate is another one's. */
	ck_assert(ds_lock(f.eng.ds, DS_CANDIDATE, &other, &e));
	ck_assert(!go_back("1", &s.by, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "bob"));
	ck_assert(ds_unlock(f.eng.ds, DS_CANDIDATE, &other, &e));
	ck_assert_msg(go_back("1", &s.by, &e), "%s", e.text);
	name = nb_get(draft_read(draft_candidate(f.eng.ds)),
	    NB_PATH({ "system", NULL }, { "hostname", NULL }));
	ck_assert_str_eq(name ? name : "", "a");
	/* Nothing is in force yet. */
	ck_assert(runs(&f, "hostname b"));
	teardown(&s);
}
END_TEST

START_TEST(commits_tell)
{
	const struct event *ev = NULL;
	struct err e = { 0 };
	struct session s;
	unsigned n = 0;

	setup(&s);
	for (uint64_t at = 0; (ev = event_after(f.eng.events, at)); at = ev->number) {
		ck_assert_msg(nb_event_check(nb, ev->text, &e), "%s", e.text);
		ck_assert_int_eq(ev->kind, EVENT_COMMIT);
		n += strstr(ev->text, "\"user\":\"ann\"") != NULL;
		n += strstr(ev->text, "\"comment\":\"the first\"") != NULL;
	}
	ck_assert_uint_eq(n, 3);
	teardown(&s);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ history, 0, 0 },
		{ rollback, 0, 0 },
		{ commits_tell, 0, 0 },
		{ 0 },
	};

	return commit_tests("action", tests);
}
