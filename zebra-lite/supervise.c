/* SPDX-License-Identifier: ISC */
/* zebra-lite/supervise.c: the engine's process. */
#include "config.h"

#include "zebra-lite/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/notify.h"
#include "lib/util.h"

LOG_MODULE("zl.supervise");

#define ENGINE_FD 3
#define DELAY_MIN MONO_MS(100)
#define DELAY_MAX MONO_SEC(10)
#define YOUNG MONO_SEC(30)
#define PATIENCE MONO_SEC(10)
#define FLUSH_PATIENCE MONO_SEC(60)

static void on_timer(struct loop_timer *t);

static const char *const state_names[] = { "down", "starting", "ready", "stopping" };

/* from -> to */
static const bool allowed[4][4] = {
	[SUP_DOWN] = { [SUP_STARTING] = true, [SUP_DOWN] = true, [SUP_STOPPING] = true },
	[SUP_STARTING] = { [SUP_READY] = true, [SUP_DOWN] = true, [SUP_STOPPING] = true },
	[SUP_READY] = { [SUP_DOWN] = true, [SUP_STOPPING] = true },
};

static void
set_state(struct supervise *s, enum sup_state to)
{
	ensure(allowed[s->state][to]);
	log_debug("engine: %s -> %s", state_names[s->state], state_names[to]);
	s->state = to;
}

void
supervise_init(struct supervise *s, struct loop *l, struct zl *zl, char *const *argv,
    char *const *argv_again)
{
	memset(s, 0, sizeof *s);
	s->loop = l;
	s->zl = zl;
	s->argv = argv;
	s->argv_again = argv_again;
	s->delay = DELAY_MIN;
	loop_timer_init(&s->timer, on_timer);
}

void
supervise_fini(struct supervise *s)
{
	loop_timer_stop(&s->timer);
	listen_close(&s->listeners);
}

/* The child's part: nothing but system calls. */
static _Noreturn void
become_engine(const struct supervise *s, int fd)
{
	char *const *argv = s->was_ready ? s->argv_again : s->argv;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* The channel's end says the same; this reaches an engine that does not read. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (fd == ENGINE_FD)
		fcntl(fd, F_SETFD, 0);
	else
		dup2(fd, ENGINE_FD);
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "evpnd: cannot run %s (%s)\n", argv[0], strerror(errno));
	_exit(127);
}

static void
retry_later(struct supervise *s)
{
	loop_timer_start(s->loop, &s->timer, s->delay);
	s->delay = MIN(s->delay * 2, DELAY_MAX);
}

static void
engine_start(struct supervise *s)
{
	int sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) < 0) {
		log_error("engine: no socket pair (%s)", strerror(errno));
		retry_later(s);
		return;
	}
	s->pid = fork();
	if (s->pid == 0)
		become_engine(s, sv[1]);
	close(sv[1]);
	if (s->pid < 0) {
		log_error("engine: cannot fork (%s)", strerror(errno));
		s->pid = 0;
		close(sv[0]);
		retry_later(s);
		return;
	}
	set_state(s, SUP_STARTING);
	s->started = loop_clock(s->loop);
	log_info("engine: started (pid %d)", (int)s->pid);
	fcntl(sv[0], F_SETFL, O_NONBLOCK);
	zl_attach(s->zl, sv[0]);
	for (unsigned i = 0; i < s->listeners.n; i++)
		zl_send_listener(
		    s->zl, s->listeners.list[i].fd, &s->listeners.list[i].at);
}

static void
on_timer(struct loop_timer *t)
{
	struct supervise *s = container_of(t, struct supervise, timer);

	if (s->state == SUP_DOWN) {
		engine_start(s);
	} else if (s->pid > 0) {
		log_warn("engine: does not end, killed (pid %d)", (int)s->pid);
		kill(s->pid, SIGKILL);
	} else {
		log_warn("kernel: entries of ours are left, no time to remove them");
		loop_stop(s->loop);
	}
}

static void
describe(char *buf, size_t size, int status)
{
	if (WIFSIGNALED(status))
		snprintf(buf, size, "signal %d", WTERMSIG(status));
	else
		snprintf(buf, size, "exit status %d", WEXITSTATUS(status));
}

/* A clean end; the data plane's on_removed stops the loop where there is something to remove. */
static void
finish(struct supervise *s)
{
	if (!s->flush) {
		loop_stop(s->loop);
		return;
	}
	loop_timer_start(s->loop, &s->timer, FLUSH_PATIENCE);
	zl_remove_all(s->zl);
}

static void
engine_died(struct supervise *s, int status)
{
	char how[32];

	describe(how, sizeof how, status);
	s->pid = 0;
	loop_timer_stop(&s->timer);
	zl_detach(s->zl);
	if (s->state == SUP_STOPPING) {
		log_info("engine: ended (%s)", how);
		finish(s);
		return;
	}
	if (!s->was_ready && WIFEXITED(status)) {
		log_error("engine: would not start (%s)", how);
		s->exit_status = WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
		set_state(s, SUP_STOPPING);
		loop_stop(s->loop);
		return;
	}
	if (mono_diff(loop_clock(s->loop), s->started) > YOUNG)
		s->delay = DELAY_MIN;
	log_error("engine: died (%s), forwarding goes on, next start in %lld ms", how,
	    (long long)(s->delay / 1000));
	notify_send("STATUS=engine died, starting again");
	set_state(s, SUP_DOWN);
	retry_later(s);
}

static void
on_sigchld(int signo, void *arg)
{
	struct supervise *s = arg;
	int status;

	(void)signo;
	if (s->pid > 0 && waitpid(s->pid, &status, WNOHANG) == s->pid)
		engine_died(s, status);
}

static void
on_stop(int signo, void *arg)
{
	struct supervise *s = arg;

	(void)signo;
	if (s->state == SUP_STOPPING)
		return;
	notify_send("STOPPING=1");
	set_state(s, SUP_STOPPING);
	loop_timer_stop(&s->timer);
	if (s->pid == 0) {
		finish(s);
		return;
	}
	kill(s->pid, SIGTERM);
	loop_timer_start(s->loop, &s->timer, PATIENCE);
}

static void
on_sighup(int signo, void *arg)
{
	const struct supervise *s = arg;

	if (s->pid > 0)
		kill(s->pid, signo);
}

static void
on_ready(void *arg)
{
	struct supervise *s = arg;

	if (s->state != SUP_STARTING)
		return;
	set_state(s, SUP_READY);
	s->was_ready = true;
	log_info("engine: ready");
	notify_send("READY=1");
}

static void
on_status(void *arg, const char *text)
{
	char line[ZL_STATUS_MAX + 16];

	(void)arg;
	snprintf(line, sizeof line, "STATUS=%s", text);
	notify_send(line);
}

/* Its process is asked to follow; SIGCHLD does the rest. */
static void
on_gone(void *arg, const char *why)
{
	struct supervise *s = arg;

	if (s->pid <= 0 || s->state == SUP_STOPPING)
		return;
	log_debug("engine: channel closed (%s)", why[0] ? why : "end of file");
	kill(s->pid, SIGTERM);
	loop_timer_start(s->loop, &s->timer, PATIENCE);
}

static void
on_removed(void *arg)
{
	const struct supervise *s = arg;

	loop_stop(s->loop);
}

const struct zl_ops supervise_zl_ops = { on_ready, on_status, on_removed, on_gone };

void
supervise_start(struct supervise *s)
{
	signal(SIGPIPE, SIG_IGN);
	loop_signal(s->loop, SIGCHLD, on_sigchld, s);
	loop_signal(s->loop, SIGTERM, on_stop, s);
	loop_signal(s->loop, SIGINT, on_stop, s);
	loop_signal(s->loop, SIGHUP, on_sighup, s);
	engine_start(s);
}
