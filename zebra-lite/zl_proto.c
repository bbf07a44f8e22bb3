/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto.c: the wire form of the messages between engine and data plane. */
#include "config.h"

#include "zebra-lite/zl_proto.h"

#define VNI_MAX 0xffffffu
#define VID_MAX 4094

static const char *const type_names[] = {
	[ZL_HELLO] = "hello",
	[ZL_CONFIG] = "config",
	[ZL_WANT] = "want",
	[ZL_SYNC_END] = "sync-end",
	[ZL_RESYNC] = "resync",
	[ZL_READY] = "ready",
	[ZL_STATUS] = "status",
	[ZL_NEXTHOP_WATCH] = "nexthop-watch",
	[ZL_LISTEN_FD] = "listen-fd",
	[ZL_OBSERVED_BEGIN] = "observed-begin",
	[ZL_OBSERVED_END] = "observed-end",
	[ZL_VNI] = "vni",
	[ZL_MAC] = "mac",
	[ZL_NEIGH] = "neigh",
	[ZL_RESULT] = "result",
	[ZL_LOST] = "lost",
	[ZL_ADDR] = "addr",
	[ZL_NEXTHOP] = "nexthop",
};

const char *
zl_type_name(uint16_t type)
{
	if (type >= sizeof type_names / sizeof type_names[0] || !type_names[type])
		return "unknown";
	return type_names[type];
}

/* Pieces that several messages share. */

static void
put_ip(struct wbuf *w, const struct ip *ip)
{
	wb_u8(w, ip->len);
	wb_bytes(w, ip->b, ip->len);
}

static void
get_ip(struct rbuf *r, struct ip *ip)
{
	memset(ip, 0, sizeof *ip);
	ip->len = rb_u8(r);
	if (ip->len != 0 && ip->len != 4 && ip->len != 16) {
		ip->len = 0;
		rb_fail(r);
		return;
	}
	rb_copy(r, ip->b, ip->len);
}

/* A string of at most size - 1 bytes, without NUL bytes inside. */
static void
put_str(struct wbuf *w, const char *s, size_t size)
{
	size_t n = strnlen(s, size - 1);

	wb_u8(w, (uint8_t)n);
	wb_bytes(w, s, n);
}

static void
get_str(struct rbuf *r, char *s, size_t size)
{
	size_t n = rb_u8(r);

	memset(s, 0, size);
	if (n >= size) {
		rb_fail(r);
		return;
	}
	rb_copy(r, s, n);
	if (memchr(s, 0, n))
		rb_fail(r);
}

static uint8_t
get_bool(struct rbuf *r)
{
	uint8_t v = rb_u8(r);

	if (v > 1)
		rb_fail(r);
	return v;
}

static uint16_t
get_vid(struct rbuf *r)
{
	uint16_t v = rb_u16(r);

	if (v > VID_MAX)
		rb_fail(r);
	return v;
}

static void
put_vni(struct wbuf *w, uint32_t vni)
{
	if (vni > VNI_MAX)
		w->failed = true;
	wb_u24(w, vni);
}

/* Messages. */

void
zl_hello_encode(struct wbuf *w, const struct zl_hello *m)
{
	wb_u32(w, m->version);
	wb_u32(w, m->pid);
}

bool
zl_hello_decode(struct rbuf *r, struct zl_hello *m)
{
	m->version = rb_u32(r);
	m->pid = rb_u32(r);
	return !r->failed;
}

void
zl_config_encode(struct wbuf *w, const struct zl_config *m)
{
	wb_u8(w, m->kernel);
	wb_u8(w, m->use_nexthop_ids);
}

bool
zl_config_decode(struct rbuf *r, struct zl_config *m)
{
	m->kernel = get_bool(r);
	m->use_nexthop_ids = get_bool(r);
	return !r->failed;
}

void
zl_want_encode(struct wbuf *w, const struct zl_want *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->kind);
	wb_u8(w, m->flags);
	put_vni(w, m->vni);
	wb_bytes(w, m->mac.b, sizeof m->mac.b);
	put_ip(w, &m->ip);
	put_ip(w, &m->vtep);
}

bool
zl_want_decode(struct rbuf *r, struct zl_want *m)
{
	m->op = get_bool(r);
	m->kind = rb_u8(r);
	if (m->kind < ZL_KIND_FLOOD || m->kind > ZL_KIND_NEIGH)
		rb_fail(r);
	m->flags = rb_u8(r);
	m->vni = rb_u24(r);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	get_ip(r, &m->ip);
	get_ip(r, &m->vtep);
	return !r->failed;
}

void
zl_vni_encode(struct wbuf *w, const struct zl_vni *m)
{
	put_vni(w, m->vni);
	wb_u32(w, m->flags);
	put_ip(w, &m->local);
	put_ip(w, &m->group);
	wb_u32(w, m->vxlan_ifindex);
	put_str(w, m->vxlan, sizeof m->vxlan);
	wb_u32(w, m->bridge_ifindex);
	put_str(w, m->bridge, sizeof m->bridge);
	wb_u16(w, m->vid);
	wb_u32(w, m->svi_ifindex);
	put_str(w, m->svi, sizeof m->svi);
	wb_bytes(w, m->svi_mac.b, sizeof m->svi_mac.b);
	put_str(w, m->vrf, sizeof m->vrf);
	wb_u16(w, m->dstport);
	put_str(w, m->why_down, sizeof m->why_down);
}

bool
zl_vni_decode(struct rbuf *r, struct zl_vni *m)
{
	m->vni = rb_u24(r);
	m->flags = rb_u32(r);
	get_ip(r, &m->local);
	get_ip(r, &m->group);
	m->vxlan_ifindex = rb_u32(r);
	get_str(r, m->vxlan, sizeof m->vxlan);
	m->bridge_ifindex = rb_u32(r);
	get_str(r, m->bridge, sizeof m->bridge);
	m->vid = get_vid(r);
	m->svi_ifindex = rb_u32(r);
	get_str(r, m->svi, sizeof m->svi);
	rb_copy(r, m->svi_mac.b, sizeof m->svi_mac.b);
	get_str(r, m->vrf, sizeof m->vrf);
	m->dstport = rb_u16(r);
	get_str(r, m->why_down, sizeof m->why_down);
	return !r->failed;
}

void
zl_mac_encode(struct wbuf *w, const struct zl_mac *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->flags);
	put_vni(w, m->vni);
	wb_bytes(w, m->mac.b, sizeof m->mac.b);
	wb_u32(w, m->ifindex);
	put_str(w, m->ifname, sizeof m->ifname);
	wb_u16(w, m->vid);
}

bool
zl_mac_decode(struct rbuf *r, struct zl_mac *m)
{
	m->op = get_bool(r);
	m->flags = rb_u8(r);
	m->vni = rb_u24(r);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	m->ifindex = rb_u32(r);
	get_str(r, m->ifname, sizeof m->ifname);
	m->vid = get_vid(r);
	return !r->failed;
}

void
zl_neigh_encode(struct wbuf *w, const struct zl_neigh *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->flags);
	put_vni(w, m->vni);
	put_ip(w, &m->ip);
	wb_bytes(w, m->mac.b, sizeof m->mac.b);
}

bool
zl_neigh_decode(struct rbuf *r, struct zl_neigh *m)
{
	m->op = get_bool(r);
	m->flags = rb_u8(r);
	m->vni = rb_u24(r);
	get_ip(r, &m->ip);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	return !r->failed;
}

void
zl_addr_encode(struct wbuf *w, const struct zl_addr *m)
{
	wb_u8(w, m->op);
	wb_u32(w, m->ifindex);
	put_str(w, m->ifname, sizeof m->ifname);
	put_ip(w, &m->addr.ip);
	wb_u8(w, m->addr.plen);
	wb_u8(w, m->loopback);
}

bool
zl_addr_decode(struct rbuf *r, struct zl_addr *m)
{
	m->op = get_bool(r);
	m->ifindex = rb_u32(r);
	get_str(r, m->ifname, sizeof m->ifname);
	get_ip(r, &m->addr.ip);
	m->addr.plen = rb_u8(r);
	if (m->addr.plen > m->addr.ip.len * 8)
		rb_fail(r);
	m->loopback = get_bool(r);
	return !r->failed;
}

void
zl_watch_encode(struct wbuf *w, const struct zl_watch *m)
{
	wb_u8(w, m->op);
	put_ip(w, &m->ip);
}

bool
zl_watch_decode(struct rbuf *r, struct zl_watch *m)
{
	m->op = get_bool(r);
	get_ip(r, &m->ip);
	if (m->ip.len == 0)
		rb_fail(r);
	return !r->failed;
}

void
zl_nexthop_encode(struct wbuf *w, const struct zl_nexthop *m)
{
	put_ip(w, &m->ip);
	wb_u8(w, m->reachable);
	wb_u32(w, m->metric);
}

bool
zl_nexthop_decode(struct rbuf *r, struct zl_nexthop *m)
{
	get_ip(r, &m->ip);
	if (m->ip.len == 0)
		rb_fail(r);
	m->reachable = get_bool(r);
	m->metric = rb_u32(r);
	return !r->failed;
}

void
zl_result_encode(struct wbuf *w, const struct zl_result *m)
{
	wb_u32(w, m->seq);
	wb_u16(w, m->nfailures);
}

bool
zl_result_decode(struct rbuf *r, struct zl_result *m)
{
	m->seq = rb_u32(r);
	m->nfailures = rb_u16(r);
	if (m->nfailures > ZL_WANT_MAX)
		rb_fail(r);
	return !r->failed;
}

void
zl_failure_encode(struct wbuf *w, const struct zl_failure *m)
{
	wb_u16(w, m->index);
	wb_u32(w, (uint32_t)m->error);
	put_str(w, m->text, sizeof m->text);
}

bool
zl_failure_decode(struct rbuf *r, struct zl_failure *m)
{
	uint32_t e;

	m->index = rb_u16(r);
	e = rb_u32(r);
	if (m->index >= ZL_WANT_MAX || e == 0 || e > INT32_MAX)
		rb_fail(r);
	m->error = (int32_t)(e & INT32_MAX);
	get_str(r, m->text, sizeof m->text);
	return !r->failed;
}

void
zl_listen_encode(struct wbuf *w, const struct zl_listen *m)
{
	put_ip(w, &m->addr);
	wb_u16(w, m->port);
}

bool
zl_listen_decode(struct rbuf *r, struct zl_listen *m)
{
	get_ip(r, &m->addr);
	m->port = rb_u16(r);
	return !r->failed;
}
