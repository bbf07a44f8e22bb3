/* SPDX-License-Identifier: ISC */
/* zebra-lite/listen.h: the sockets that BGP peers connect to.
 *
 * What    Opens TCP sockets while the process may still bind to port 179; the engine,
 *         which may not, gets copies of them (ZL_LISTEN_FD).
 * Owns    The sockets: they outlive an engine that dies, so peers that connect
 *         meanwhile are not refused.
 */
#ifndef EVPND_ZEBRA_LITE_LISTEN_H
#define EVPND_ZEBRA_LITE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "zebra-lite/zl_proto.h"

#define LISTEN_MAX 16

struct listener {
	struct zl_listen at; /* address and port */
	int fd;		     /* owned */
};

struct listeners {
	struct listener list[LISTEN_MAX]; /* open ones */
	unsigned n;			  /* in list */
};

/* addrs: n addresses to bind to; n == 0: any IPv4 and any IPv6 address, of which one is enough. */
bool listen_open(struct listeners *ls, const struct ip *addrs, unsigned n, uint16_t port,
    struct err *err);
void listen_close(struct listeners *ls);

#endif
