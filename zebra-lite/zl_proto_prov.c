/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto_prov.c: the wire form of the messages about devices. */
#include "config.h"

#include "zebra-lite/zl_proto_prov.h"

#include <string.h>

#include "zebra-lite/zl_proto_wire.h"

void
zl_prov_head_encode(struct wbuf *w, const struct zl_prov_head *m)
{
	wb_u32(w, m->req);
	wb_u8(w, m->flags);
}

bool
zl_prov_head_decode(struct rbuf *r, struct zl_prov_head *m)
{
	m->req = rb_u32(r);
	m->flags = rb_u8(r);
	return !r->failed;
}

void
zl_prov_encode(struct wbuf *w, const struct zl_prov *m)
{
	wb_u8(w, m->kind);
	wb_u8(w, m->flags);
	put_str(w, m->name, sizeof m->name);
	put_str(w, m->other, sizeof m->other);
	wb_u24(w, m->vni);
	wb_u16(w, m->vlan);
	wb_u16(w, m->port);
	wb_u16(w, m->mtu);
	put_ip(w, &m->vtep);
	wb_bytes(w, m->mac.b, sizeof m->mac.b);
	wb_u8(w, m->ngw);
	for (unsigned i = 0; i < m->ngw; i++) {
		put_ip(w, &m->gw[i].ip);
		wb_u8(w, m->gw[i].plen);
	}
}

/* A name of a device is what the kernel takes for one. */
static bool
name_ok(const struct zl_prov *m)
{
	if (m->name[0] == '\0' || strpbrk(m->name, "/ \t\n") ||
	    strpbrk(m->other, "/ \t\n"))
		return false;
	return m->kind == ZL_PROV_NETWORK || strlen(m->name) < ZL_IFNAME;
}

bool
zl_prov_decode(struct rbuf *r, struct zl_prov *m)
{
	memset(m, 0, sizeof *m);
	m->kind = rb_u8(r);
	m->flags = rb_u8(r);
	get_str(r, m->name, sizeof m->name);
	get_str(r, m->other, sizeof m->other);
	m->vni = rb_u24(r);
	m->vlan = rb_u16(r);
	m->port = rb_u16(r);
	m->mtu = rb_u16(r);
	get_ip(r, &m->vtep);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	m->ngw = rb_u8(r);
	if (m->kind == 0 || m->kind >= ZL_PROV_KINDS || m->vlan > 4094 ||
	    m->ngw > ZL_PROV_GW_MAX || !name_ok(m))
		rb_fail(r);
	for (unsigned i = 0; i < m->ngw && !r->failed; i++) {
		get_ip(r, &m->gw[i].ip);
		m->gw[i].plen = rb_u8(r);
		if (m->gw[i].ip.len == 0 || m->gw[i].plen > m->gw[i].ip.len * 8)
			rb_fail(r);
	}
	return !r->failed;
}

void
zl_step_encode(struct wbuf *w, const struct zl_step *m)
{
	wb_u8(w, m->level);
	wb_u8(w, m->kind);
	wb_u24(w, m->vni);
	put_str(w, m->leaf, sizeof m->leaf);
	put_str(w, m->subject, sizeof m->subject);
	put_str(w, m->text, sizeof m->text);
}

bool
zl_step_decode(struct rbuf *r, struct zl_step *m)
{
	memset(m, 0, sizeof *m);
	m->level = rb_u8(r);
	m->kind = rb_u8(r);
	m->vni = rb_u24(r);
	get_str(r, m->leaf, sizeof m->leaf);
	get_str(r, m->subject, sizeof m->subject);
	get_str(r, m->text, sizeof m->text);
	if (m->level < ZL_STEP_DO || m->level > ZL_STEP_ERROR || m->kind >= ZL_PROV_KINDS)
		rb_fail(r);
	return !r->failed;
}
