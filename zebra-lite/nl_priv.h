/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_priv.h: what nl.c, nl_dump.c and nl_mon.c share.
 *
 * What    Opening a socket the way we want it, and one receive loop's size.
 */
#ifndef EVPND_ZEBRA_LITE_NL_PRIV_H
#define EVPND_ZEBRA_LITE_NL_PRIV_H

#include "zebra-lite/nl.h"

#define NL_CMD_BYTES 16384	 /* answers to writes are short */
#define NL_RX_BYTES (256 * 1024) /* the kernel's dumps come in parts of up to 32 KiB */

/* A connected, non-blocking rtnetlink socket with strict checks and extended acks. */
int nl_sock_open(struct nl_sock **out);
void nl_sock_rcvbuf(struct nl_sock *sk, int bytes);
void nl_dump_init(struct nl *nl);

#endif
