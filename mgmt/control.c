/* SPDX-License-Identifier: ISC */
/* Sessions over the control socket. */
#include "config.h"

#include "mgmt/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/chan.h"
#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/control_sys.h"
#include "mgmt/ctl_proto.h"
#include "mgmt/rpc.h"
#include "mgmt/session.h"

LOG_MODULE("mgmt.control");

/* A request that waits for its turn. */
struct request {
	struct request *next; /* in order of arrival */
	uint16_t type;	      /* enum ctl_type */
	char *text;	      /* the line; owned */
	struct ctl_rpc *rpc;  /* CTL_RPC_END: what it asks; owned, else NULL */
};

struct control_client {
	struct control *ctl;		    /* borrowed */
	struct control_client *next, *prev; /* list of clients */
	struct chan ch;			    /* the connection */
	struct session session;		    /* the operator */
	struct loop_work work;		    /* does requests */
	struct request *first, **last;	    /* queue */
	unsigned pending;		    /* requests in it */
	bool greeted;			    /* the client has said CTL_HELLO */
	bool running;			    /* a request is being done */
	struct strbuf load;		    /* text sent so far by CTL_LOAD */
	bool trusted;			    /* it may speak for others (CTL_USER) */
	struct rpc *rpc;  /* a machine's requests; owned, NULL: none so far */
	bool in_rpc;	  /* the request that is being done is one */
	int64_t since_ms; /* of its beginning, since 1970 */
};

struct control {
	struct engine *eng;		/* borrowed */
	struct loop_io io;		/* the listening socket's watcher */
	int fd;				/* listening, -1 none; owned */
	char *path;			/* of the socket, NULL none; owned */
	struct control_client *clients; /* owned */
	size_t nclients;		/* of them */
	struct rpc_host host;		/* what machines may ask about all of them */
};

/* ---- clients ---- */

static void
request_free(struct request *r)
{
	free(r->text);
	free(r->rpc);
	free(r);
}

static struct request *
request_take(struct control_client *cl)
{
	struct request *r = cl->first;

	if (!r)
		return NULL;
	cl->first = r->next;
	if (!cl->first)
		cl->last = &cl->first;
	cl->pending--;
	return r;
}

static void
client_free(struct control_client *cl)
{
	struct request *r;

	if (cl->next)
		cl->next->prev = cl->prev;
	if (cl->prev)
		cl->prev->next = cl->next;
	else
		cl->ctl->clients = cl->next;
	cl->ctl->nclients--;
	loop_work_cancel(&cl->work);
	chan_close(&cl->ch);
	while ((r = request_take(cl)))
		request_free(r);
	rpc_free(cl->rpc);
	session_fini(&cl->session);
	strbuf_fini(&cl->load);
	free(cl);
}

static void
client_drop(struct control_client *cl, const char *why)
{
	log_warn("control: client dropped (%s)", why);
	client_free(cl);
}

static void
send_hello(struct control_client *cl)
{
	uint8_t body[4];
	struct wbuf w = wb_init(body, sizeof body);

	wb_u32(&w, CTL_VERSION);
	chan_send(&cl->ch, CTL_HELLO, body, wb_len(&w), -1);
}

static void
send_out(struct control_client *cl)
{
	struct strbuf *b = &cl->session.out.buf;

	for (size_t at = 0; at < b->len; at += CTL_MSG_MAX)
		chan_send(&cl->ch, CTL_OUT, b->s + at,
		    MIN(b->len - at, (size_t)CTL_MSG_MAX), -1);
	strbuf_reset(b);
}

/* Events as they come, between the parts of an answer too. */
static void
send_events(struct control_client *cl)
{
	struct ctl_event m;
	const char *json;

	while (cl->rpc && !chan_full(&cl->ch) && rpc_event(cl->rpc, &m, &json)) {
		size_t len = strlen(json);
		uint8_t *body = xmalloc(len + sizeof m);
		struct wbuf w = wb_init(body, len + sizeof m);

		ctl_event_encode(&w, &m);
		wb_bytes(&w, json, len);
		if (!w.failed && wb_len(&w) <= CTL_MSG_MAX)
			chan_send(&cl->ch, CTL_EVENT, body, wb_len(&w), -1);
		free(body);
	}
}

/* How a machine's request went. */
static void
rpc_result(struct control_client *cl)
{
	const struct ctl_rpc_error *e = rpc_error(cl->rpc);
	uint8_t body[CTL_RPC_BODY_MAX];
	struct wbuf w = wb_init(body, sizeof body);

	cl->session.failed = e != NULL;
	if (!e)
		return;
	ctl_rpc_error_encode(&w, e);
	chan_send(&cl->ch, CTL_ERROR, body, wb_len(&w), -1);
}

static void
send_done(struct control_client *cl)
{
	struct ctl_done m = { cl->session.failed, cl->session.closing, "" };
	uint8_t body[CTL_PROMPT_MAX + 8];
	struct wbuf w = wb_init(body, sizeof body);

	session_prompt(&cl->session, m.prompt, sizeof m.prompt);
	ctl_done_encode(&w, &m);
	chan_send(&cl->ch, CTL_DONE, body, wb_len(&w), -1);
}

/* ---- requests ---- */

static void
on_choice(void *arg, const char *word, bool is_value, const char *text)
{
	struct control_client *cl = arg;
	struct ctl_choice m = { .is_value = is_value };
	uint8_t body[CTL_WORD_MAX + CTL_HELP_MAX + 8];
	struct wbuf w = wb_init(body, sizeof body);

	snprintf(m.word, sizeof m.word, "%s", word);
	snprintf(m.help, sizeof m.help, "%s", text ? text : "");
	ctl_choice_encode(&w, &m);
	chan_send(&cl->ch, CTL_CHOICE, body, wb_len(&w), -1);
}

static void
start_load(struct control_client *cl, const char *flag)
{
	static const enum commit_load how[] = {
		[CTL_LOAD_MERGE] = LOAD_MERGE,
		[CTL_LOAD_CHECK] = LOAD_CHECK,
		[CTL_LOAD_REPLACE] = LOAD_REPLACE,
	};

	strbuf_put(&cl->load, "");
	session_load(&cl->session, cl->load.s, how[flag[0] - '0']);
	strbuf_reset(&cl->load);
}

static void
start_request(struct control_client *cl, const struct request *r)
{
	switch (r->type) {
	case CTL_EXEC:
		session_start(&cl->session, r->text);
		break;
	case CTL_COMPLETE:
	case CTL_HELP:
		cl->session.failed = false;
		session_choices(
		    &cl->session, r->text, r->type == CTL_HELP, on_choice, cl);
		break;
	case CTL_LOAD_END:
		start_load(cl, r->text);
		break;
	case CTL_RPC_END:
		cl->in_rpc = true;
		rpc_start(cl->rpc, r->rpc);
		break;
	default:
		break;
	}
}

/* What runs waits for somebody else, who will wake us. */
static bool
client_waiting(const struct control_client *cl)
{
	return cl->in_rpc ? rpc_waiting(cl->rpc) : session_waiting(&cl->session);
}

/* A slice of the running request, or the next one. */
static bool
client_work(struct loop_work *w)
{
	struct control_client *cl = container_of(w, struct control_client, work);
	bool more;

	send_events(cl);
	if (chan_full(&cl->ch) || client_waiting(cl))
		return false;
	if (!cl->running) {
		struct request *r = request_take(cl);

		if (!r)
			return false;
		cl->running = true;
		start_request(cl, r);
		request_free(r);
	}
	more = cl->in_rpc ? rpc_step(cl->rpc) : session_step(&cl->session);
	send_out(cl);
	if (more)
		return !client_waiting(cl);
	if (cl->in_rpc)
		rpc_result(cl);
	cl->running = cl->in_rpc = false;
	send_done(cl);
	return true; /* there may be events, or the next request */
}

static void
kick(struct control_client *cl)
{
	loop_work_queue(cl->ctl->eng->loop, &cl->work);
}

static bool
is_request(uint16_t type)
{
	return type == CTL_EXEC || type == CTL_COMPLETE || type == CTL_HELP ||
	       type == CTL_LOAD_END;
}

/* The text of a request, NULL if it is malformed. */
static char *
request_text(uint16_t type, const uint8_t *body, size_t len)
{
	if (type == CTL_LOAD_END)
		return len == 1 && body[0] <= CTL_LOAD_REPLACE ? xasprintf("%u", body[0])
							       : NULL;
	return len < CTL_LINE_MAX ? ctl_text(body, len, false) : NULL;
}

/* Takes text and rpc, one of which may be NULL. */
static void
queue(struct control_client *cl, uint16_t type, char *text, struct ctl_rpc *rpc)
{
	struct request *r = xcalloc(1, sizeof *r);

	*r = (struct request){ NULL, type, text, rpc };
	if (cl->pending == CTL_PENDING_MAX) {
		request_free(r);
		client_drop(cl, "too many requests ahead");
		return;
	}
	*cl->last = r;
	cl->last = &r->next;
	cl->pending++;
	kick(cl);
}

static void
queue_request(struct control_client *cl, uint16_t type, const uint8_t *body, size_t len)
{
	char *text = request_text(type, body, len);

	if (text)
		queue(cl, type, text, NULL);
	else
		client_drop(cl, "malformed request");
}

/* A machine's request or a piece of its payload. */
static void
take_rpc(struct control_client *cl, uint16_t type, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct ctl_rpc m;

	if (!cl->rpc)
		cl->rpc = rpc_new(&cl->session, &cl->ctl->host);
	if (cl->running || cl->first)
		client_drop(cl, "request sent while another is being done");
	else if (type == CTL_RPC && !rpc_payload(cl->rpc, body, len))
		client_drop(cl, "payload too large or with a NUL byte");
	else if (type == CTL_RPC_END && !ctl_rpc_decode(&r, &m))
		client_drop(cl, "malformed request");
	else if (type == CTL_RPC_END)
		queue(cl, type, NULL, xmemdup(&m, sizeof m));
}

static void
add_load(struct control_client *cl, const uint8_t *body, size_t len)
{
	if (cl->running || cl->first)
		client_drop(cl, "text sent while a request is being done");
	else if (cl->load.len + len > CTL_LOAD_MAX)
		client_drop(cl, "text too large");
	else if (len && memchr(body, '\0', len))
		client_drop(cl, "NUL in a text");
	else
		strbuf_putn(&cl->load, (const char *)body, len);
}

static void
greet(struct control_client *cl, uint16_t type, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	uint32_t version = rb_u32(&r);

	if (type != CTL_HELLO || !rb_done(&r) || version != CTL_VERSION) {
		client_drop(cl, "another version of the control protocol");
		return;
	}
	cl->greeted = true;
	send_done(cl);
}

/* A client of ours says for whom it speaks. */
static void
take_user(struct control_client *cl, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct ctl_user m;

	if (!ctl_user_decode(&r, &m))
		client_drop(cl, "malformed name");
	else if (!cl->trusted)
		client_drop(cl, "may not speak for others");
	else
		session_set_user(&cl->session, m.name, m.door);
}

void
control_message(struct control_client *cl, uint16_t type, const uint8_t *body, size_t len)
{
	if (!cl->greeted) {
		greet(cl, type, body, len);
	} else if (is_request(type)) {
		queue_request(cl, type, body, len);
	} else if (type == CTL_LOAD) {
		add_load(cl, body, len);
	} else if (type == CTL_RPC || type == CTL_RPC_END) {
		take_rpc(cl, type, body, len);
	} else if (type == CTL_USER) {
		take_user(cl, body, len);
	} else if (type == CTL_CANCEL) {
		session_cancel(&cl->session);
		if (cl->in_rpc)
			rpc_cancel(cl->rpc);
		kick(cl);
	} else {
		client_drop(cl, "unknown message");
	}
}

static void
on_msg(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	if (fd >= 0)
		close(fd);
	control_message(arg, type, body, len);
}

static void
on_close(void *arg, const char *why)
{
	struct control_client *cl = arg;

	if (why[0])
		client_drop(cl, why);
	else
		client_free(cl);
}

static void
on_drain(void *arg)
{
	kick(arg);
}

static const struct chan_ops ops = { on_msg, on_close, on_drain };

static void
on_wake(void *arg)
{
	kick(arg);
}

/* Who is at the other end of the socket. */
static void
meet(struct control_client *cl, int fd)
{
	struct ucred who;
	socklen_t len = sizeof who;
	char name[CTL_NAME_MAX] = "somebody";

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0) {
		control_user_name(who.uid, name, sizeof name);
		cl->trusted = who.uid == 0 || who.uid == geteuid();
	}
	session_init(&cl->session, cl->ctl->eng, name, "vtysh");
	cl->session.wake = on_wake;
	cl->session.wake_arg = cl;
}

struct control_client *
control_attach(struct control *c, int fd)
{
	struct control_client *cl;

	if (c->nclients == CONTROL_CLIENTS_MAX) {
		log_warn("control: too many clients");
		close(fd);
		return NULL;
	}
	cl = xcalloc(1, sizeof *cl);
	cl->ctl = c;
	cl->since_ms = rpc_wall_ms();
	cl->last = &cl->first;
	strbuf_init(&cl->load);
	meet(cl, fd);
	loop_work_init(&cl->work, LOOP_PRIO_BULK, client_work);
	cl->next = c->clients;
	if (c->clients)
		c->clients->prev = cl;
	c->clients = cl;
	c->nclients++;
	chan_init(&cl->ch, c->eng->loop, fd, &ops, cl, CTL_MSG_MAX);
	send_hello(cl);
	return cl;
}

size_t
control_clients(const struct control *c)
{
	return c->nclients;
}

/* ---- the socket ---- */

static void
on_accept(struct loop_io *io, unsigned ready)
{
	struct control *c = container_of(io, struct control, io);
	int fd = accept4(c->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (fd >= 0)
		control_attach(c, fd);
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		log_error("control: accept: %s", strerror(errno));
}

/* ---- what machines may ask about all sessions ---- */

static bool
host_admit(struct rpc_host *h, unsigned max)
{
	struct control *c = container_of(h, struct control, host);
	unsigned n = 0;

	for (const struct control_client *cl = c->clients; cl; cl = cl->next)
		n += cl->rpc && rpc_admitted(cl->rpc);
	return n < max;
}

static bool
host_kill(struct rpc_host *h, uint32_t id)
{
	struct control *c = container_of(h, struct control, host);
	struct control_client *cl = c->clients;

	while (cl && cl->session.by.id != id)
		cl = cl->next;
	if (cl)
		client_drop(cl, "killed by another session");
	return cl != NULL;
}

static void
host_list(struct rpc_host *h, struct out *out)
{
	struct control *c = container_of(h, struct control, host);

	for (const struct control_client *cl = c->clients; cl; cl = cl->next)
		out_printf(out, "session %u %s %lld %s\n", cl->session.by.id,
		    cl->session.by.door, (long long)cl->since_ms, cl->session.by.name);
}

struct control *
control_new(struct engine *eng)
{
	struct control *c = xcalloc(1, sizeof *c);

	c->eng = eng;
	c->fd = -1;
	c->host = (struct rpc_host){
		.kill = host_kill, .list = host_list, .admit = host_admit
	};
	loop_io_init(&c->io, on_accept);
	return c;
}

bool
control_listen(struct control *c, const char *rundir, struct err *e)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(sa.sun_path, sizeof sa.sun_path, "%s/" CTL_SOCKET, rundir);

	if (n < 0 || (size_t)n >= sizeof sa.sun_path)
		return err_set(e, "the path of the run directory %s is too long", rundir);
	if (control_somebody_listens(&sa))
		return err_set(e, "another engine listens on %s", sa.sun_path);
	unlink(sa.sun_path);
	c->fd = control_bind(&sa);
	if (c->fd < 0) {
		err_set(e, "cannot listen on %s: %s", sa.sun_path, strerror(-c->fd));
		c->fd = -1;
		return false;
	}
	c->path = xstrdup(sa.sun_path);
	loop_io_set(c->eng->loop, &c->io, c->fd, LOOP_READ);
	return true;
}

void
control_free(struct control *c)
{
	if (!c)
		return;
	while (c->clients)
		client_free(c->clients);
	loop_io_stop(&c->io);
	if (c->fd >= 0)
		close(c->fd);
	if (c->path)
		unlink(c->path);
	free(c->path);
	free(c);
}
