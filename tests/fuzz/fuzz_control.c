/* SPDX-License-Identifier: ISC */
/* Fuzz target: what a client of the control socket may send. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"
#include "mgmt/commit.h"
#include "mgmt/conf.h"
#include "mgmt/control.h"
#include "mgmt/ctl_proto.h"
#include "mgmt/ctl_rpc.h"
#include "mgmt/datastore.h"
#include "mgmt/event.h"
#include "mgmt/session.h"
#include "mgmt/show_commit.h"
#include "mgmt/show_config.h"
#include "mgmt/show_events.h"
#include "mgmt/show_version.h"
#include "mgmt/show_yang.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX 32768 /* fits into the socket */

static struct nb *nb;
static struct cli *cli;
static const struct show_table *const tables[] = { &show_config_table, &show_mode_table,
	&show_verb_table, &show_confirm_table, &show_history_table, &show_version_table,
	&show_yang_table, &show_events_table, NULL };

static void
no_log(enum log_level lvl, const char *line, void *arg)
{
	(void)lvl;
	(void)line;
	(void)arg;
}

static void
setup(void)
{
	struct err e = { 0 };

	if (nb)
		return;
	log_set_sink(no_log, NULL);
	nb = nb_new(NULL, &e);
	cli = nb ? cli_new(tables, &e) : NULL;
	oracle(cli != NULL);
}

static void
drain(int fd)
{
	char buf[65536];

	while (recv(fd, buf, sizeof buf, MSG_DONTWAIT) > 0)
		;
}

/* The input as the bytes of a connection, behind the greeting. */
static void
run_connection(const uint8_t *data, size_t size)
{
	static const uint8_t hello[] = { 0, 0, 0, 6, 0, CTL_HELLO, 0, 0, 0, CTL_VERSION };
	struct engine eng = {
		.loop = loop_new_sim(1), .ds = datastore_new(nb), .cli = cli
	};
	struct control *ctl;
	int sv[2];

	eng.events = events_new(eng.loop);
	eng.commits = commits_new(&eng);
	ctl = control_new(&eng);

	oracle(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	fcntl(sv[0], F_SETFL, O_NONBLOCK);
	control_attach(ctl, sv[0]);
	oracle(write(sv[1], hello, sizeof hello) == (ssize_t)sizeof hello);
	oracle(size == 0 || write(sv[1], data, size) == (ssize_t)size);
	for (int i = 0; i < 3; i++) {
		loop_run_idle(eng.loop);
		drain(sv[1]);
	}
	control_free(ctl);
	close(sv[1]);
	conf_free((struct conf *)eng.conf);
	commits_free(eng.commits);
	datastore_free(eng.ds);
	events_free(eng.events);
	loop_free(eng.loop);
}

/* What vtysh decodes: bytes that decode encode to the same again. */
static void
run_answers(const uint8_t *data, size_t size)
{
	struct rbuf r = rb_init(data, size);
	uint8_t buf[CTL_WORD_MAX + CTL_HELP_MAX + 8];
	struct wbuf w = wb_init(buf, sizeof buf);
	struct ctl_choice c;
	struct ctl_done d;

	if (ctl_choice_decode(&r, &c)) {
		ctl_choice_encode(&w, &c);
		oracle(!w.failed && wb_len(&w) == size && memcmp(buf, data, size) == 0);
	}
	r = rb_init(data, size);
	w = wb_init(buf, sizeof buf);
	if (ctl_done_decode(&r, &d)) {
		ctl_done_encode(&w, &d);
		oracle(!w.failed && wb_len(&w) == size && memcmp(buf, data, size) == 0);
	}
}

/* The same of what machines say and hear. */
static void
run_rpc(const uint8_t *data, size_t size)
{
	struct rbuf r = rb_init(data, size);
	uint8_t buf[CTL_RPC_BODY_MAX];
	struct wbuf w = wb_init(buf, sizeof buf);
	struct ctl_rpc_error e;
	struct ctl_rpc m;

	if (ctl_rpc_decode(&r, &m)) {
		ctl_rpc_encode(&w, &m);
		oracle(!w.failed && wb_len(&w) == size && memcmp(buf, data, size) == 0);
	}
	r = rb_init(data, size);
	w = wb_init(buf, sizeof buf);
	if (ctl_rpc_error_decode(&r, &e)) {
		ctl_rpc_error_encode(&w, &e);
		oracle(!w.failed && wb_len(&w) == size && memcmp(buf, data, size) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	setup();
	if (size > INPUT_MAX)
		return 0;
	run_connection(data, size);
	run_answers(data, size);
	run_rpc(data, size);
	return 0;
}
