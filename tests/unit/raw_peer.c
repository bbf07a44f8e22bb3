/* SPDX-License-Identifier: ISC */
/* tests/unit/raw_peer.c: the hand-made peer: its fixtures and its messages. */
#include "config.h"

#include "tests/unit/raw_peer.h"

#include <check.h>

#include "bgpd/afi.h"
#include "bgpd/refresh.h"

struct world w;
struct node *n, *raw;

/* One speaker (AS 65000, hold 9) and one raw peer of the given AS. */
static void
start(uint32_t as)
{
	world_init(&w, 1);
	n = node_new(&w, 1, 65000);
	raw = node_new_raw(&w, 9);
	raw->refuse = true;
	node_add_peer(n, raw, as);
}

void
setup(void)
{
	start(65000);
	node_apply(n);
}

void
setup_external(void)
{
	start(65001);
	node_apply(n);
}

void
teardown(void)
{
	world_fini(&w);
}

void
update_begin(struct msg *m)
{
	m->w = wb_init(m->b, sizeof m->b);
	m->start = msg_begin(&m->w, MSG_UPDATE);
	wb_u16(&m->w, 0);
	m->attrs = wb_len16_begin(&m->w);
}

void
update_attr(struct msg *m, uint8_t flags, uint8_t code, const void *val, size_t len)
{
	wb_u8(&m->w, flags);
	wb_u8(&m->w, code);
	if (flags & 0x10)
		wb_u16(&m->w, (uint16_t)len);
	else
		wb_u8(&m->w, (uint8_t)len);
	wb_bytes(&m->w, val, len);
}

void
update_end(struct msg *m)
{
	wb_len16_end(&m->w, m->attrs);
	msg_end(&m->w, m->start);
	ck_assert(!m->w.failed);
}

void
update_send(struct msg *m)
{
	update_end(m);
	raw_write(raw, m->b, wb_len(&m->w));
	world_run(&w, 0.01);
}

void
put_nlri(struct wbuf *b, unsigned first, unsigned count)
{
	struct rib_path path = { .flags = PATH_LABEL1, .label1 = { 0, 0, 100 } };
	struct rib_key k;

	for (unsigned i = first; i < first + count; i++) {
		route_key(i, &k);
		afi_encode(afi_evpn(), b, &k, &path, NULL);
	}
}

void
put_reach(struct msg *m, unsigned first, unsigned count)
{
	uint8_t val[2048];
	struct wbuf b = wb_init(val, sizeof val);

	wb_u16(&b, AFI_L2VPN);
	wb_u8(&b, SAFI_EVPN);
	wb_u8(&b, 4);
	wb_u32(&b, 0x0a000009);
	wb_u8(&b, 0);
	put_nlri(&b, first, count);
	ck_assert(!b.failed);
	update_attr(m, 0x90, ATTR_MP_REACH, val, wb_len(&b));
}

void
put_base(struct msg *m)
{
	update_attr(m, 0x40, ATTR_ORIGIN, "\0", 1);
	update_attr(m, 0x40, ATTR_AS_PATH, "", 0);
	update_attr(m, 0x40, ATTR_LOCAL_PREF, "\0\0\0\x64", 4);
}

void
announce(unsigned first, unsigned count)
{
	struct msg m;

	update_begin(&m);
	put_reach(&m, first, count);
	put_base(&m);
	update_send(&m);
}

void
send_eor(void)
{
	struct msg m;

	update_begin(&m);
	update_attr(&m, 0x80, ATTR_MP_UNREACH, "\0\x19\x46", 3);
	update_send(&m);
}

void
send_refresh(uint8_t type)
{
	uint8_t b[64];
	struct wbuf x = wb_init(b, sizeof b);

	refresh_encode(&x, &(struct refresh){ AFI_L2VPN, SAFI_EVPN, type });
	raw_write(raw, b, wb_len(&x));
	world_run(&w, 0.01);
}

struct peer *
peer(void)
{
	return node_peer(n, raw);
}

void
up(void)
{
	raw_establish(
	    raw, n, peer()->conf->remote_as, OPEN_REFRESH | OPEN_ENHANCED_REFRESH);
}

void
up_gr(void)
{
	raw_establish(raw, n, 65000, OPEN_GR);
}

void
offer_gr(void)
{
	n->draft.c.graceful_restart = true;
	node_apply(n);
}
