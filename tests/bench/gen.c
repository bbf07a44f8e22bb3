/* SPDX-License-Identifier: ISC */
/* Encodes what a sender says, all of it before the clock starts. */
#include "config.h"

#include "tests/bench/load.h"

#include <stdlib.h>

#include "lib/wire.h"
#include "tests/bench/kernel.h"

#define MSG_MAX 4096
#define HEADER_LEN 19

/* The networks of host routes are elsewhere: their VNIs are none of ours. */
#define FAR_VNI 1000000

enum { MSG_OPEN = 1, MSG_UPDATE = 2, MSG_KEEPALIVE = 4 };

static uint8_t *
bytes_room(struct bytes *b, size_t n)
{
	if (b->size - b->len < n) {
		b->size = (b->size + n) * 2;
		b->p = realloc(b->p, b->size);
		if (!b->p)
			abort();
	}
	return b->p + b->len;
}

void
bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){ 0 };
}

static struct wbuf
msg_begin(struct bytes *b, uint8_t type)
{
	struct wbuf w = wb_init(bytes_room(b, MSG_MAX), MSG_MAX);
	int i;

	for (i = 0; i < 16; i++)
		wb_u8(&w, 0xff);
	wb_u16(&w, 0);
	wb_u8(&w, type);
	return w;
}

static void
msg_end(struct bytes *b, struct wbuf *w)
{
	if (w->failed)
		abort();
	wb_set16(w, 16, (uint16_t)wb_len(w));
	b->len += wb_len(w);
}

void
gen_keepalive(struct bytes *b)
{
	struct wbuf w = msg_begin(b, MSG_KEEPALIVE);

	msg_end(b, &w);
}

void
gen_open(struct bytes *b, const struct load_conf *c, uint32_t id)
{
	struct wbuf w = msg_begin(b, MSG_OPEN);
	size_t params, caps;

	wb_u8(&w, 4);
	wb_u16(&w, c->as > 0xffff ? 23456 : (uint16_t)c->as);
	wb_u16(&w, (uint16_t)c->hold);
	wb_u32(&w, id);
	params = wb_len8_begin(&w);
	wb_u8(&w, 2);
	caps = wb_len8_begin(&w);
	wb_u8(&w, 1); /* multiprotocol (RFC 4760) */
	wb_u8(&w, 4);
	wb_u16(&w, c->family == LOAD_IPV4 ? 1 : 25);
	wb_u16(&w, c->family == LOAD_IPV4 ? 1 : 70);
	wb_u16(&w, 0x0200); /* route refresh (RFC 2918) */
	wb_u8(&w, 65);	    /* four-octet AS (RFC 6793) */
	wb_u8(&w, 4);
	wb_u32(&w, c->as);
	wb_len8_end(&w, caps);
	wb_len8_end(&w, params);
	msg_end(b, &w);
}

unsigned int
gen_vni_of(const struct load_conf *c, uint32_t route)
{
	uint32_t per_sender = c->routes / (c->senders ? c->senders : 1);
	uint32_t block = (per_sender + c->vnis - 1) / c->vnis;

	return block ? (route % per_sender) / block % c->vnis : 0;
}

static void
put_rd(struct wbuf *w, unsigned int sender, unsigned int vni)
{
	wb_u16(w, 1);
	wb_u32(w, VTEP(sender));
	wb_u16(w, (uint16_t)(vni + 1));
}

static void
put_zeros(struct wbuf *w, unsigned int n)
{
	while (n-- > 0)
		wb_u8(w, 0);
}

static void
put_macip(struct wbuf *w, const struct load_conf *c, unsigned int sender,
    unsigned int vni, uint32_t route)
{
	bool host = c->family == LOAD_EVPN2_HOST;

	wb_u16(w, host ? 2 << 8 | 40 : 2 << 8 | 37);
	put_rd(w, sender, vni);
	put_zeros(w, 14); /* ESI, Ethernet tag */
	wb_u8(w, 48);
	wb_u16(w, 0x0200);
	wb_u32(w, route);
	wb_u8(w, 32);
	wb_u32(w, 0x0a000000 | (route & 0xffffff));
	if (host)
		wb_u24(w, FAR_VNI + c->vni_base + vni);
	wb_u24(w, c->vni_base + vni);
}

static void
put_prefix(struct wbuf *w, const struct load_conf *c, unsigned int sender,
    unsigned int vni, uint32_t route)
{
	wb_u16(w, 5 << 8 | 34);
	put_rd(w, sender, vni);
	put_zeros(w, 14);
	wb_u8(w, 32);
	wb_u32(w, 0x0a000000 | (route & 0xffffff));
	wb_u32(w, 0); /* gateway */
	wb_u24(w, c->vni_base + vni);
}

static void
put_imet(struct wbuf *w, unsigned int sender, unsigned int vni)
{
	wb_u16(w, 3 << 8 | 17);
	put_rd(w, sender, vni);
	put_zeros(w, 4);
	wb_u8(w, 32);
	wb_u32(w, VTEP(sender));
}

static void
put_ipv4(struct wbuf *w, uint32_t route)
{
	wb_u8(w, 32);
	wb_u32(w, 0x0a000000 | (route & 0xffffff));
}

static void
put_route(struct wbuf *w, const struct load_conf *c, unsigned int sender,
    unsigned int vni, uint32_t route)
{
	switch (c->family) {
	case LOAD_EVPN2:
	case LOAD_EVPN2_HOST:
		put_macip(w, c, sender, vni, route);
		break;
	case LOAD_EVPN5:
		put_prefix(w, c, sender, vni, route);
		break;
	case LOAD_IPV4:
		put_ipv4(w, route);
		break;
	}
}

static void
put_target(struct wbuf *w, const struct load_conf *c, uint32_t vni)
{
	wb_u16(w, 0x0002); /* route target AS:VNI */
	wb_u16(w, (uint16_t)c->as);
	wb_u32(w, vni);
}

static void
put_communities(
    struct wbuf *w, const struct load_conf *c, unsigned int sender, unsigned int vni)
{
	size_t len;

	wb_u16(w, 0xc010); /* EXTENDED COMMUNITIES */
	len = wb_len8_begin(w);
	put_target(w, c, c->vni_base + vni);
	if (c->family == LOAD_EVPN2_HOST)
		put_target(w, c, FAR_VNI + c->vni_base + vni);
	wb_u32(w, 0x030c0000); /* encapsulation VXLAN (RFC 9012) */
	wb_u32(w, 8);
	if (c->family != LOAD_EVPN2) {
		wb_u16(w, 0x0603); /* router's MAC (RFC 9135) */
		wb_u16(w, 0x0202);
		wb_u32(w, VTEP(sender));
	}
	if (c->sequence > 0) {
		wb_u32(w, 0x06000000); /* MAC mobility (RFC 7432 7.7) */
		wb_u32(w, c->sequence);
	}
	wb_len8_end(w, len);
}

/* ORIGIN, AS_PATH, LOCAL_PREF and what makes the set of this VNI its own. */
static void
put_attrs(struct wbuf *w, const struct load_conf *c, unsigned int sender,
    unsigned int vni, bool imet)
{
	wb_u32(w, 0x40010100); /* ORIGIN IGP */
	wb_u24(w, 0x400200);   /* AS_PATH empty */
	if (c->family == LOAD_IPV4) {
		wb_u24(w, 0x400304); /* NEXT_HOP */
		wb_u32(w, VTEP(sender));
	}
	wb_u24(w, 0x400504); /* LOCAL_PREF */
	wb_u32(w, 100);
	if (c->family == LOAD_IPV4) {
		wb_u24(w, 0xc00804); /* COMMUNITY */
		wb_u16(w, (uint16_t)c->as);
		wb_u16(w, (uint16_t)vni);
		return;
	}
	put_communities(w, c, sender, vni);
	if (imet) { /* PMSI tunnel: ingress replication (RFC 6514) */
		wb_u24(w, 0xc01609);
		wb_u16(w, 6);
		wb_u24(w, c->vni_base + vni);
		wb_u32(w, VTEP(sender));
	}
}

static size_t
mp_begin(struct wbuf *w, unsigned int sender, bool withdraw)
{
	size_t m;

	wb_u16(w, withdraw ? 0x900f : 0x900e);
	m = wb_len16_begin(w);
	wb_u24(w, 25 << 8 | 70);
	if (!withdraw) {
		wb_u8(w, 4);
		wb_u32(w, VTEP(sender));
		wb_u8(w, 0);
	}
	return m;
}

/* One UPDATE with routes of one VNI; returns how many fitted. */
static uint32_t
gen_update(struct bytes *b, const struct load_conf *c, unsigned int sender,
    unsigned int vni, uint32_t first, uint32_t n, bool withdraw, bool imet)
{
	struct wbuf w = msg_begin(b, MSG_UPDATE);
	bool mp = c->family != LOAD_IPV4;
	size_t attrs = 0, m = 0, mark;
	uint32_t done = 0;

	m = wb_len16_begin(&w); /* withdrawn routes */
	if (mp || !withdraw) {
		wb_len16_end(&w, m);
		attrs = wb_len16_begin(&w);
		if (!withdraw)
			put_attrs(&w, c, sender, vni, imet);
		if (mp)
			m = mp_begin(&w, sender, withdraw);
		else
			wb_len16_end(&w, attrs);
	}
	if (!mp && withdraw)
		w.end -= 2; /* room for the empty attributes */
	if (imet) {
		put_imet(&w, sender, vni);
		done = 1;
	}
	while (!imet && done < n && (!c->per_update || done < c->per_update)) {
		mark = wb_mark(&w);
		put_route(&w, c, sender, vni, first + done);
		if (w.failed) {
			wb_rewind(&w, mark);
			break;
		}
		done++;
	}
	if (mp) {
		wb_len16_end(&w, m);
		wb_len16_end(&w, attrs);
	} else if (withdraw) {
		w.end += 2;
		wb_len16_end(&w, m);
		wb_u16(&w, 0);
	}
	msg_end(b, &w);
	return done;
}

void
gen_routes(struct bytes *b, const struct load_conf *c, unsigned int sender,
    uint32_t first, uint32_t n, bool withdraw, bool with_imet)
{
	uint32_t end = first + n, run;
	unsigned int vni;

	if (with_imet && c->family == LOAD_EVPN2)
		for (vni = 0; vni < c->vnis; vni++)
			gen_update(b, c, sender, vni, 0, 1, withdraw, true);
	while (first < end) {
		vni = gen_vni_of(c, first);
		for (run = 1; first + run < end && gen_vni_of(c, first + run) == vni;)
			run++;
		for (; run > 0;) {
			uint32_t k =
			    gen_update(b, c, sender, vni, first, run, withdraw, false);

			first += k;
			run -= k;
		}
	}
}
