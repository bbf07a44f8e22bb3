/* SPDX-License-Identifier: ISC */
/* Requests to the engine, blocking. */
#include "config.h"

#include "vtysh/client.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/util.h"

#define FRAME 6 /* bytes of length and type */

static volatile sig_atomic_t interrupted;

static void
on_sigint(int signo)
{
	(void)signo;
	interrupted = 1;
}

static bool
broken(struct client *c, const char *why)
{
	if (c->fd >= 0) {
		fprintf(stderr, "vtysh: connection to evpnd lost (%s)\n", why);
		close(c->fd);
	}
	c->fd = -1;
	return false;
}

static bool
write_all(struct client *c, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len > 0) {
		ssize_t n = send(c->fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return broken(c, strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
send_frame(struct client *c, uint16_t type, const void *body, size_t len)
{
	uint8_t head[FRAME];
	struct wbuf w = wb_init(head, sizeof head);

	wb_u32(&w, (uint32_t)(len + 2));
	wb_u16(&w, type);
	return write_all(c, head, sizeof head) && (len == 0 || write_all(c, body, len));
}

static bool
read_all(struct client *c, uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(c->fd, p, len, 0);

		if (n < 0 && errno == EINTR) {
			if (interrupted) {
				interrupted = 0;
				if (!send_frame(c, CTL_CANCEL, NULL, 0))
					return false;
			}
			continue;
		}
		if (n <= 0)
			return broken(c, n < 0 ? strerror(errno) : "closed");
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
read_frame(struct client *c, uint16_t *type, size_t *len)
{
	uint8_t head[FRAME];
	struct rbuf r = rb_init(head, sizeof head);
	uint32_t n;

	if (!read_all(c, head, sizeof head))
		return false;
	n = rb_u32(&r);
	*type = rb_u16(&r);
	if (n < 2 || n - 2 > CTL_MSG_MAX)
		return broken(c, "malformed answer");
	*len = n - 2;
	return read_all(c, c->body, *len);
}

/* One message of an answer; *last when it was the end. */
static bool
take_message(struct client *c, uint16_t type, size_t len, const struct client_sink *sink,
    bool *last)
{
	struct rbuf r = rb_init(c->body, len);
	struct ctl_choice choice;

	if (type == CTL_OUT) {
		if (sink && sink->out &&
		    !sink->out(sink->arg, (const char *)c->body, len))
			return send_frame(c, CTL_CANCEL, NULL, 0);
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
	return broken(c, "unexpected answer");
}

static bool
read_answer(struct client *c, const struct client_sink *sink)
{
	bool last = false;

	while (!last) {
		uint16_t type;
		size_t len;

		if (!read_frame(c, &type, &len) ||
		    !take_message(c, type, len, sink, &last))
			return false;
	}
	return true;
}

bool
client_request(struct client *c, uint16_t type, const void *body, size_t len,
    const struct client_sink *sink)
{
	struct sigaction sa = { .sa_handler = on_sigint }, old;
	bool ok;

	if (c->fd < 0)
		return false;
	interrupted = 0;
	sigaction(SIGINT, &sa, &old);
	ok = send_frame(c, type, body, len) && read_answer(c, sink);
	sigaction(SIGINT, &old, NULL);
	return ok;
}

bool
client_load(struct client *c, const char *text, size_t len, enum ctl_load how,
    const struct client_sink *sink)
{
	uint8_t flag = (uint8_t)how;

	if (c->fd < 0)
		return false;
	for (size_t at = 0; at < len; at += CTL_MSG_MAX)
		if (!send_frame(
			c, CTL_LOAD, text + at, MIN(len - at, (size_t)CTL_MSG_MAX)))
			return false;
	return client_request(c, CTL_LOAD_END, &flag, 1, sink);
}

static bool
greet(struct client *c)
{
	uint8_t hello[4];
	struct wbuf w = wb_init(hello, sizeof hello);
	uint16_t type;
	size_t len;
	struct rbuf r;

	if (!read_frame(c, &type, &len))
		return false;
	r = rb_init(c->body, len);
	if (type != CTL_HELLO || rb_u32(&r) != CTL_VERSION)
		return broken(c, "evpnd is of another version");
	wb_u32(&w, CTL_VERSION);
	return client_request(c, CTL_HELLO, hello, sizeof hello, NULL);
}

bool
client_open(struct client *c, const char *rundir)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(sa.sun_path, sizeof sa.sun_path, "%s/" CTL_SOCKET, rundir);

	*c = (struct client){ .fd = -1, .page = -1 };
	if (n < 0 || (size_t)n >= sizeof sa.sun_path) {
		fprintf(stderr, "vtysh: %s: the path is too long\n", rundir);
		return false;
	}
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		fprintf(stderr, "vtysh: cannot reach evpnd at %s (%s)\n", sa.sun_path,
		    strerror(errno));
		client_close(c);
		return false;
	}
	c->body = xmalloc(CTL_MSG_MAX);
	return greet(c);
}

void
client_close(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->body);
	*c = (struct client){ .fd = -1 };
}
