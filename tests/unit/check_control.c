/* SPDX-License-Identifier: ISC */
/* Sessions over the control socket: order, commits, cancelling, bounds, slow clients; and files. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/conf.h"
#include "mgmt/control.h"
#include "mgmt/ctl_proto.h"
#include "mgmt/datastore.h"
#include "mgmt/session.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_config.h"
#include "mgmt/show_version.h"
#include "tests/unit/cli_fix.h"
#include "tests/unit/run.h"

static unsigned applied; /* times that a configuration was applied */
static unsigned ended;	 /* times that a command's done() was called */

/* A command that never ends, and one that fails. */
static bool
endless(struct show_ctx *c)
{
	while (!out_full(c->out))
		out_puts(c->out, "0123456789abcdef0123456789abcdef\n");
	return true;
}

static void
endless_done(struct show_ctx *c)
{
	(void)c;
	ended++;
}

static bool
failing(struct show_ctx *c)
{
	return show_fail(c, "because %d", 7);
}

static const struct show_cmd test_rows[] = {
	{ "show endless", "For ever", endless, endless_done },
	{ "show failing", "Never", failing, NULL },
};
static const struct show_table test_table = SHOW_TABLE(test_rows);
static const struct show_table *const tables[] = { &show_config_table, &show_mode_table,
	&show_verb_table, &show_confirm_table, &show_history_table, &show_version_table,
	&test_table, NULL };

static void
on_apply(struct engine *eng, const struct conf *c)
{
	(void)eng;
	(void)c;
	applied++;
}

static void
no_log(enum log_level lvl, const char *line, void *arg)
{
	(void)lvl;
	(void)line;
	(void)arg;
}

/* ---- an engine with one client at the other end of a socket pair ---- */

struct fix {
	struct engine eng;
	struct control *ctl;
	int fd;		      /* the client's end */
	struct strbuf rx;     /* read, not yet looked at */
	struct strbuf text;   /* of CTL_OUT since the last request */
	struct strbuf words;  /* of CTL_CHOICE */
	struct ctl_done done; /* the last one */
	unsigned ndone;	      /* since the last request */
	bool closed;	      /* by the engine */
};

static void
send_msg(struct fix *f, uint16_t type, const void *body, size_t len)
{
	uint8_t buf[70000];
	struct wbuf w = wb_init(buf, sizeof buf);

	wb_u32(&w, (uint32_t)len + 2);
	wb_u16(&w, type);
	wb_bytes(&w, body, len);
	ck_assert_int_eq(write(f->fd, buf, wb_len(&w)), (ssize_t)wb_len(&w));
}

static void
take_msg(struct fix *f, uint16_t type, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct ctl_choice c;

	if (type == CTL_OUT)
		strbuf_putn(&f->text, (const char *)body, len);
	if (type == CTL_CHOICE) {
		ck_assert(ctl_choice_decode(&r, &c));
		strbuf_printf(&f->words, "%s ", c.word);
	}
	if (type == CTL_DONE) {
		ck_assert(ctl_done_decode(&r, &f->done));
		f->ndone++;
	}
}

static void
take_frames(struct fix *f)
{
	struct rbuf r = rb_init(f->rx.s, f->rx.len);
	size_t used = 0;

	while (rb_left(&r) >= 6) {
		uint32_t n = rb_u32(&r);
		uint16_t type = rb_u16(&r);
		const uint8_t *body = rb_take(&r, n - 2);

		if (!body)
			break;
		take_msg(f, type, body, n - 2);
		used += n + 4;
	}
	f->rx.len -= used;
	memmove(f->rx.s, f->rx.s + used, f->rx.len);
}

/* Reads what is there; with limit, at most about so many bytes. */
static void
receive(struct fix *f, size_t limit)
{
	char buf[4096];
	ssize_t n;
	size_t got = 0;

	while (got < limit && (n = recv(f->fd, buf, sizeof buf, MSG_DONTWAIT)) >= 0) {
		f->closed |= n == 0;
		if (n == 0)
			break;
		strbuf_putn(&f->rx, buf, (size_t)n);
		got += (size_t)n;
	}
	if (f->rx.len)
		take_frames(f);
}

static void
run(struct fix *f)
{
	for (int i = 0; i < 20; i++) {
		loop_run_idle(f->eng.loop);
		receive(f, SIZE_MAX);
	}
}

static void
forget(struct fix *f)
{
	strbuf_reset(&f->text);
	strbuf_reset(&f->words);
	f->ndone = 0;
}

static void
fix_init(struct fix *f)
{
	uint8_t hello[4] = { 0, 0, 0, CTL_VERSION };
	int sv[2];

	memset(f, 0, sizeof *f);
	applied = ended = 0;
	f->eng.loop = loop_new_sim(1);
	f->eng.ds = datastore_new(nb);
	f->eng.commits = commits_new(&f->eng);
	f->eng.cli = cli;
	f->eng.apply = on_apply;
	f->ctl = control_new(&f->eng);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	fcntl(sv[0], F_SETFL, O_NONBLOCK);
	f->fd = sv[1];
	strbuf_init(&f->rx);
	strbuf_init(&f->text);
	strbuf_init(&f->words);
	control_attach(f->ctl, sv[0]);
	send_msg(f, CTL_HELLO, hello, sizeof hello);
	run(f);
	ck_assert_uint_eq(f->ndone, 1);
	forget(f);
}

static void
fix_fini(struct fix *f)
{
	control_free(f->ctl);
	close(f->fd);
	conf_free((struct conf *)f->eng.conf);
	commits_free(f->eng.commits);
	datastore_free(f->eng.ds);
	loop_free(f->eng.loop);
	strbuf_fini(&f->rx);
	strbuf_fini(&f->text);
	strbuf_fini(&f->words);
}

static void
ask(struct fix *f, uint16_t type, const char *line)
{
	forget(f);
	send_msg(f, type, line, strlen(line));
	run(f);
	ck_assert_uint_eq(f->ndone, 1);
}

/* status of the line */
static int
exec(struct fix *f, const char *line)
{
	ask(f, CTL_EXEC, line);
	return f->done.status;
}

/* ---- tests ---- */

START_TEST(exec_and_prompt)
{
	struct fix f;

	fix_init(&f);
	ck_assert_int_eq(exec(&f, "sh ver"), 0);
	ck_assert_ptr_nonnull(strstr(f.text.s, PACKAGE_VERSION));
	ck_assert_int_eq(exec(&f, "show failing"), 1);
	ck_assert_str_eq(f.text.s, "% because 7\n");
	ck_assert_int_eq(exec(&f, "frob"), 1);
	ck_assert_int_eq(exec(&f, ""), 0);
	ck_assert_int_eq(exec(&f, "! comment"), 0);
	ck_assert_int_eq(exec(&f, "conf t"), 0);
	ck_assert_ptr_nonnull(strstr(f.done.prompt, "(config)# "));
	ck_assert_int_eq(exec(&f, "hostname r1"), 0);
	ck_assert_str_eq(f.done.prompt, "r1(config)# ");
	ck_assert_int_eq(exec(&f, "router bgp 1"), 0);
	ck_assert_int_eq(exec(&f, "address-family l2vpn evpn"), 0);
	ck_assert_str_eq(f.done.prompt, "r1(config-router-af)# ");
	ck_assert_int_eq(exec(&f, "vni 5"), 0);
	ck_assert_str_eq(f.done.prompt, "r1(config-router-af-vni)# ");
	ck_assert_int_eq(exec(&f, "do show version"), 0);
	ck_assert_int_eq(exec(&f, "exit"), 0);
	ck_assert_str_eq(f.done.prompt, "r1(config-router-af)# ");
	ck_assert_int_eq(exec(&f, "end"), 0);
	ck_assert_str_eq(f.done.prompt, "r1# ");
	ck_assert_int_eq(exec(&f, "exit"), 0);
	ck_assert(f.done.closing);
	fix_fini(&f);
}
END_TEST

/* A line applies or changes nothing: neither the configuration nor the place in it. */
START_TEST(line_commits)
{
	struct fix f;

	fix_init(&f);
	exec(&f, "configure terminal");
	ck_assert_int_eq(exec(&f, "router bgp 65000"), 0);
	ck_assert_uint_eq(applied, 1);
	ck_assert_int_eq(exec(&f, "neighbor 10.0.0.1 description x"), 1);
	ck_assert_ptr_nonnull(strstr(f.text.s, "remote-as"));
	ck_assert_uint_eq(applied, 1);
	ck_assert_int_eq(exec(&f, "neighbor 10.0.0.1 remote-as 1"), 0);
	ck_assert_int_eq(exec(&f, "neighbor 10.0.0.1 remote-as 1"), 0);
	ck_assert_uint_eq(applied, 2); /* the same again is no commit */
	ck_assert_int_eq(exec(&f, "address-family l2vpn evpn"), 0);
	ck_assert_int_eq(exec(&f, "vni 5"), 0);
	ck_assert_int_eq(exec(&f, "rd 1:1"), 0);
	ck_assert_int_eq(exec(&f, "vni 6"), 0);
	ck_assert_int_eq(exec(&f, "rd 1:1"), 1);
	ck_assert_ptr_nonnull(strstr(f.done.prompt, "af-vni"));
	ck_assert_int_eq(exec(&f, "neighbor 10.0.0.2 activate"), 1);
	ck_assert_ptr_nonnull(strstr(f.done.prompt, "af-vni"));
	ck_assert_uint_eq(f.eng.conf->evpn.nvnis, 2);
	ck_assert(!f.eng.conf->evpn.vnis[1].rd_set);
	fix_fini(&f);
}
END_TEST

/* Nobody's line is applied while somebody else has locked what runs. */
START_TEST(lines_respect_the_lock)
{
	const struct ds_user other = { 4711, "eve", "netconf" };
	struct fix f;
	struct err e = { 0 };

	fix_init(&f);
	exec(&f, "configure terminal");
	ck_assert(ds_lock(f.eng.ds, DS_RUNNING, &other, &e));
	ck_assert_int_eq(exec(&f, "hostname x"), 1);
	ck_assert_ptr_nonnull(strstr(f.text.s, "netconf eve, session 4711"));
	ck_assert(ds_unlock(f.eng.ds, DS_RUNNING, &other, &e));
	ck_assert_int_eq(exec(&f, "hostname x"), 0);
	fix_fini(&f);
}
END_TEST

static void
load(struct fix *f, const char *text, uint8_t how)
{
	forget(f);
	send_msg(f, CTL_LOAD, text, strlen(text) / 2);
	send_msg(f, CTL_LOAD, text + strlen(text) / 2, strlen(text) - strlen(text) / 2);
	send_msg(f, CTL_LOAD_END, &how, 1);
	run(f);
	ck_assert_uint_eq(f->ndone, 1);
}

START_TEST(load_is_a_transaction)
{
	struct fix f;

	fix_init(&f);
	load(&f, "hostname a\nrouter bgp 1\n neighbor 10.0.0.1 remote-as 2\n",
	    CTL_LOAD_MERGE);
	ck_assert_uint_eq(f.done.status, 0);
	ck_assert_uint_eq(applied, 1);
	load(&f, "hostname b\nfrob\nrouter bgp 1\n neighbor 10.0.0.2 passive\n",
	    CTL_LOAD_MERGE);
	ck_assert_uint_eq(f.done.status, 1);
	ck_assert_ptr_nonnull(strstr(f.text.s, "line 2: Unknown command: frob\n"));
	ck_assert_ptr_nonnull(strstr(f.text.s, "line 4: 10.0.0.2 has no remote-as"));
	ck_assert_uint_eq(applied, 1);
	ck_assert_str_eq(f.eng.conf->hostname, "a");
	load(&f, "hostname c\n", CTL_LOAD_CHECK);
	ck_assert_uint_eq(f.done.status, 0);
	ck_assert_str_eq(f.eng.conf->hostname, "a");
	load(&f, "hostname c\n", CTL_LOAD_REPLACE);
	ck_assert_str_eq(f.eng.conf->hostname, "c");
	ck_assert(!f.eng.conf->bgp.enabled);
	fix_fini(&f);
}
END_TEST

START_TEST(choices)
{
	struct fix f;

	fix_init(&f);
	ask(&f, CTL_COMPLETE, "show v");
	ck_assert_str_eq(f.words.s, "version ");
	ask(&f, CTL_HELP, "show version ");
	ck_assert_str_eq(f.words.s, "json <cr> ");
	exec(&f, "conf t");
	exec(&f, "router bgp 1");
	ask(&f, CTL_HELP, "neighbor 10.0.0.1 remote-as ");
	ck_assert_str_eq(f.words.s, "external internal ASNUM ");
	ask(&f, CTL_COMPLETE, "no neighbor 10.0.0.1 pas");
	ck_assert_str_eq(f.words.s, "passive password ");
	ask(&f, CTL_COMPLETE, "do sh");
	ck_assert_str_eq(f.words.s, "show ");
	ask(&f, CTL_COMPLETE, "host");
	ck_assert_str_eq(f.words.s, "hostname ");
	fix_fini(&f);
}
END_TEST

/* Requests sent ahead are done in order. */
START_TEST(sent_ahead)
{
	struct fix f;

	fix_init(&f);
	send_msg(&f, CTL_EXEC, "conf t", 6);
	send_msg(&f, CTL_EXEC, "hostname z", 10);
	send_msg(&f, CTL_EXEC, "end", 3);
	run(&f);
	ck_assert_uint_eq(f.ndone, 3);
	ck_assert_str_eq(f.done.prompt, "z# ");
	fix_fini(&f);
}
END_TEST

/* A client that does not read holds back its own command and costs bounded memory; ^C ends it. */
START_TEST(slow_client)
{
	struct fix f;
	size_t before;

	fix_init(&f);
	send_msg(&f, CTL_EXEC, "show endless", 12);
	for (int i = 0; i < 50; i++)
		loop_run_idle(f.eng.loop);
	receive(&f, 4096);
	before = f.text.len;
	ck_assert_uint_eq(f.ndone, 0);
	loop_run_idle(f.eng.loop);
	receive(&f, 1 << 16);
	ck_assert_uint_gt(f.text.len, before);
	send_msg(&f, CTL_CANCEL, NULL, 0);
	run(&f);
	ck_assert_uint_eq(f.ndone, 1);
	ck_assert_uint_eq(f.done.status, 1);
	ck_assert_uint_eq(ended, 1);
	ck_assert_uint_lt(f.text.len, 8 << 20);
	ck_assert_int_eq(exec(&f, "show version"), 0);
	fix_fini(&f);
}
END_TEST

/* Going away in the middle of a command ends it. */
START_TEST(client_goes)
{
	struct fix f;

	fix_init(&f);
	send_msg(&f, CTL_EXEC, "show endless", 12);
	loop_run_idle(f.eng.loop);
	close(f.fd);
	f.fd = -1;
	for (int i = 0; i < 5; i++)
		loop_run_idle(f.eng.loop);
	ck_assert_uint_eq(control_clients(f.ctl), 0);
	ck_assert_uint_eq(ended, 1);
	fix_fini(&f);
}
END_TEST

static const struct {
	uint16_t type;
	const char *body;
	size_t len;
	unsigned times;
} rude[] = {
	{ 99, "", 0, 1 },
	{ CTL_EXEC, "a\0b", 3, 1 },
	{ CTL_EXEC, "a\nb", 3, 1 },
	{ CTL_LOAD_END, "\x07", 1, 1 },
	{ CTL_LOAD_END, "", 0, 1 },
	{ CTL_LOAD, "\0", 1, 1 },
	{ CTL_HELLO, "", 0, 1 },
	{ CTL_OUT, "x", 1, 1 },
	{ CTL_EXEC, "show endless", 12, CTL_PENDING_MAX + 2 },
};

START_TEST(rude_client)
{
	struct fix f;

	fix_init(&f);
	for (unsigned i = 0; i < rude[_i].times; i++)
		send_msg(&f, rude[_i].type, rude[_i].body, rude[_i].len);
	for (int i = 0; i < 5; i++)
		loop_run_idle(f.eng.loop);
	receive(&f, SIZE_MAX);
	ck_assert_uint_eq(control_clients(f.ctl), 0);
	ck_assert(f.closed);
	fix_fini(&f);
}
END_TEST

/* ---- files ---- */

static char *
slurp(const char *path)
{
	static char buf[4096];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(buf, 1, sizeof buf - 1, f) : 0;

	if (f)
		fclose(f);
	buf[n] = '\0';
	return buf;
}

static void
spit(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void
on_reloaded(void *arg, bool ok, const struct err *e)
{
	(void)e;
	*(bool *)arg = ok;
}

static bool
reload(struct fix *f, const char *path)
{
	const struct commit_opts o = { .unsaved = true };
	struct cli_report rep = { 0 };
	bool ok = false;

	ck_assert_ptr_null(commit_text_start(
	    &f->eng, slurp(path), LOAD_REPLACE, &o, &rep, on_reloaded, &ok));
	return ok;
}

START_TEST(files)
{
	char dir[] = "/tmp/check_control.XXXXXX", path[64], saved[64], kept[96];
	struct cli_report rep = { 0 };
	struct fix f;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/e.conf", dir);
	snprintf(saved, sizeof saved, "%s/e.conf.sav", dir);
	fix_init(&f);
	f.eng.conf_file = path;
	/* At start what is good is taken, and the rest is told. */
	spit(path, "hostname a\nfrob\nrouter bgp 1\n neighbor 10.0.0.1 passive\n bgp "
		   "router-id 1.1.1.1\n");
	ck_assert(!commit_text(&f.eng, slurp(path), LOAD_GOOD_LINES, NULL, &rep));
	ck_assert_uint_eq(rep.errors, 2);
	ck_assert_str_eq(f.eng.conf->hostname, "a");
	ck_assert_uint_eq(f.eng.conf->bgp.router_id, 0x01010101);
	/* Writing keeps the old file. */
	ck_assert_int_eq(exec(&f, "write"), 0);
	ck_assert_ptr_nonnull(strstr(slurp(path), "router-id 1.1.1.1"));
	ck_assert_ptr_null(strstr(slurp(path), "frob"));
	ck_assert_ptr_nonnull(strstr(slurp(saved), "frob"));
	ck_assert(reload(&f, path));
	ck_assert_uint_eq(f.eng.conf->bgp.router_id, 0x01010101);
	/* A reload with an error changes nothing. */
	spit(path, "hostname q\nfrob\n");
	ck_assert(!reload(&f, path));
	ck_assert_str_eq(f.eng.conf->hostname, "a");
	unlink(path);
	unlink(saved);
	for (int i = 1; i <= 2; i++) {
		snprintf(kept, sizeof kept, "%s/e.conf.history/%06d.conf", dir, i);
		ck_assert_int_eq(unlink(kept), 0);
	}
	snprintf(kept, sizeof kept, "%s/e.conf.history", dir);
	ck_assert_int_eq(rmdir(kept), 0);
	rmdir(dir);
	ck_assert_int_eq(exec(&f, "write"), 1);
	fix_fini(&f);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ exec_and_prompt, 0, 0 },
		{ line_commits, 0, 0 },
		{ lines_respect_the_lock, 0, 0 },
		{ load_is_a_transaction, 0, 0 },
		{ choices, 0, 0 },
		{ sent_ahead, 0, 0 },
		{ slow_client, 0, 0 },
		{ client_goes, 0, 0 },
		{ rude_client, ARRAY_LEN(rude), 0 },
		{ files, 0, 0 },
		{ NULL, 0, 0 },
	};
	log_set_sink(no_log, NULL);
	return cli_tests("control", tables, tests);
}
