/* SPDX-License-Identifier: ISC */
/* System call filters: what an event loop over sockets and files needs, and what a NETCONF session does. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/asan.h"
#include "lib/priv.h"
#include "lib/util.h"

/* Allowed whatever the arguments: to a process that has all its descriptors, and reads, writes and thinks. */
static const int basic[] = {
	/* descriptors */
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(dup),
	SCMP_SYS(dup2),
	SCMP_SYS(dup3),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	/* waiting */
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(restart_syscall),
	/* sockets; socket() itself is below */
	SCMP_SYS(shutdown),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	/* open files */
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64),
	SCMP_SYS(ftruncate),
	/* memory; mmap() and mprotect() are below */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* time, chance, self */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(sched_yield),
	/* signals, locks, the end */
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(futex),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
#ifdef EVPND_ASAN
	/* the leak checker at exit */
	SCMP_SYS(getdents),
	SCMP_SYS(clone),
	SCMP_SYS(ptrace),
	SCMP_SYS(prctl),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(kill),
#endif
};

/* What an engine needs besides: it opens files and sockets, and waits for many. */
static const int engine[] = {
	/* descriptors */
	SCMP_SYS(pipe),
	SCMP_SYS(pipe2),
	SCMP_SYS(eventfd2),
	SCMP_SYS(signalfd4),
	SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(timerfd_gettime),
	/* waiting */
	SCMP_SYS(epoll_create),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(select),
	SCMP_SYS(pselect6),
	/* sockets; socket() itself is below */
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(recvmmsg),
	/* files: the configuration is written, YANG modules are read */
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(stat),
	SCMP_SYS(stat64),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd),
	SCMP_SYS(getdents64),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(fchmod),
	SCMP_SYS(umask),
	/* time, chance, self */
	SCMP_SYS(clock_getres),
	SCMP_SYS(getppid),
	SCMP_SYS(getrusage),
	SCMP_SYS(getrlimit),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity),
	/* signals, locks, the end */
	SCMP_SYS(rt_sigpending),
	SCMP_SYS(rt_sigtimedwait),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
#ifdef EVPND_ASAN
	/* the leak checker at exit */
	SCMP_SYS(wait4),
#endif
};

/* Allowed if one argument is as said. */
static const struct {
	int call;		 /* system call */
	struct scmp_arg_cmp arg; /* condition */
} conditional[] = {
	{ SCMP_SYS(socket), { 0, SCMP_CMP_EQ, AF_INET, 0 } },
	{ SCMP_SYS(socket), { 0, SCMP_CMP_EQ, AF_INET6, 0 } },
	{ SCMP_SYS(socket), { 0, SCMP_CMP_EQ, AF_UNIX, 0 } },
	{ SCMP_SYS(socketpair), { 0, SCMP_CMP_EQ, AF_UNIX, 0 } },
	{ SCMP_SYS(mmap), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(mmap2), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(mprotect), { 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0 } },
	{ SCMP_SYS(ioctl), { 1, SCMP_CMP_EQ, FIONREAD, 0 } },
	{ SCMP_SYS(ioctl), { 1, SCMP_CMP_EQ, FIONBIO, 0 } },
	/* stdio asks whether a descriptor is a terminal */
	{ SCMP_SYS(ioctl), { 1, SCMP_CMP_EQ, TCGETS, 0 } },
	/* reading limits, not setting them */
	{ SCMP_SYS(prlimit64), { 2, SCMP_CMP_EQ, 0, 0 } },
};

/* abort() sends a signal to the own thread; signals to others are not allowed. */
static int
allow_own_signals(scmp_filter_ctx ctx)
{
	return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
}

/* What a NETCONF session needs besides. */
static const int session[] = {
	SCMP_SYS(memfd_create),
	SCMP_SYS(wait4),
#ifdef EVPND_ASAN
	/* the leak checker at exit */
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(readlink),
	SCMP_SYS(getdents64),
	SCMP_SYS(getppid),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getrlimit),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(uname),
	SCMP_SYS(pipe2),
#endif
};

#ifndef EVPND_ASAN
/* Libraries look for files and go on without; that must not end a session. */
static const int refused[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
};
#endif

static int
allow_memory(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(conditional); i++)
		if (conditional[i].call != SCMP_SYS(socket) &&
		    conditional[i].call != SCMP_SYS(socketpair))
			rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW,
			    conditional[i].call, 1, &conditional[i].arg);
	return rc;
}

static int
allow_all(scmp_filter_ctx ctx, const int *calls, size_t n, uint32_t action)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = seccomp_rule_add(ctx, action, calls[i], 0);
	return rc;
}

int
priv_seccomp_session(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!ctx)
		return -ENOMEM;
	rc = allow_all(ctx, basic, ARRAY_LEN(basic), SCMP_ACT_ALLOW);
	if (rc == 0)
		rc = allow_all(ctx, session, ARRAY_LEN(session), SCMP_ACT_ALLOW);
#ifndef EVPND_ASAN
	if (rc == 0)
		rc = allow_all(ctx, refused, ARRAY_LEN(refused), SCMP_ACT_ERRNO(EACCES));
#endif
	if (rc == 0)
		rc = allow_memory(ctx);
	if (rc == 0)
		rc = allow_own_signals(ctx);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc;
}

int
priv_seccomp_engine(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc;

	if (!ctx)
		return -ENOMEM;
	/* Binary search: the filter runs on every call. */
	(void)seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	rc = allow_all(ctx, basic, ARRAY_LEN(basic), SCMP_ACT_ALLOW);
	if (rc == 0)
		rc = allow_all(ctx, engine, ARRAY_LEN(engine), SCMP_ACT_ALLOW);
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(conditional); i++)
		rc = seccomp_rule_add_array(
		    ctx, SCMP_ACT_ALLOW, conditional[i].call, 1, &conditional[i].arg);
	if (rc == 0)
		rc = allow_own_signals(ctx);
	if (rc == 0)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc;
}
