/* SPDX-License-Identifier: ISC */
/* One datagram to the service manager. */
#include "config.h"

#include "lib/notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;
	int fd, ret = 0;

	if (n == 0)
		return 0;
	if ((path[0] != '/' && path[0] != '@') || n >= sizeof(un.sun_path))
		return -EINVAL;
	memcpy(un.sun_path, path, n);
	/* sd_notify(3): a leading @ means an abstract socket, which has no final NUL. */
	if (path[0] == '@')
		un.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	n += offsetof(struct sockaddr_un, sun_path) + (path[0] == '/');
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
		(struct sockaddr *)&un, (socklen_t)n) < 0)
		ret = -errno;
	close(fd);
	return ret;
}
