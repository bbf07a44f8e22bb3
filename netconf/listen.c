/* SPDX-License-Identifier: ISC */
/* The process that listens for SSH, and forks. */
#include "config.h"

#include <errno.h>
#include <libssh/libssh.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/priv.h"
#include "lib/util.h"
#include "netconf/ssh.h"

LOG_MODULE("netconf");

#define SOCKETS_MAX 4 /* that we listen on */
#define CHILDREN_MAX 1024
/* Connections beyond the sessions: those that log in, and those that are told, in NETCONF, that there are enough. */
#define CONNECTIONS_MORE 32

struct listener {
	const struct ssh_opts *o;	/* borrowed */
	struct pollfd fds[SOCKETS_MAX]; /* listening; owned */
	unsigned nfds;			/* of them */
	ssh_key key;			/* of the host; owned */
	pid_t children[CHILDREN_MAX];	/* of connections; 0 free */
	unsigned nchildren;		/* of them */
};

static volatile sig_atomic_t ending;

static void
on_term(int signo)
{
	(void)signo;
	ending = 1;
}

/* That a child has ended ends poll(); the rest is done outside. */
static void
on_child(int signo)
{
	(void)signo;
}

static void
catch_signals(void)
{
	struct sigaction term = { .sa_handler = on_term };
	struct sigaction child = { .sa_handler = on_child };

	sigaction(SIGTERM, &term, NULL);
	sigaction(SIGINT, &term, NULL);
	sigaction(SIGCHLD, &child, NULL);
	/* Rules and keys are read for each session: nothing to do again. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- beginning ---- */

static int
open_socket(const struct addrinfo *a)
{
	int one = 1;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, 16) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
open_sockets(struct listener *l, struct err *e)
{
	struct addrinfo hints = { .ai_flags =
				      AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	char port[8];
	int rc;

	snprintf(port, sizeof port, "%u", l->o->port);
	rc = getaddrinfo(l->o->address, port, &hints, &list);
	if (rc != 0)
		return err_set(e, "%s: %s", l->o->address, gai_strerror(rc));
	for (struct addrinfo *a = list; a && l->nfds < SOCKETS_MAX; a = a->ai_next) {
		int fd = open_socket(a);

		if (fd >= 0)
			l->fds[l->nfds++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	freeaddrinfo(list);
	return l->nfds ||
	       err_set(e, "cannot listen on port %s: %s", port, strerror(errno));
}

static bool
begin(struct listener *l, struct err *e)
{
	int rc;

	if (!open_sockets(l, e))
		return false;
	if (ssh_pki_import_privkey_file(l->o->host_key, NULL, NULL, NULL, &l->key) !=
	    SSH_OK)
		return err_set(e, "cannot read the host key %s", l->o->host_key);
	rc = priv_drop(l->o->user, NULL);
	return rc == 0 || err_set(e, "cannot become %s: %s",
			      l->o->user ? l->o->user : "unprivileged", strerror(-rc));
}

/* ---- connections ---- */

static void
reap(struct listener *l)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		for (unsigned i = 0; i < CHILDREN_MAX; i++) {
			if (l->children[i] == pid) {
				l->children[i] = 0;
				l->nchildren--;
			}
		}
	}
}

static void
remember(struct listener *l, pid_t pid)
{
	for (unsigned i = 0; i < CHILDREN_MAX; i++) {
		if (!l->children[i]) {
			l->children[i] = pid;
			l->nchildren++;
			return;
		}
	}
}

/* RFC 4253 4.2: lines may come before the version; clients show them when they are asked to. */
static void
send_away(const struct listener *l, int fd, const char *host)
{
	static const char word[] = "evpnd-netconf: too many connections\r\n";
	static struct log_rate rl;

	log_warn_rl(
	    &rl, "%s is sent away: %u connections are enough", host, l->nchildren);
	if (send(fd, word, strlen(word), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		log_debug("%s: %s", host, strerror(errno));
	close(fd);
}

/* True in the child, with its exit status. */
static bool
take(struct listener *l, int listening, const struct netconf_opts *n, struct ly_ctx *ly,
    int *status)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	char host[NI_MAXHOST] = "somewhere";
	int fd = accept4(listening, (struct sockaddr *)&sa, &len, SOCK_CLOEXEC);
	pid_t pid;

	if (fd < 0)
		return false;
	getnameinfo(
	    (struct sockaddr *)&sa, len, host, sizeof host, NULL, 0, NI_NUMERICHOST);
	if (l->nchildren >= l->o->max + CONNECTIONS_MORE) {
		send_away(l, fd, host);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		for (unsigned i = 0; i < l->nfds; i++)
			close(l->fds[i].fd);
		signal(SIGTERM, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		signal(SIGCHLD, SIG_DFL);
		*status = ssh_connection(l->o, n, ly, fd, l->key, host);
		l->key = NULL;
		return true;
	}
	close(fd);
	if (pid > 0)
		remember(l, pid);
	return false;
}

static int
serve(struct listener *l, const struct netconf_opts *n, struct ly_ctx *ly)
{
	int status = 0;

	while (!ending) {
		int ready = poll(l->fds, l->nfds, -1);

		reap(l);
		for (unsigned i = 0; ready > 0 && i < l->nfds; i++)
			if (l->fds[i].revents && take(l, l->fds[i].fd, n, ly, &status))
				return status;
	}
	for (unsigned i = 0; i < CHILDREN_MAX; i++)
		if (l->children[i])
			kill(l->children[i], SIGTERM);
	return 0;
}

int
ssh_serve(const struct ssh_opts *o, const struct netconf_opts *n, struct ly_ctx *ly)
{
	struct listener *l = xcalloc(1, sizeof *l);
	struct err e = { 0 };
	int status = 1;

	l->o = o;
	catch_signals();
	if (begin(l, &e)) {
		log_info("listening on port %u", o->port);
		status = serve(l, n, ly);
	} else {
		log_error("%s", e.text);
	}
	for (unsigned i = 0; i < l->nfds; i++)
		close(l->fds[i].fd);
	ssh_key_free(l->key);
	free(l);
	return status;
}
