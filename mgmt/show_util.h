/* SPDX-License-Identifier: ISC */
/* mgmt/show_util.h: pieces of text that many show commands share.
 *
 * What    Times and states as the FRR dialect writes them, and a peer found by what
 *         was typed.
 */
#ifndef EVPND_MGMT_SHOW_UTIL_H
#define EVPND_MGMT_SHOW_UTIL_H

#include <stdint.h>

#include "mgmt/show.h"

struct peer;

#define UPTIME_STRLEN 24
/* "00:01:02" under a day, "1d02h03m" under a week, then "1w2d03h". */
char *show_uptime(int64_t sec, char buf[UPTIME_STRLEN]);
/* The same for a peer's last change of state; "never" if there was none. */
char *show_peer_uptime(
    const struct show_ctx *c, const struct peer *p, char buf[UPTIME_STRLEN]);
/* Wall clock seconds of a point on the loop's clock in seconds (rib_path.when). */
int64_t show_epoch(const struct show_ctx *c, uint32_t when_sec);
/* Whole seconds since a point on the loop's clock. */
int64_t show_since(const struct show_ctx *c, struct mono when);
#define BYTES_STRLEN 32
/* "720 bytes", "12 KiB", "3 MiB" */
char *show_bytes(size_t n, char buf[BYTES_STRLEN]);
/* An EVPN route type by name or number, as SHOW_ROUTE_TYPES has it. */
uint8_t show_route_type(const char *s);
#define SHOW_ROUTE_TYPES "<ead|1|macip|2|multicast|3|es|4|prefix|5>$type"

#endif
