/* SPDX-License-Identifier: ISC */
/* Requests to the engine, blocking. */
#include "config.h"

#include "vtysh/client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#define PROGRESS_LINES 20000 /* of a stream, between two looks at the clock */

static volatile sig_atomic_t interrupted;

static void
on_sigint(int signo)
{
	(void)signo;
	interrupted = 1;
}

/* ^C while an answer is read: the engine ends the command, and its CTL_DONE comes. */
static bool
pass_on(struct ctl_client *c)
{
	if (!interrupted)
		return true;
	interrupted = 0;
	return ctl_client_send(c, CTL_CANCEL, NULL, 0);
}

/* Says that the connection broke, if that is why it was not done. */
static bool
done(const struct client *c, bool ok)
{
	if (!ok && client_lost(c))
		fprintf(stderr, "vtysh: connection to evpnd lost (%s)\n", c->ctl.why);
	return ok;
}

static void
count_lines(struct progress *p, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p->lines += text[i] == '\n';
}

/* One message of an answer; *last when it was the end. */
static bool
take_message(struct client *c, uint16_t type, size_t len, const struct client_sink *sink,
    bool *last)
{
	struct rbuf r = rb_init(c->ctl.body, len);
	struct ctl_choice choice;

	if (type == CTL_OUT) {
		count_lines(&c->progress, (const char *)c->ctl.body, len);
		if (sink && sink->out &&
		    !sink->out(sink->arg, (const char *)c->ctl.body, len))
			return ctl_client_send(&c->ctl, CTL_CANCEL, NULL, 0);
		return true;
	}
	if (type == CTL_CHOICE && ctl_choice_decode(&r, &choice)) {
		if (sink && sink->choice)
			sink->choice(sink->arg, &choice);
		return true;
	}
	if (type == CTL_DONE && ctl_done_decode(&r, &c->done)) {
		*last = true;
		return true;
	}
	return ctl_client_fail(&c->ctl, "unexpected answer");
}

/* Until there is something to read; meanwhile the progress is shown, and ^C passed on. */
static bool
wait_for_answer(struct client *c)
{
	struct pollfd p = { c->ctl.fd, POLLIN, 0 };

	for (;;) {
		const int n = poll(&p, 1, c->progress.what ? PROGRESS_TICK_MS : -1);

		if (n > 0 || (n < 0 && errno != EINTR))
			return true;
		if (!pass_on(&c->ctl))
			return false;
		progress_tick(&c->progress);
	}
}

static bool
read_answer(struct client *c, const struct client_sink *sink)
{
	unsigned long shown = 0;
	bool last = false;

	while (!last) {
		uint16_t type;
		size_t len;

		if (!wait_for_answer(c) || !ctl_client_read(&c->ctl, &type, &len) ||
		    !take_message(c, type, len, sink, &last))
			return false;
		/* While it streams, too. */
		if (c->progress.what && c->progress.lines - shown >= PROGRESS_LINES) {
			shown = c->progress.lines;
			progress_tick(&c->progress);
		}
	}
	return true;
}

static bool
request(struct client *c, uint16_t type, const void *body, size_t len,
    const struct client_sink *sink)
{
	struct sigaction sa = { .sa_handler = on_sigint }, old;
	bool ok;

	interrupted = 0;
	sigaction(SIGINT, &sa, &old);
	ok = ctl_client_send(&c->ctl, type, body, len) && read_answer(c, sink);
	progress_end(&c->progress);
	sigaction(SIGINT, &old, NULL);
	return ok;
}

void
client_doing(struct client *c, const char *what)
{
	progress_begin(&c->progress, what);
}

bool
client_request(struct client *c, uint16_t type, const void *body, size_t len,
    const struct client_sink *sink)
{
	return !client_lost(c) && done(c, request(c, type, body, len, sink));
}

bool
client_load(struct client *c, const char *text, size_t len, enum ctl_load how,
    const struct client_sink *sink)
{
	uint8_t flag = (uint8_t)how;

	return !client_lost(c) &&
	       done(c, ctl_client_send_pieces(&c->ctl, CTL_LOAD, text, len) &&
			   request(c, CTL_LOAD_END, &flag, 1, sink));
}

bool
client_open(struct client *c, const char *rundir)
{
	struct err e = { 0 };

	*c = (struct client){ .page = -1 };
	if (!ctl_client_open(&c->ctl, rundir, &e)) {
		fprintf(stderr, "vtysh: %s\n", e.text);
		return false;
	}
	c->ctl.on_signal = pass_on;
	return done(c, read_answer(c, NULL));
}

void
client_close(struct client *c)
{
	ctl_client_close(&c->ctl);
}

bool
client_lost(const struct client *c)
{
	return ctl_client_lost(&c->ctl);
}
