/* SPDX-License-Identifier: ISC */
/* Privileges: ids and capabilities after a drop, and what the engine's filter kills. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/asan.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/notify.h"
#include "lib/priv.h"
#include "lib/util.h"
#include "tests/unit/run.h"

LOG_MODULE("test.priv");

/* The wait status of a child that runs fn and ends with its result. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(fn());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void
expect_exit(int (*fn)(void), int code)
{
	int status = in_child(fn);

	ck_assert_msg(
	    WIFEXITED(status) && WEXITSTATUS(status) == code, "status %#x", status);
}

static unsigned long long
status_field(const char *name)
{
	char line[256];
	unsigned long long v = ~0ull;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
			v = strtoull(line + strlen(name) + 1, NULL,
			    strncmp(name, "Cap", 3) == 0 ? 16 : 10);
	if (f)
		fclose(f);
	return v;
}

static int
drop_all(void)
{
	if (priv_drop("nobody", NULL) != 0)
		return 1;
	if (getuid() == 0 || geteuid() == 0 || getgroups(0, NULL) != 0)
		return 2;
	if (status_field("CapPrm") != 0 || status_field("CapEff") != 0 ||
	    status_field("CapInh") != 0 || status_field("CapBnd") != 0)
		return 3;
	if (status_field("NoNewPrivs") != 1)
		return 4;
	if (setuid(0) == 0 || seteuid(0) == 0)
		return 5;
	return 0;
}

static int
drop_keeping_one(void)
{
	static const int keep[] = { CAP_NET_ADMIN, -1 };

	if (priv_drop("nobody", keep) != 0)
		return 1;
	if (getuid() == 0 || status_field("CapEff") != 1ull << CAP_NET_ADMIN ||
	    status_field("CapPrm") != 1ull << CAP_NET_ADMIN)
		return 2;
	return 0;
}

static int
drop_keeping_user(void)
{
	static const int keep[] = { CAP_NET_ADMIN, CAP_NET_BIND_SERVICE, -1 };

	if (priv_drop(NULL, keep) != 0)
		return 1;
	if (getuid() != 0 || status_field("NoNewPrivs") != 1)
		return 2;
	return status_field("CapEff") ==
		       (1ull << CAP_NET_ADMIN | 1ull << CAP_NET_BIND_SERVICE)
		   ? 0
		   : 3;
}

static int
drop_twice(void)
{
	static const int keep[] = { CAP_NET_ADMIN, -1 };

	if (priv_drop("nobody", NULL) != 0)
		return 1;
	/* What is gone is not asked for again; already being that user is fine. */
	return priv_drop("nobody", keep) == 0 && status_field("CapEff") == 0 ? 0 : 2;
}

static int
drop_nobody_known(void)
{
	return priv_drop("no-such-user-here", NULL) == -ENOENT ? 0 : 1;
}

static int
turn_without_right(void)
{
	/* An ordinary user cannot turn to another one, and must be told. */
	if (priv_drop("nobody", NULL) != 0)
		return 1;
	return priv_drop_ids(1, 1, NULL) < 0 ? 0 : 2;
}

START_TEST(drops)
{
	expect_exit(drop_nobody_known, 0);
	if (geteuid() != 0)
		return;
	expect_exit(drop_all, 0);
	expect_exit(drop_keeping_one, 0);
	expect_exit(drop_keeping_user, 0);
	expect_exit(drop_twice, 0);
	expect_exit(turn_without_right, 0);
}
END_TEST

static void
filter_or_die(void)
{
	if (priv_seccomp_engine() != 0)
		_exit(99);
}

static void
session_filter_or_die(void)
{
	if (priv_seccomp_session() != 0)
		_exit(99);
}

static int
session_execve(void)
{
	char *argv[] = { NULL };

	session_filter_or_die();
	execve("/bin/true", argv, argv);
	return 1;
}

static int
session_socket(void)
{
	session_filter_or_die();
	socket(AF_UNIX, SOCK_STREAM, 0);
	return 1;
}

static int
session_unlink(void)
{
	session_filter_or_die();
	unlink("/nothing");
	return 1;
}

static int
session_exec_memory(void)
{
	session_filter_or_die();
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return 1;
}

/* What is open can be used, memory too; a file is refused without harm. */
static int
session_goes_on(void)
{
	int pair[2];
	char c = 'x';
	void *p;

	if (pipe(pair) != 0)
		return 1;
	session_filter_or_die();
	p = malloc(1 << 20);
	if (!p || write(pair[1], &c, 1) != 1 || read(pair[0], &c, 1) != 1)
		return 2;
	free(p);
#ifndef EVPND_ASAN
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 3;
#endif
	return 0;
}

static int
try_execve(void)
{
	char *argv[] = { NULL };

	filter_or_die();
	execve("/bin/true", argv, argv);
	return 1;
}

static int
try_netlink(void)
{
	filter_or_die();
	socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	return 1;
}

static int
try_packet(void)
{
	filter_or_die();
	socket(AF_PACKET, SOCK_RAW, 0);
	return 1;
}

static int
try_setuid(void)
{
	filter_or_die();
	syscall(SYS_setuid, 0);
	return 1;
}

static int
try_mount(void)
{
	filter_or_die();
	syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL);
	return 1;
}

static int
try_exec_memory(void)
{
	filter_or_die();
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return 1;
}

static int
try_mprotect(void)
{
	void *p =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	filter_or_die();
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	return 1;
}

static int
try_signal_other(void)
{
	filter_or_die();
	syscall(SYS_tgkill, getppid(), getppid(), 0);
	return 1;
}

#ifndef EVPND_ASAN
static int
try_ptrace(void)
{
	filter_or_die();
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return 1;
}

static int
try_fork(void)
{
	filter_or_die();
	return fork() == 0 ? 0 : 1;
}
#endif

static int (*const forbidden[])(void) = {
	session_execve,
	session_socket,
	session_unlink,
	session_exec_memory,
	try_execve,
	try_netlink,
	try_packet,
	try_setuid,
	try_mount,
	try_exec_memory,
	try_mprotect,
	try_signal_other,
#ifndef EVPND_ASAN
	try_ptrace,
	try_fork,
#endif
};

START_TEST(filter_kills)
{
	int status = in_child(forbidden[_i]);

	ck_assert_msg(
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %#x", status);
}
END_TEST

START_TEST(session_works)
{
	expect_exit(session_goes_on, 0);
}
END_TEST

static struct loop *loop;

static void
stop_loop(struct loop_timer *t)
{
	(void)t;
	loop_stop(loop);
}

static void
count_signal(int signo, void *arg)
{
	(void)signo;
	++*(int *)arg;
}

/* What the engine does all day must pass. */
static int
daily_work(void)
{
	char path[] = "/tmp/check_priv.XXXXXX", other[64];
	struct loop_timer t;
	int fd, sv[2], signals = 0;
	struct stat st;
	struct tm tm;
	time_t now;
	char *mem;

	loop = loop_new();
	loop_signal(loop, SIGHUP, count_signal, &signals);
	filter_or_die();
	loop_timer_init(&t, stop_loop);
	loop_timer_start(loop, &t, MONO_MS(1));
	raise(SIGHUP);
	loop_run(loop);
	if (signals != 1)
		return 2;
	loop_free(loop);
	loop = loop_new(); /* a second one, all calls of its start included */
	loop_free(loop);
	hash_seed();
	time(&now);
	localtime_r(&now, &tm);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) != 0 ||
	    write(sv[0], "x", 1) != 1)
		return 3;
	close(sv[0]);
	close(sv[1]);
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd >= 0)
		close(fd);
	fd = mkstemp(path);
	if (fd < 0 || write(fd, "hostname x\n", 11) != 11 || fsync(fd) != 0 ||
	    fchmod(fd, 0640) != 0)
		return 4;
	close(fd);
	snprintf(other, sizeof(other), "%s.conf", path);
	if (rename(path, other) != 0 || stat(other, &st) != 0 || unlink(other) != 0)
		return 5;
	mem = malloc(8 << 20);
	if (!mem)
		return 6;
	memset(mem, 1, 8 << 20);
	free(mem);
	unsetenv("NOTIFY_SOCKET");
	log_open_file("/dev/null");
	log_info("still here");
	return notify_send("READY=1") == 0 && isatty(0) >= 0 ? 0 : 7;
}

START_TEST(filter_allows)
{
	expect_exit(daily_work, 0);
}
END_TEST

static int
aborts(void)
{
	int fd = open("/dev/null", O_WRONLY);

	dup2(fd, STDERR_FILENO);
	filter_or_die();
	signal(SIGABRT, SIG_DFL);
	abort();
}

START_TEST(filter_lets_abort)
{
	int status = in_child(aborts);

	ck_assert_msg(
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "status %#x", status);
}
END_TEST

START_TEST(notify)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/check_notify.XXXXXX", got[64];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	socklen_t len = sizeof(un);
	ssize_t n;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	unsetenv("NOTIFY_SOCKET");
	ck_assert_int_eq(notify_send("READY=1"), 0);
	setenv("NOTIFY_SOCKET", "relative/path", 1);
	ck_assert_int_eq(notify_send("READY=1"), -EINVAL);
	if (_i == 0) {
		snprintf(un.sun_path, sizeof(un.sun_path), "%s/n", dir);
		setenv("NOTIFY_SOCKET", un.sun_path, 1);
		ck_assert_int_eq(notify_send("READY=1"), -ENOENT);
	} else {
		/* The kernel makes up an abstract name of five characters. */
		len = sizeof(un.sun_family);
	}
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&un, len), 0);
	if (_i == 1) {
		len = sizeof(un);
		ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&un, &len), 0);
		un.sun_path[0] = '@';
		un.sun_path[6] = '\0';
		setenv("NOTIFY_SOCKET", un.sun_path, 1);
	}
	ck_assert_int_eq(notify_send("READY=1\nMAINPID=7"), 0);
	n = recv(fd, got, sizeof(got), MSG_DONTWAIT);
	ck_assert_int_eq(n, 17);
	ck_assert_mem_eq(got, "READY=1\nMAINPID=7", 17);
	close(fd);
	if (_i == 0)
		unlink(un.sun_path);
	rmdir(dir);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ drops, 0, 0 },
		{ session_works, 0, 0 },
		{ filter_kills, ARRAY_LEN(forbidden), 0 },
		{ filter_allows, 0, 0 },
		{ filter_lets_abort, 0, 0 },
		{ notify, 2, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("priv", tests);
}
