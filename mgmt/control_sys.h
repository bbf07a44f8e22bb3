/* SPDX-License-Identifier: ISC */
/* mgmt/control_sys.h: the socket's file and the names of users, for mgmt/control.c. */
#ifndef EVPND_MGMT_CONTROL_SYS_H
#define EVPND_MGMT_CONTROL_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct sockaddr_un;

/* The name of a user, "uid N" without one. */
void control_user_name(uid_t uid, char *buf, size_t size);
bool control_somebody_listens(const struct sockaddr_un *sa);
/* A listening socket, or a negative errno. */
int control_bind(const struct sockaddr_un *sa);

#endif
