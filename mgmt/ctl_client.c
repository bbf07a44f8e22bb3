/* SPDX-License-Identifier: ISC */
/* Frames of the control protocol over a blocking socket. */
#include "config.h"

#include "mgmt/ctl_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/util.h"
#include "mgmt/ctl_proto.h"

#define FRAME 6 /* bytes of length and type */

bool
ctl_client_fail(struct ctl_client *c, const char *why)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	if (!c->why[0])
		snprintf(c->why, sizeof c->why, "%s", why);
	return false;
}

bool
ctl_client_lost(const struct ctl_client *c)
{
	return c->fd < 0;
}

/* ---- frames ---- */

static bool
write_all(struct ctl_client *c, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len > 0) {
		ssize_t n = send(c->fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ctl_client_fail(c, strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool
ctl_client_send(struct ctl_client *c, uint16_t type, const void *body, size_t len)
{
	uint8_t head[FRAME];
	struct wbuf w = wb_init(head, sizeof head);

	wb_u32(&w, (uint32_t)(len + 2));
	wb_u16(&w, type);
	return write_all(c, head, sizeof head) && (len == 0 || write_all(c, body, len));
}

bool
ctl_client_send_pieces(struct ctl_client *c, uint16_t type, const char *text, size_t len)
{
	for (size_t at = 0; at < len; at += CTL_MSG_MAX)
		if (!ctl_client_send(
			c, type, text + at, MIN(len - at, (size_t)CTL_MSG_MAX)))
			return false;
	return true;
}

static bool
read_all(struct ctl_client *c, uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(c->fd, p, len, 0);

		if (n < 0 && errno == EINTR) {
			if (c->on_signal && !c->on_signal(c))
				return false;
			continue;
		}
		if (n <= 0)
			return ctl_client_fail(c, n < 0 ? strerror(errno) : "closed");
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool
ctl_client_read(struct ctl_client *c, uint16_t *type, size_t *len)
{
	uint8_t head[FRAME];
	struct rbuf r = rb_init(head, sizeof head);
	uint32_t n;

	if (!read_all(c, head, sizeof head))
		return false;
	n = rb_u32(&r);
	*type = rb_u16(&r);
	if (n < 2 || n - 2 > CTL_MSG_MAX)
		return ctl_client_fail(c, "malformed answer");
	*len = n - 2;
	return read_all(c, c->body, *len);
}

/* ---- the beginning ---- */

static bool
greet(struct ctl_client *c)
{
	uint8_t hello[4];
	struct wbuf w = wb_init(hello, sizeof hello);
	uint16_t type;
	size_t len;
	struct rbuf r;

	if (!ctl_client_read(c, &type, &len))
		return false;
	r = rb_init(c->body, len);
	if (type != CTL_HELLO || rb_u32(&r) != CTL_VERSION)
		return ctl_client_fail(c, "evpnd is of another version");
	wb_u32(&w, CTL_VERSION);
	return ctl_client_send(c, CTL_HELLO, hello, sizeof hello);
}

bool
ctl_client_open(struct ctl_client *c, const char *rundir, struct err *e)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(sa.sun_path, sizeof sa.sun_path, "%s/" CTL_SOCKET, rundir);

	*c = (struct ctl_client){ .fd = -1 };
	if (n < 0 || (size_t)n >= sizeof sa.sun_path)
		return err_set(e, "%s: the path is too long", rundir);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		err_set(e, "cannot reach evpnd at %s (%s)", sa.sun_path, strerror(errno));
		ctl_client_close(c);
		return false;
	}
	c->body = xmalloc(CTL_MSG_MAX);
	if (greet(c))
		return true;
	err_set(e, "connection to evpnd lost (%s)", c->why);
	ctl_client_close(c);
	return false;
}

void
ctl_client_close(struct ctl_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->body);
	*c = (struct ctl_client){ .fd = -1 };
}
