/* SPDX-License-Identifier: ISC */
/* bgpd/session.c: a connection: bytes in, bytes out, timers, and the machine between them. */
#include "config.h"

#include "bgpd/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/msg.h"
#include "bgpd/peer_priv.h"
#include "bgpd/recv.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("bgp.session");

static struct mono
now(const struct session *s)
{
	return loop_now(s->loop);
}

/* Timers. */

/* The loop's timer fires at the machine's earliest or before; then it is moved on. */
static void
rearm(struct session *s)
{
	struct mono due = fsm_due(&s->fsm);

	if (due.us == 0) {
		loop_timer_stop(&s->timer);
		return;
	}
	if (loop_timer_running(&s->timer) && !mono_before(due, s->timer.due))
		return;
	loop_timer_start(s->loop, &s->timer, mono_diff(due, loop_clock(s->loop)));
}

static void
on_timer(struct loop_timer *t)
{
	struct session *s = container_of(t, struct session, timer);
	enum fsm_event ev;

	while (s->peer && fsm_expired(&s->fsm, now(s), &ev))
		session_event(s, ev);
	if (s->peer)
		rearm(s);
}

/* The connection. */

static void
drop_connection(struct session *s)
{
	loop_io_stop(&s->io);
	loop_work_cancel(&s->flush);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->connecting = s->blocked = false;
	s->rest_len = 0;
	txq_fini(&s->tx);
}

/* Closes; what is ours to say first (a NOTIFICATION) is said by the lingering connection. */
static void
close_connection(struct session *s, bool has_last_word)
{
	if (s->fd >= 0 && has_last_word && !s->connecting) {
		loop_io_stop(&s->io);
		txq_cut(&s->tx);
		farewell_add(&s->peer->bgp->farewells, s->fd, &s->tx);
		s->fd = -1;
	}
	drop_connection(s);
}

static void
lost(struct session *s, const char *why)
{
	if (s->end.why[0] == 0)
		snprintf(s->end.why, sizeof s->end.why, "%s", why);
	session_event(s, FSM_EV_TCP_FAIL);
}

static void
take_connection(struct session *s, int fd)
{
	struct peer *p = s->peer;

	s->fd = fd;
	s->connecting = false;
	s->max_in = MSG_MAX;
	memset(&s->end, 0, sizeof s->end);
	memset(&s->nego, 0, sizeof s->nego);
	if (peer_connection_options(p, fd) < 0) {
		lost(s, "the socket refuses an option that the configuration asks for");
		return;
	}
	loop_io_set(s->loop, &s->io, fd, LOOP_READ);
	session_event(s, FSM_EV_TCP_UP);
}

static void
finish_connect(struct session *s)
{
	int err = 0;
	socklen_t len = sizeof err;

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	if (err == 0)
		take_connection(s, s->fd);
	else
		lost(s, strerror(err));
}

static void
dial(struct session *s)
{
	int fd = peer_dial(s->peer);

	memset(&s->end, 0, sizeof s->end);
	if (fd < 0) {
		lost(s, strerror(-fd));
		return;
	}
	s->fd = fd;
	s->connecting = true;
	loop_io_set(s->loop, &s->io, fd, LOOP_WRITE);
}

void
session_accept(struct session *s, int fd)
{
	take_connection(s, fd);
}

/* Writing. */

static void
flush(struct session *s)
{
	long n = txq_write(&s->tx, s->fd);
	bool waiting = !txq_empty(&s->tx);

	if (n < 0) {
		lost(s, strerror((int)-n));
		return;
	}
	if (n > 0) {
		s->peer->n.bytes_out += (uint64_t)n;
		s->peer->last_write = now(s);
	}
	fsm_sending(&s->fsm, n > 0, waiting, now(s));
	if (waiting)
		rearm(s);
	if (waiting != s->blocked) {
		s->blocked = waiting;
		loop_io_set(
		    s->loop, &s->io, s->fd, LOOP_READ | (waiting ? LOOP_WRITE : 0));
	}
	if (session_is_up(s))
		peer_wrote(s->peer, s);
}

static bool
on_flush(struct loop_work *w)
{
	struct session *s = container_of(w, struct session, flush);

	if (s->fd >= 0 && !s->blocked)
		flush(s);
	return false;
}

static void
want_flush(struct session *s)
{
	if (!s->blocked)
		loop_work_queue(s->loop, &s->flush);
}

void
session_control(struct session *s, const void *msg, size_t len)
{
	if (s->fd < 0)
		return;
	txq_control(&s->tx, msg, len);
	want_flush(s);
}

void
session_push(struct session *s, struct txbuf *b)
{
	if (s->fd < 0) {
		txbuf_unref(b);
		return;
	}
	txq_push(&s->tx, b);
	want_flush(s);
}

/* Reading. */

static void
keep_rest(struct session *s, const uint8_t *p, size_t n)
{
	if (n > s->rest_cap) {
		s->rest_cap = (uint32_t)MAX(n, (size_t)512);
		s->rest = xrealloc(s->rest, s->rest_cap);
	}
	if (n)
		memcpy(s->rest, p, n);
	s->rest_len = (uint32_t)n;
}

/* Takes whole messages off; stops when one of them has ended the connection. */
static void
take_messages(struct session *s, const uint8_t *p, size_t n)
{
	while (s->fd >= 0) {
		struct bgp_msg m;
		struct bgp_fault f;

		switch (msg_frame(p, n, s->max_in, &m, &f)) {
		case MSG_FAULT:
			session_fault(s, FSM_EV_HEADER_ERR, &f);
			return;
		case MSG_NEED_MORE:
			keep_rest(s, p, n);
			return;
		case MSG_WHOLE:
			recv_message(s, &m);
			p += m.len;
			n -= m.len;
		}
	}
}

static void
read_some(struct session *s)
{
	uint8_t *buf = s->peer->bgp->rx;
	ssize_t n = recv(s->fd, buf + s->rest_len, BGP_RX_CHUNK, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return;
	if (n <= 0) {
		lost(s, n == 0 ? "closed by the peer" : strerror(errno));
		return;
	}
	s->peer->n.bytes_in += (uint64_t)n;
	s->peer->last_read = now(s);
	if (s->rest_len)
		memcpy(buf, s->rest, s->rest_len);
	n += s->rest_len;
	s->rest_len = 0;
	take_messages(s, buf, (size_t)n);
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct session *s = container_of(io, struct session, io);

	if (s->connecting) {
		finish_connect(s);
		return;
	}
	if (ready & LOOP_READ)
		read_some(s);
	if (ready & LOOP_WRITE && s->fd >= 0 && s->blocked)
		flush(s);
}

/* The machine's actions. */

static void
send_open(struct session *s)
{
	uint8_t msg[MSG_MAX];
	struct wbuf w = wb_init(msg, sizeof msg);

	peer_make_open(s->peer, &w);
	ensure(!w.failed);
	s->peer->n.opens_out++;
	session_control(s, msg, wb_len(&w));
}

static void
send_keepalive(struct session *s)
{
	uint8_t msg[MSG_HEADER_LEN];
	struct wbuf w = wb_init(msg, sizeof msg);

	msg_keepalive(&w);
	s->peer->n.keepalives_out++;
	session_control(s, msg, wb_len(&w));
}

static void
send_notification(struct session *s, struct fsm_out out)
{
	uint8_t msg[MSG_MAX];
	struct wbuf w = wb_init(msg, sizeof msg);
	struct notification own = { .code = out.code, .subcode = out.subcode };
	const struct notification *n = out.code || !s->say ? &own : s->say;

	notification_encode(&w, n);
	ensure(!w.failed);
	s->end.notification = true;
	s->end.code = n->hard ? BGP_ERR_CEASE : n->code;
	s->end.subcode = n->hard ? BGP_CEASE_HARD_RESET : n->subcode;
	s->peer->n.notifications_out++;
	session_control(s, msg, wb_len(&w));
	if (out.code == BGP_ERR_HOLD_TIMER)
		snprintf(s->end.why, sizeof s->end.why, "hold timer expired");
}

void
session_event(struct session *s, enum fsm_event ev)
{
	enum fsm_state was = s->fsm.state;
	struct fsm_out out = fsm_step(&s->fsm, ev, now(s));
	struct peer *p = s->peer;

	if (was != s->fsm.state)
		log_debug("neighbor %s: %s -> %s (%s)", p->name, fsm_state_name(was),
		    fsm_state_name(s->fsm.state), fsm_event_name(ev));
	if (out.actions & FSM_ACT_CLOSE && s->end.why[0] == 0)
		snprintf(s->end.why, sizeof s->end.why, "%s%s%s", fsm_event_name(ev),
		    out.code == BGP_ERR_FSM ? " in " : "",
		    out.code == BGP_ERR_FSM ? fsm_state_name(was) : "");
	if (out.actions & FSM_ACT_NOTIFY)
		send_notification(s, out);
	if (out.actions & FSM_ACT_CLOSE)
		close_connection(s, out.actions & FSM_ACT_NOTIFY);
	if (out.actions & FSM_ACT_DOWN)
		peer_session_down(p, s);
	else if (out.actions & FSM_ACT_CLOSE && was >= FSM_OPENSENT)
		peer_session_failed(p, s, was);
	if (out.actions & FSM_ACT_END) {
		peer_session_gone(p, s);
		return;
	}
	if (out.actions & FSM_ACT_OPEN)
		send_open(s);
	if (out.actions & FSM_ACT_KEEPALIVE)
		send_keepalive(s);
	if (was != s->fsm.state)
		peer_state_moved(p);
	rearm(s);
	if (out.actions & FSM_ACT_CONNECT)
		dial(s);
	if (out.actions & FSM_ACT_UP)
		peer_session_up(p, s);
}

void
session_stop(
    struct session *s, enum fsm_event ev, const struct notification *n, const char *why)
{
	snprintf(s->end.why, sizeof s->end.why, "%s", why);
	s->say = n;
	session_event(s, ev);
	s->say = NULL;
}

void
session_fault(struct session *s, enum fsm_event ev, const struct bgp_fault *f)
{
	struct notification n = {
		.code = f->code,
		.subcode = f->subcode,
		.data = f->data,
		.datalen = f->datalen,
	};
	char why[sizeof s->end.why];

	if (f->as)
		snprintf(why, sizeof why, "%s: %u", f->why, f->as);
	else
		snprintf(why, sizeof why, "%s", f->why);
	session_stop(s, ev, &n, why);
}

/* Life. */

struct session *
session_new(struct peer *p, bool incoming)
{
	struct session *s = xcalloc(1, sizeof *s);

	s->peer = p;
	s->loop = p->bgp->loop;
	s->fd = -1;
	loop_io_init(&s->io, on_io);
	loop_timer_init(&s->timer, on_timer);
	/* Last of all works: what the turn has brought leaves in one call. */
	loop_work_init(&s->flush, LOOP_PRIO_BULK, on_flush);
	txq_init(&s->tx);
	fsm_init(&s->fsm, incoming, peer_is_passive(p), p->conf->connect_retry,
	    bgp_random(p->bgp));
	return s;
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	drop_connection(s);
	loop_timer_stop(&s->timer);
	free(s->rest);
	free(s);
}
