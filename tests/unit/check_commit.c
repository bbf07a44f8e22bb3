/* SPDX-License-Identifier: ISC */
/* Commits: drafts that meet, locks, a slow kernel, confirmations. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/util.h"
#include "tests/unit/commit_fix.h"
#include "tests/unit/run.h"

START_TEST(gathers_until_commit)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	open_session(&s, &f, "ann");
	typed(&s, "configure private");
	typed(&s, "hostname a");
	typed(&s, "router bgp 65000");
	typed(&s, "neighbor 10.0.0.1 remote-as 65001");
	ck_assert(!runs(&f, "hostname a"));
	typed(&s, "show | compare");
	ck_assert_str_eq(s.out.buf.s, "+hostname a\n+router bgp 65000\n+ neighbor "
				      "10.0.0.1 remote-as 65001\n+exit\n");
	refused(&s, "end", "not committed");
	typed(&s, "commit check");
	ck_assert(!runs(&f, "hostname a"));
	typed(&s, "commit comment the first one");
	ck_assert(runs(&f, "hostname a") && file_has(f.conf, "hostname a"));
	ck_assert(file_has(f.conf, "comment: the first one"));
	ck_assert_uint_eq(f.asked, 2);
	typed(&s, "commit");
	ck_assert(says(&s, "nothing to commit"));
	typed(&s, "end");
	session_fini(&s);
	fix_fini(&f);
}
END_TEST

/* An error anywhere before the switch changes nothing, and says where. */
START_TEST(all_or_nothing)
{
	struct fix f;
	struct session s;

	fix_init(&f);
	open_session(&s, &f, "ann");
	typed(&s, "configure private");
	typed(&s, "hostname a");
	typed(&s, "router bgp 65000");
	typed(&s, "neighbor 10.0.0.1 description x");
	refused(&s, "commit", "neighbor[address='10.0.0.1']");
	ck_assert(!runs(&f, "hostname a") && access(f.conf, F_OK) != 0);
	typed(&s, "no neighbor 10.0.0.1 description x");
	typed(&s, "neighbor 10.0.0.1 remote-as 1");
	f.refuse = true;
	refused(&s, "commit", "the port is in use");
	ck_assert(!runs(&f, "hostname a") && access(f.conf, F_OK) != 0);
	f.refuse = false;
	f.eng.conf_file = "/nowhere/at/all";
	refused(&s, "commit", "cannot write /nowhere/at/all");
	ck_assert(!runs(&f, "hostname a"));
	f.eng.conf_file = f.conf;
	typed(&s, "commit");
	ck_assert(runs(&f, "hostname a"));
	session_fini(&s);
	fix_fini(&f);
}
END_TEST

START_TEST(drafts_meet)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure private");
	typed(&b, "configure private");
	typed(&a, "router bgp 65000");
	typed(&a, "neighbor 10.0.0.1 remote-as 65001");
	typed(&a, "commit");
	/* Another thing: both stay. */
	typed(&b, "hostname b");
	typed(&b, "commit");
	ck_assert(runs(&f, "hostname b") && runs(&f, "remote-as 65001"));
	/* The same thing to something else: a conflict, with its path and who. */
	typed(&a, "bgp router-id 1.1.1.1");
	typed(&b, "router bgp 65000");
	typed(&b, "bgp router-id 2.2.2.2");
	typed(&a, "commit");
	refused(&b, "commit", "router-id");
	ck_assert(says(&b, "vtysh ann"));
	ck_assert(runs(&f, "router-id 1.1.1.1"));
	typed(&b, "update force");
	typed(&b, "commit");
	ck_assert(runs(&f, "router-id 2.2.2.2"));
	/* Changed here, removed there. */
	typed(&a, "neighbor 10.0.0.1 description x");
	typed(&b, "no neighbor 10.0.0.1");
	typed(&b, "commit");
	refused(&a, "commit", "10.0.0.1");
	typed(&a, "discard");
	typed(&a, "commit");
	session_fini(&a);
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

START_TEST(exclusive)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure exclusive");
	refused(&b, "configure exclusive", "vtysh ann, session 1");
	ck_assert(says(&b, "\"configure private\" needs no lock"));
	typed(&b, "show configuration pending");
	ck_assert(says(&b, "The candidate is locked by vtysh ann"));
	typed(&b, "show configuration pending json");
	ck_assert(says(&b, "\"ann\"") && says(&b, "\"candidate\""));
	typed(&a, "show configuration json");
	ck_assert_str_eq(a.out.buf.s, "{}\n");
	typed(&a, "hostname gone");
	session_fini(&a);
	ck_assert(!draft_changed(draft_candidate(f.eng.ds)));
	typed(&b, "configure exclusive");
	typed(&b, "hostname b");
	typed(&b, "commit");
	ck_assert(runs(&f, "hostname b"));
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

/* The kernel takes its time: others may commit meanwhile, and a session may go. */
START_TEST(slow_kernel)
{
	struct fix f;
	struct session a, b;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&a, "configure private");
	typed(&a, "hostname a");
	f.slow = true;
	type(&a, "commit");
	ck_assert(session_waiting(&a) && !runs(&f, "hostname a"));
	typed(&b, "configure terminal");
	typed(&b, "router bgp 1");
	f.slow = false;
	f.done(f.done_arg, true, &(struct err){ 0 });
	step_all(&a);
	ck_assert(!a.failed && runs(&f, "hostname a") && runs(&f, "router bgp 1"));
	ck_assert_uint_eq(f.asked, 2);
	typed(&a, "hostname x");
	f.slow = true;
	type(&a, "commit");
	session_fini(&a);
	f.done(f.done_arg, true, &(struct err){ 0 });
	ck_assert(!runs(&f, "hostname x"));
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

/* Who has locked what runs meanwhile is not overtaken. */
START_TEST(slow_kernel_and_lock)
{
	struct ds_user other = { .name = "bob", .door = "netconf" };
	struct err e = { 0 };
	struct session a;
	struct fix f;

	fix_init(&f);
	open_session(&a, &f, "ann");
	typed(&a, "configure private");
	typed(&a, "hostname a");
	f.slow = true;
	type(&a, "commit");
	ck_assert(session_waiting(&a));
	other.id = datastore_new_id(f.eng.ds);
	ck_assert(ds_lock(f.eng.ds, DS_RUNNING, &other, &e));
	f.done(f.done_arg, true, &(struct err){ 0 });
	step_all(&a);
	ck_assert(a.failed && says(&a, "locked by netconf bob"));
	ck_assert(!runs(&f, "hostname a") && !file_has(f.conf, "hostname a"));
	ck_assert(ds_unlock(f.eng.ds, DS_RUNNING, &other, &e));
	f.slow = false;
	typed(&a, "commit");
	ck_assert(runs(&f, "hostname a"));
	session_fini(&a);
	fix_fini(&f);
}
END_TEST

/* An order that one has changed is not lost because the other has changed something else. */
START_TEST(order_meets_edit)
{
	struct session a, b;
	const char *one, *two;
	struct fix f;
	char *text;

	fix_init(&f);
	open_session(&a, &f, "ann");
	open_session(&b, &f, "bob");
	typed(&b, "configure terminal");
	typed(&b, "router bgp 65000");
	typed(&b, "router bgp 65000 vrf red");
	typed(&b, "address-family ipv4 unicast");
	typed(&b, "import vrf one");
	typed(&b, "import vrf two");
	typed(&a, "configure private");
	typed(&a, "router bgp 65000 vrf red");
	typed(&a, "address-family ipv4 unicast");
	typed(&a, "no import vrf one");
	typed(&a, "import vrf one");
	typed(&b, "end");
	typed(&b, "configure terminal");
	typed(&b, "hostname other");
	typed(&a, "commit");
	text = running(&f);
	one = strstr(text, "import vrf one");
	two = strstr(text, "import vrf two");
	ck_assert(one && two && two < one);
	ck_assert(runs(&f, "hostname other"));
	free(text);
	session_fini(&a);
	session_fini(&b);
	fix_fini(&f);
}
END_TEST

/* ---- confirmations ---- */

static void
begin_confirmed(struct fix *f, struct session *s, const char *line)
{
	fix_init(f);
	open_session(s, f, "ann");
	typed(s, "configure private");
	typed(s, "hostname old");
	typed(s, "commit");
	typed(s, "hostname new");
	typed(s, line);
	ck_assert(runs(f, "hostname new") && file_has(f->conf, "hostname old"));
	ck_assert(commit_pending(&f->eng).is);
}

START_TEST(confirmed_in_time)
{
	struct fix f;
	struct session s, other;

	begin_confirmed(&f, &s, "commit confirmed 2 comment why");
	open_session(&other, &f, "bob");
	typed(&other, "configure terminal");
	refused(&other, "hostname x", "vtysh ann");
	refused(&other, "do write", "vtysh ann");
	refused(&other, "commit confirm", "vtysh ann");
	pass(&f, 100);
	typed(&s, "commit");
	ck_assert(file_has(f.conf, "hostname new") && file_has(f.conf, "comment: why"));
	pass(&f, 100);
	ck_assert(runs(&f, "hostname new") && !commit_pending(&f.eng).is);
	typed(&other, "hostname x");
	session_fini(&s);
	session_fini(&other);
	fix_fini(&f);
}
END_TEST

START_TEST(taken_back)
{
	struct fix f;
	struct session s, other;

	/* by time, which a second one prolongs */
	begin_confirmed(&f, &s, "commit confirmed 1");
	pass(&f, 50);
	typed(&s, "router bgp 3");
	typed(&s, "commit confirmed 1");
	pass(&f, 50);
	ck_assert(runs(&f, "router bgp 3"));
	pass(&f, 11);
	ck_assert(runs(&f, "hostname old") && !runs(&f, "router bgp 3"));
	session_fini(&s);
	fix_fini(&f);
	/* with the session */
	begin_confirmed(&f, &s, "commit confirmed 1");
	session_fini(&s);
	ck_assert(runs(&f, "hostname old"));
	fix_fini(&f);
	/* by hand */
	begin_confirmed(&f, &s, "commit confirmed");
	typed(&s, "commit cancel");
	ck_assert(runs(&f, "hostname old"));
	session_fini(&s);
	fix_fini(&f);
	/* not with the session if it persists */
	begin_confirmed(&f, &s, "commit confirmed 1 persist word");
	refused(&s, "commit", "persist-id");
	session_fini(&s);
	ck_assert(runs(&f, "hostname new"));
	open_session(&other, &f, "bob");
	refused(&other, "commit confirm persist-id other", "persist-id");
	typed(&other, "commit confirm persist-id word");
	ck_assert(file_has(f.conf, "hostname new"));
	session_fini(&other);
	fix_fini(&f);
}
END_TEST

/* An engine that dies, or everything, comes back with what ran before. */
START_TEST(death_takes_back)
{
	struct fix f;
	struct session s;
	int status;
	pid_t pid;

	fix_init(&f);
	pid = fork();
	if (pid == 0) {
		open_session(&s, &f, "ann");
		type(&s, "configure private");
		type(&s, "hostname old");
		type(&s, "commit");
		type(&s, "hostname new");
		type(&s, "commit confirmed 1 persist word");
		pass(&f, 5);
		_exit(runs(&f, "hostname new") ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	load(&f, _i == 0);
	ck_assert(runs(&f, "hostname old"));
	fix_fini(&f);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ gathers_until_commit, 0, 0 },
		{ all_or_nothing, 0, 0 },
		{ drafts_meet, 0, 0 },
		{ exclusive, 0, 0 },
		{ order_meets_edit, 0, 0 },
		{ slow_kernel, 0, 0 },
		{ slow_kernel_and_lock, 0, 0 },
		{ confirmed_in_time, 0, 0 },
		{ taken_back, 0, 0 },
		{ death_takes_back, 2, 0 },
		{ NULL, 0, 0 },
	};

	return commit_tests("commit", tests);
}
