/* SPDX-License-Identifier: ISC */
/* Leaves of the state, as RFC 7951 section 6 wants each type; the contract is in mgmt/state_node.h. */
#include "config.h"

#include "mgmt/state_node.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

void
state_str(struct state_walk *w, const char *leaf, const char *s)
{
	if (state_wants(w, leaf))
		out_str(state_out(w), leaf, s);
}

void
state_strf(struct state_walk *w, const char *leaf, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (!state_wants(w, leaf))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	out_str(state_out(w), leaf, text);
}

void
state_u32(struct state_walk *w, const char *leaf, uint32_t v)
{
	if (state_wants(w, leaf))
		out_uint(state_out(w), leaf, v);
}

/* RFC 7951 6.1: numbers that JSON readers may not hold exactly are strings. */
void
state_u64(struct state_walk *w, const char *leaf, uint64_t v)
{
	if (state_wants(w, leaf))
		out_strf(state_out(w), leaf, "%" PRIu64, v);
}

void
state_bool(struct state_walk *w, const char *leaf, bool v)
{
	if (state_wants(w, leaf))
		out_bool(state_out(w), leaf, v);
}

void
state_ip(struct state_walk *w, const char *leaf, struct ip ip)
{
	char text[IP_STRLEN];

	if (ip.len && state_wants(w, leaf))
		out_str(state_out(w), leaf, ip_format(ip, text));
}

void
state_mac(struct state_walk *w, const char *leaf, struct mac mac)
{
	char text[MAC_STRLEN];

	if (state_wants(w, leaf))
		out_str(state_out(w), leaf, mac_format(mac, text));
}

char *
state_time_format(int64_t ms, char buf[STATE_TIME_STRLEN])
{
	const time_t sec = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	gmtime_r(&sec, &tm);
	n = strftime(buf, STATE_TIME_STRLEN, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, STATE_TIME_STRLEN - n, ".%03uZ", (unsigned)(ms % 1000));
	return buf;
}

void
state_time(struct state_walk *w, const char *leaf, struct mono when)
{
	const int64_t ago = mono_diff(loop_now(state_engine(w)->loop), when) / 1000;
	char text[STATE_TIME_STRLEN];

	/* Whole seconds: the two clocks are read at different times. */
	if (state_wants(w, leaf))
		out_str(state_out(w), leaf,
		    state_time_format(((int64_t)time(NULL) - ago / 1000) * 1000, text));
}

bool
state_array(struct state_walk *w, const char *leaf)
{
	if (!state_wants(w, leaf))
		return false;
	out_arr_begin(state_out(w), leaf);
	return true;
}
