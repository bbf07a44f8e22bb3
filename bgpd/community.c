/* SPDX-License-Identifier: ISC */
/* Text of communities. */
#include "config.h"

#include "bgpd/community.h"

#include <string.h>

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

/* n numbers up to max with colons between. */
static bool
parse_numbers(const char *text, uint32_t *to, size_t n, uint32_t max)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(text, ":");
		unsigned long long v;
		char word[12];

		if (len >= sizeof word || (text[len] == ':') != (i + 1 < n))
			return false;
		memcpy(word, text, len);
		word[len] = '\0';
		if (!parse_u64(word, 0, max, &v))
			return false;
		to[i] = (uint32_t)v;
		text += len + 1;
	}
	return true;
}

bool
comm_parse(const char *text, uint32_t *comm)
{
	uint32_t v[2];

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].name, text) == 0) {
			*comm = known[i].comm;
			return true;
		}
	if (!parse_numbers(text, v, 2, UINT16_MAX))
		return false;
	*comm = v[0] << 16 | v[1];
	return true;
}

bool
lcomm_parse(const char *text, uint8_t lcomm[12])
{
	struct wbuf w = wb_init(lcomm, 12);
	uint32_t v[3];

	if (!parse_numbers(text, v, 3, UINT32_MAX))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(v); i++)
		wb_u32(&w, v[i]);
	return true;
}
