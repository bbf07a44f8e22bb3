/* SPDX-License-Identifier: ISC */
/* Text of communities. */
#include "config.h"

#include "bgpd/community.h"

#include "lib/util.h"
#include "lib/wire.h"

/* Names as the FRR dialect writes them. */
static const struct {
	uint32_t comm;
	const char *name;
} known[] = {
	{ COMM_GRACEFUL_SHUTDOWN, "graceful-shutdown" },
	{ 0xffff0001u, "accept-own" },
	{ COMM_LLGR_STALE, "llgr-stale" },
	{ COMM_NO_LLGR, "no-llgr" },
	{ COMM_BLACKHOLE, "blackhole" },
	{ COMM_NO_EXPORT, "no-export" },
	{ COMM_NO_ADVERTISE, "no-advertise" },
	{ COMM_NO_EXPORT_SUBCONFED, "local-AS" },
	{ COMM_NO_PEER, "no-peer" },
};

void
comm_format(struct strbuf *s, uint32_t comm)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i].comm == comm) {
			strbuf_put(s, known[i].name);
			return;
		}
	}
	strbuf_printf(s, "%u:%u", comm >> 16, comm & 0xffff);
}

void
comms_format(struct strbuf *s, const uint32_t *comms, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			strbuf_putc(s, ' ');
		comm_format(s, comms[i]);
	}
}

void
lcomm_format(struct strbuf *s, const uint8_t lcomm[12])
{
	struct rbuf r = rb_init(lcomm, 12);
	uint32_t global = rb_u32(&r), one = rb_u32(&r), two = rb_u32(&r);

	strbuf_printf(s, "%u:%u:%u", global, one, two);
}

void
lcomms_format(struct strbuf *s, const uint8_t (*lcomms)[12], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			strbuf_putc(s, ' ');
		lcomm_format(s, lcomms[i]);
	}
}
