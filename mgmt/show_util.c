/* SPDX-License-Identifier: ISC */
/* Pieces of text that many show commands share. */
#include "config.h"

#include "mgmt/show_util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bgpd/peer.h"
#include "lib/util.h"

char *
show_uptime(int64_t sec, char buf[UPTIME_STRLEN])
{
	const unsigned min = 60, hour = 3600, day = 86400, week = 7 * day;
	unsigned s = sec > 0 ? (unsigned)sec : 0;

	if (s < day)
		snprintf(buf, UPTIME_STRLEN, "%02u:%02u:%02u", s / hour, s % hour / min,
		    s % min);
	else if (s < week)
		snprintf(buf, UPTIME_STRLEN, "%ud%02uh%02um", s / day, s % day / hour,
		    s % hour / min);
	else
		snprintf(buf, UPTIME_STRLEN, "%02uw%ud%02uh", s / week, s % week / day,
		    s % day / hour);
	return buf;
}

int64_t
show_since(const struct show_ctx *c, struct mono when)
{
	return mono_diff(loop_now(c->eng->loop), when) / MONO_SEC(1);
}

char *
show_peer_uptime(const struct show_ctx *c, const struct peer *p, char buf[UPTIME_STRLEN])
{
	if (p->n.established == 0) {
		snprintf(buf, UPTIME_STRLEN, "never");
		return buf;
	}
	return show_uptime(show_since(c, p->since), buf);
}

int64_t
show_epoch(const struct show_ctx *c, uint32_t when_sec)
{
	return (int64_t)time(NULL) - show_since(c, (struct mono){ MONO_SEC(when_sec) });
}

uint8_t
show_route_type(const char *s)
{
	static const char *const names[] = { "ead", "macip", "multicast", "es",
		"prefix" }; /* from 1 */

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(s, names[i]) == 0)
			return (uint8_t)(i + 1);
	return (uint8_t)atoi(s);
}

char *
show_bytes(size_t n, char buf[BYTES_STRLEN])
{
	if (n >= 10 << 20)
		snprintf(buf, BYTES_STRLEN, "%zu MiB", n >> 20);
	else if (n >= 10 << 10)
		snprintf(buf, BYTES_STRLEN, "%zu KiB", n >> 10);
	else
		snprintf(buf, BYTES_STRLEN, "%zu bytes", n);
	return buf;
}
