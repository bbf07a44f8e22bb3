/* SPDX-License-Identifier: ISC */
/* One SSH connection: log-in, then bytes between the channel and the NETCONF process. */
#include "config.h"

#include "netconf/ssh.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "netconf/keys.h"

LOG_MODULE("netconf.ssh");

#define TRIES_MAX 6    /* keys that a client may try */
#define BUF_SIZE 32768 /* bytes on the way, each direction */

struct conn {
	const struct ssh_opts *o; /* borrowed */
	const char *host;	  /* of the client, for the log; borrowed */
	ssh_session ssh;	  /* owned */
	ssh_channel channel;	  /* of ssh; NULL: not open yet */
	char user[64];		  /* who is authenticated, "" nobody */
	unsigned tries;		  /* keys refused so far */
	bool wanted;		  /* the subsystem was asked for */
	int pair;		  /* our end of the pair; owned */
	char buf[BUF_SIZE];	  /* for the NETCONF process */
	size_t pos, len;	  /* of it, not yet written */
	bool eof;		  /* the client sends no more, and knows it is told */
};

/* ---- log-in ---- */

static int
on_key(
    ssh_session ssh, const char *user, struct ssh_key_struct *key, char state, void *arg)
{
	struct conn *c = arg;

	(void)ssh;
	if (state != SSH_PUBLICKEY_STATE_NONE && state != SSH_PUBLICKEY_STATE_VALID)
		return SSH_AUTH_DENIED;
	if (c->tries >= TRIES_MAX || !keys_permit(c->o->keys, user, key)) {
		c->tries++;
		return SSH_AUTH_DENIED;
	}
	if (state == SSH_PUBLICKEY_STATE_VALID)
		strncpy(c->user, user, sizeof c->user - 1);
	return SSH_AUTH_SUCCESS;
}

static int
on_subsystem(ssh_session ssh, ssh_channel channel, const char *name, void *arg)
{
	struct conn *c = arg;

	(void)ssh;
	(void)channel;
	if (c->wanted || strcmp(name, "netconf") != 0)
		return 1;
	c->wanted = true;
	return 0;
}

static struct ssh_channel_callbacks_struct channel_ops = {
	.channel_subsystem_request_function = on_subsystem,
};

static ssh_channel
on_open(ssh_session ssh, void *arg)
{
	struct conn *c = arg;

	/* One channel a connection. */
	if (c->channel || !c->user[0])
		return NULL;
	c->channel = ssh_channel_new(ssh);
	channel_ops.userdata = c;
	ssh_callbacks_init(&channel_ops);
	ssh_set_channel_callbacks(c->channel, &channel_ops);
	return c->channel;
}

static struct ssh_server_callbacks_struct server_ops = {
	.auth_pubkey_function = on_key,
	.channel_open_request_session_function = on_open,
};

/* Until the subsystem is asked for; the alarm of ssh_connection() bounds it. */
static bool
login(struct conn *c)
{
	ssh_event ev = ssh_event_new();
	bool ok;

	server_ops.userdata = c;
	ssh_callbacks_init(&server_ops);
	ssh_set_server_callbacks(c->ssh, &server_ops);
	ssh_set_auth_methods(c->ssh, SSH_AUTH_METHOD_PUBLICKEY);
	ok = ev && ssh_handle_key_exchange(c->ssh) == SSH_OK &&
	     ssh_event_add_session(ev, c->ssh) == SSH_OK;
	while (ok && !(c->user[0] && c->wanted))
		ok = c->tries < TRIES_MAX && ssh_event_dopoll(ev, -1) == SSH_OK;
	if (ev)
		ssh_event_free(ev);
	return ok;
}

/* ---- bytes ---- */

/* From the client to the NETCONF process.  False: it is gone. */
static bool
pump_in(struct conn *c)
{
	while (c->pos < c->len || !c->eof) {
		ssize_t n;

		if (c->pos == c->len) {
			int got = ssh_channel_read_nonblocking(
			    c->channel, c->buf, sizeof c->buf, 0);

			if (got == SSH_ERROR)
				return false;
			if (got == 0 && !ssh_channel_is_eof(c->channel))
				return ssh_is_connected(c->ssh);
			if (got <= 0) {
				c->eof = true;
				shutdown(c->pair, SHUT_WR);
				return true;
			}
			c->pos = 0;
			c->len = (size_t)got;
		}
		n = send(c->pair, c->buf + c->pos, c->len - c->pos, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->pos += (size_t)n;
	}
	return true;
}

/* From the NETCONF process to the client, as much as it takes.  False: the end. */
static bool
pump_out(struct conn *c)
{
	char buf[BUF_SIZE];

	for (;;) {
		uint32_t window = ssh_channel_window_size(c->channel);
		ssize_t n;

		if (window == 0)
			return true;
		n = recv(c->pair, buf, MIN((size_t)window, sizeof buf), 0);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (n == 0 || ssh_channel_write(c->channel, buf, (uint32_t)n) != n)
			return false;
	}
}

static void
pump(struct conn *c)
{
	for (;;) {
		struct pollfd p[] = {
			{ .fd = ssh_get_fd(c->ssh), .events = POLLIN },
			{ .fd = c->pair },
		};

		/* Packets first: they open the window and fill the channel. */
		if (ssh_channel_poll(c->channel, 0) == SSH_ERROR || !pump_in(c) ||
		    !pump_out(c))
			return;
		if (ssh_channel_window_size(c->channel) > 0)
			p[1].events |= POLLIN;
		if (c->pos < c->len)
			p[1].events |= POLLOUT;
		if (poll(p, ARRAY_LEN(p), -1) < 0 && errno != EINTR)
			return;
		if (p[0].revents & (POLLERR | POLLNVAL))
			return;
	}
}

/* ---- the two processes ---- */

static int
be_netconf(struct conn *c, const struct netconf_opts *n, struct ly_ctx *ly, int fd)
{
	struct netconf_opts mine = *n;
	int rc;

	alarm(0);
	mine.user = c->user;
	mine.host = c->host;
	mine.say_user = true;
	rc = session_run(&mine, ly, fd, fd);
	close(fd);
	return rc;
}

static int
serve(struct conn *c, const struct netconf_opts *n, struct ly_ctx *ly)
{
	int pair[2], status = 1;
	struct err e = { 0 };
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		/* Its copies of the keys are not for the one that parses. */
		ssh_free(c->ssh);
		c->ssh = NULL;
		return be_netconf(c, n, ly, pair[1]);
	}
	close(pair[1]);
	c->pair = pair[0];
	fcntl(c->pair, F_SETFL, O_NONBLOCK);
	if (pid > 0) {
		alarm(0);
		log_info("%s from %s has a session", c->user, c->host);
		/* The keys have been exchanged and the user is known: bytes are all that is left. */
		if (session_lock_down(&e))
			pump(c);
		else
			log_error("%s", e.text);
		shutdown(c->pair, SHUT_RDWR);
		close(c->pair);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		log_info("%s from %s has ended its session", c->user, c->host);
	}
	ssh_channel_request_send_exit_status(c->channel, status);
	ssh_channel_send_eof(c->channel);
	ssh_channel_close(c->channel);
	return 0;
}

int
ssh_connection(const struct ssh_opts *o, const struct netconf_opts *n, struct ly_ctx *ly,
    int fd, struct ssh_key_struct *key, const char *host)
{
	struct conn *c = xcalloc(1, sizeof *c);
	ssh_bind bind = ssh_bind_new();
	int rc = 1;

	c->o = o;
	c->host = host;
	c->ssh = ssh_new();
	signal(SIGALRM, SIG_DFL); /* who takes too long is ended */
	alarm(o->login_s);
	if (bind && c->ssh &&
	    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, key) == SSH_OK &&
	    ssh_bind_accept_fd(bind, c->ssh, fd) == SSH_OK) {
		ssh_bind_free(bind);
		bind = NULL;
		if (login(c))
			rc = serve(c, n, ly);
		else
			log_info("%s did not log in", host);
	}
	if (c->ssh) {
		ssh_disconnect(c->ssh);
		ssh_free(c->ssh);
	}
	if (bind)
		ssh_bind_free(bind);
	free(c);
	return rc;
}
