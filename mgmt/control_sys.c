/* SPDX-License-Identifier: ISC */
/* The system's side of the control socket. */
#include "config.h"

#include "mgmt/control_sys.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The name of a user by the file of passwords alone: what else glibc asks may load code, which the
 * filter of system calls does not allow. */
void
control_user_name(uid_t uid, char *buf, size_t size)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *pw = NULL;

	while (f && (pw = fgetpwent(f)) && pw->pw_uid != uid)
		;
	if (pw)
		snprintf(buf, size, "%.*s", (int)size - 1, pw->pw_name);
	else
		snprintf(buf, size, "uid %u", (unsigned)uid);
	if (f)
		fclose(f);
}

bool
control_somebody_listens(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool yes =
	    fd >= 0 && (connect(fd, (const struct sockaddr *)sa, sizeof *sa) == 0 ||
			   errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return yes;
}

int
control_bind(const struct sockaddr_un *sa)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mode_t old;
	int rc;

	if (fd < 0)
		return -errno;
	old = umask(0117);
	rc = bind(fd, (const struct sockaddr *)sa, sizeof *sa);
	if (rc == 0)
		rc = listen(fd, 16);
	rc = rc ? -errno : 0;
	umask(old);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}
