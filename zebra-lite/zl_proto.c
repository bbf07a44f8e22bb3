/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_proto.c: the wire form of the messages between engine and data plane. */
#include "config.h"

#include "zebra-lite/zl_proto.h"

#include "zebra-lite/zl_proto_wire.h"

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
	[ZL_TABLE_WATCH] = "table-watch",
	[ZL_PROBE] = "probe",
	[ZL_PROV] = "prov",
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
	[ZL_VRF] = "vrf",
	[ZL_ROUTE] = "route",
	[ZL_FINDING] = "finding",
	[ZL_PLAN] = "plan",
	[ZL_COUNTERS] = "counters",
};

const char *
zl_type_name(uint16_t type)
{
	if (type >= sizeof type_names / sizeof type_names[0] || !type_names[type])
		return "unknown";
	return type_names[type];
}

/* Pieces that several messages share. */

/* A string of at most size - 1 bytes, without NUL bytes inside. */
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

/* What only HOP, GROUP and ROUTE have stands behind the common part, by kind. */
static void
put_want_l3(struct wbuf *w, const struct zl_want *m)
{
	wb_u32(w, m->id);
	if (m->kind == ZL_KIND_HOP) {
		wb_u24(w, m->label);
	} else if (m->kind == ZL_KIND_ROUTE) {
		wb_u32(w, m->table);
		wb_u8(w, m->plen);
	} else {
		if (m->nmembers > ZL_GROUP_MAX)
			w->failed = true;
		wb_u8(w, m->nmembers);
		for (unsigned i = 0; i < m->nmembers && !w->failed; i++)
			wb_u32(w, m->members[i]);
	}
}

static void
get_want_l3(struct rbuf *r, struct zl_want *m)
{
	m->id = rb_u32(r);
	if (m->kind == ZL_KIND_HOP) {
		m->label = rb_u24(r);
	} else if (m->kind == ZL_KIND_ROUTE) {
		m->table = rb_u32(r);
		m->plen = rb_u8(r);
		if (m->ip.len == 0 || m->plen > m->ip.len * 8)
			rb_fail(r);
	} else {
		m->nmembers = rb_u8(r);
		if (m->nmembers > ZL_GROUP_MAX)
			rb_fail(r);
		for (unsigned i = 0; i < m->nmembers && !r->failed; i++)
			m->members[i] = rb_u32(r);
	}
	/* A route without id leads nowhere, anything else has one. */
	if (m->id == 0 && !(m->kind == ZL_KIND_ROUTE &&
			      (m->op == ZL_DEL || m->flags & ZL_F_UNREACHABLE)))
		rb_fail(r);
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
	if (m->kind >= ZL_KIND_HOP)
		put_want_l3(w, m);
}

bool
zl_want_decode(struct rbuf *r, struct zl_want *m)
{
	memset(&m->id, 0, sizeof *m - offsetof(struct zl_want, id));
	m->op = get_bool(r);
	m->kind = rb_u8(r);
	if (m->kind < ZL_KIND_FLOOD || m->kind >= ZL_KINDS)
		rb_fail(r);
	m->flags = rb_u8(r);
	m->vni = rb_u24(r);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	get_ip(r, &m->ip);
	get_ip(r, &m->vtep);
	if (!r->failed && m->kind >= ZL_KIND_HOP)
		get_want_l3(r, m);
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
	put_prefix(w, &m->addr);
	wb_u8(w, m->loopback);
}

bool
zl_addr_decode(struct rbuf *r, struct zl_addr *m)
{
	m->op = get_bool(r);
	m->ifindex = rb_u32(r);
	get_str(r, m->ifname, sizeof m->ifname);
	get_prefix(r, &m->addr);
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
zl_tables_encode(struct wbuf *w, const uint32_t *tables, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wb_u32(w, tables[i]);
}

bool
zl_tables_decode(struct rbuf *r, uint32_t *tables, size_t *n)
{
	uint32_t last = 0;

	for (*n = 0; rb_left(r) > 0 && !r->failed; last = tables[(*n)++]) {
		if (*n == ZL_TABLES_MAX) {
			rb_fail(r);
			break;
		}
		tables[*n] = rb_u32(r);
		if (tables[*n] <= last)
			rb_fail(r);
	}
	return !r->failed;
}

void
zl_nexthop_encode(struct wbuf *w, const struct zl_nexthop *m)
{
	put_ip(w, &m->ip);
	wb_u8(w, m->reachable);
	wb_u8(w, m->loose);
	wb_u32(w, m->metric);
}

bool
zl_nexthop_decode(struct rbuf *r, struct zl_nexthop *m)
{
	get_ip(r, &m->ip);
	if (m->ip.len == 0)
		rb_fail(r);
	m->reachable = get_bool(r);
	m->loose = get_bool(r);
	m->metric = rb_u32(r);
	return !r->failed;
}

void
zl_vrf_encode(struct wbuf *w, const struct zl_vrf *m)
{
	wb_u8(w, m->op);
	put_str(w, m->name, sizeof m->name);
	wb_u32(w, m->ifindex);
	wb_u32(w, m->table);
	wb_u8(w, m->up);
}

bool
zl_vrf_decode(struct rbuf *r, struct zl_vrf *m)
{
	m->op = get_bool(r);
	get_str(r, m->name, sizeof m->name);
	m->ifindex = rb_u32(r);
	m->table = rb_u32(r);
	m->up = get_bool(r);
	if (m->name[0] == '\0')
		rb_fail(r);
	return !r->failed;
}

void
zl_route_encode(struct wbuf *w, const struct zl_route *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->flags);
	wb_u32(w, m->table);
	put_prefix(w, &m->prefix);
	wb_u8(w, m->proto);
	wb_u32(w, m->metric);
	put_ip(w, &m->gateway);
	put_str(w, m->ifname, sizeof m->ifname);
}

bool
zl_route_decode(struct rbuf *r, struct zl_route *m)
{
	m->op = get_bool(r);
	m->flags = rb_u8(r);
	m->table = rb_u32(r);
	get_prefix(r, &m->prefix);
	if (m->prefix.ip.len == 0)
		rb_fail(r);
	m->proto = rb_u8(r);
	m->metric = rb_u32(r);
	get_ip(r, &m->gateway);
	get_str(r, m->ifname, sizeof m->ifname);
	return !r->failed;
}

void
zl_finding_encode(struct wbuf *w, const struct zl_finding *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->code);
	put_str(w, m->subject, sizeof m->subject);
	put_vni(w, m->vni);
	put_str(w, m->text, sizeof m->text);
}

bool
zl_finding_decode(struct rbuf *r, struct zl_finding *m)
{
	m->op = get_bool(r);
	m->code = rb_u8(r);
	if (m->code == 0 || m->code >= ZL_FIND_END)
		rb_fail(r);
	get_str(r, m->subject, sizeof m->subject);
	m->vni = rb_u24(r);
	get_str(r, m->text, sizeof m->text);
	return !r->failed;
}

void
zl_counter_encode(struct wbuf *w, const struct zl_counter *m)
{
	put_str(w, m->name, sizeof m->name);
	wb_u64(w, m->n);
}

bool
zl_counter_decode(struct rbuf *r, struct zl_counter *m)
{
	get_str(r, m->name, sizeof m->name);
	m->n = rb_u64(r);
	return !r->failed;
}

void
zl_probe_encode(struct wbuf *w, const struct zl_probe *m)
{
	put_vni(w, m->vni);
	put_ip(w, &m->ip);
	wb_bytes(w, m->mac.b, sizeof m->mac.b);
}

bool
zl_probe_decode(struct rbuf *r, struct zl_probe *m)
{
	m->vni = rb_u24(r);
	get_ip(r, &m->ip);
	if (m->ip.len == 0)
		rb_fail(r);
	rb_copy(r, m->mac.b, sizeof m->mac.b);
	return !r->failed;
}

void
zl_want_head_encode(struct wbuf *w, const struct zl_want_head *m)
{
	wb_u32(w, m->seq);
	wb_u32(w, m->heard);
}

bool
zl_want_head_decode(struct rbuf *r, struct zl_want_head *m)
{
	m->seq = rb_u32(r);
	m->heard = rb_u32(r);
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
