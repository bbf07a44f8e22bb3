/* SPDX-License-Identifier: ISC */
/* tests/unit/bgp_world.c: speakers on socket pairs and a virtual clock. */
#include "config.h"

#include "tests/unit/bgp_world.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/afi.h"
#include "lib/hash.h"
#include "lib/util.h"

struct call {
	struct call *next;
	struct node *to;
	struct ip from;
	int fd;
};

static bool
deliver(struct loop_work *work)
{
	struct world *w = container_of(work, struct world, deliver);
	struct call *c = w->calls;

	if (!c)
		return false;
	w->calls = c->next;
	if (c->to->b) {
		bgp_incoming(c->to->b, c->fd, c->from);
	} else {
		if (c->to->fd >= 0)
			close(c->to->fd);
		c->to->fd = c->fd;
	}
	free(c);
	return w->calls != NULL;
}

static void
call(struct node *to, struct ip from, int fd)
{
	struct call *c = xcalloc(1, sizeof *c), **at = &to->w->calls;

	*c = (struct call){ NULL, to, from, fd };
	while (*at)
		at = &(*at)->next;
	*at = c;
	loop_work_queue(to->w->l, &to->w->deliver);
}

static int
connect_pair(struct node *from, struct node *to)
{
	int fd[2];

	ck_assert_int_eq(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	call(to, from->addr, fd[1]);
	return fd[0];
}

static int
on_connect(void *arg, const struct peer_conf *pc, const struct bgp_conn *c)
{
	struct node *n = arg;

	(void)c;
	for (int i = 0; i < n->w->nnodes; i++) {
		struct node *to = &n->w->nodes[i];

		if (!ip_equal(to->addr, pc->addr))
			continue;
		to->connects++;
		return to->refuse ? -ECONNREFUSED : connect_pair(n, to);
	}
	return -EHOSTUNREACH;
}

static void
on_peer(struct peer *p, void *arg)
{
	struct node *n = arg;

	if (p->up)
		n->ups++;
	else
		n->downs++;
}

void
world_init(struct world *w, uint64_t seed)
{
	memset(w, 0, sizeof *w);
	hash_seed_fixed(seed, 42);
	w->l = loop_new_sim(seed);
	loop_work_init(&w->deliver, LOOP_PRIO_CONTROL, deliver);
}

void
world_fini(struct world *w)
{
	for (int i = 0; i < w->nnodes; i++)
		node_kill(&w->nodes[i]);
	loop_work_cancel(&w->deliver);
	while (w->calls) {
		struct call *c = w->calls;

		w->calls = c->next;
		close(c->fd);
		free(c);
	}
	loop_free(w->l);
}

void
world_run(struct world *w, double seconds)
{
	loop_run_until(w->l, mono_add(loop_now(w->l), (int64_t)(seconds * 1e6)));
}

struct node *
node_new_raw(struct world *w, uint8_t n)
{
	struct node *node = &w->nodes[w->nnodes++];

	node->w = w;
	node->addr = ip_v4(0x0a000000u + n);
	node->fd = -1;
	return node;
}

void
node_revive(struct node *n)
{
	struct bgp_ops ops = { .connect = on_connect, .arg = n };

	n->b = bgp_new(n->w->l, &ops);
	bgp_on_peer_state(n->b, on_peer, n);
}

struct node *
node_new(struct world *w, uint8_t i, uint32_t as)
{
	struct node *n = node_new_raw(w, i);

	n->draft.c = (struct bgp_conf){
		.enabled = true,
		.as = as,
		.router_id = 0x0a000000u + i,
		.client_to_client = true,
		.log_neighbor_changes = true,
		.default_local_pref = 100,
		.hold = 9,
		.keepalive = 3,
		.connect_retry = 10,
		.gr_restart_time = 120,
		.gr_stalepath_time = 360,
		.listen_limit = 100,
	};
	node_revive(n);
	return n;
}

struct peer_conf *
node_add_peer(struct node *n, const struct node *other, uint32_t as)
{
	struct peer_conf *p = &n->draft.peers[n->draft.c.npeers++];

	*p = (struct peer_conf){
		.addr = other->addr,
		.remote_as_type = REMOTE_AS_NUMBER,
		.remote_as = as,
		.port = 179,
		.hold = 9,
		.keepalive = 3,
		.connect_retry = 10,
		.evpn = { .activate = true,
		    .max_prefix_threshold = 75,
		    .route_types = ~0u },
	};
	return p;
}

void
node_apply(struct node *n)
{
	struct node_conf *was = n->conf;

	n->conf = xmemdup(&n->draft, sizeof n->draft);
	n->conf->c.peers = n->conf->peers;
	n->conf->c.templates = n->conf->templates;
	n->conf->c.ranges = n->conf->ranges;
	bgp_apply(n->b, &n->conf->c);
	free(was);
}

void
node_kill(struct node *n)
{
	bgp_free(n->b);
	n->b = NULL;
	free(n->conf);
	n->conf = NULL;
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

static void
ignore(void *arg)
{
	(void)arg;
}

void
node_drop(struct node *n)
{
	bgp_shutdown(n->b, true, ignore, NULL);
	node_kill(n);
}

struct peer *
node_peer(struct node *n, const struct node *other)
{
	return bgp_peer_find(n->b, other->addr);
}

bool
node_up(struct node *n, const struct node *other)
{
	struct peer *p = node_peer(n, other);

	return p && peer_state(p) == FSM_ESTABLISHED;
}

void
node_link(struct node *a, uint32_t as_a, struct node *b, uint32_t as_b)
{
	node_add_peer(a, b, as_b);
	node_add_peer(b, a, as_a);
}

/* Routes. */

void
route_key(unsigned i, struct rib_key *k)
{
	struct evpn_nlri n = {
		.type = EVPN_MACIP,
		.rd = rd_from_ip(0x0a000001, 100),
		.mac = { { 2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } },
		.ip = ip_v4(0x0b000000u + i),
		.nlabels = 1,
	};

	evpn_nlri_key(&n, k);
}

void
node_originate(struct node *n, unsigned i, int seq)
{
	struct ecom ecoms[3] = {
		rt_from_as(65000, 100),
		{ { 3, 0x0c, 0, 0, 0, 0, 0, 8 } },
		{ { 6, 0, 0, 0, 0, 0, 0, (uint8_t)seq } },
	};
	struct attrs a = {
		.has = HAS_ORIGIN | HAS_AS_PATH | HAS_NEXT_HOP,
		.nexthop = n->addr,
		.necoms = seq < 0 ? 2 : 3,
		.ecoms = ecoms,
	};
	struct rib_path_in in = { .label = { 100 }, .nlabels = 1 };
	struct rib_key k;

	route_key(i, &k);
	in.attrs = attrset_intern(bgp_attrtab(n->b), &a);
	rib_update(bgp_rib(n->b), &k, 0, &in);
}

void
node_withdraw(struct node *n, unsigned i)
{
	struct rib_key k;

	route_key(i, &k);
	ck_assert(rib_withdraw(bgp_rib(n->b), &k, 0));
}

bool
node_has(struct node *n, unsigned i)
{
	struct rib_key k;

	route_key(i, &k);
	return rib_find(bgp_rib(n->b), &k) != 0;
}

const struct rib_path *
node_path(struct node *n, unsigned i, struct peer *from)
{
	struct rib_key k;
	uint32_t h;
	uint16_t idx;

	route_key(i, &k);
	h = rib_find(bgp_rib(n->b), &k);
	idx = from->af[AFI_SAFI_EVPN].rib_idx;
	return h && idx ? rib_path_of(bgp_rib(n->b), rib_route(bgp_rib(n->b), h), idx)
			: NULL;
}

const struct attrset *
node_attrs(struct node *n, unsigned i)
{
	struct rib_key k;
	uint32_t h;
	const struct rib_path *p;

	route_key(i, &k);
	h = rib_find(bgp_rib(n->b), &k);
	p = h ? rib_best(rib_route(bgp_rib(n->b), h)) : NULL;
	return p ? attrset_get(bgp_attrtab(n->b), p->attrs) : NULL;
}

/* Raw nodes. */

void
raw_connect(struct node *raw, struct node *n)
{
	if (raw->fd >= 0)
		close(raw->fd);
	raw->fd = connect_pair(raw, n);
}

void
raw_write(struct node *raw, const void *p, size_t n)
{
	ck_assert_int_eq(send(raw->fd, p, n, MSG_NOSIGNAL), n);
}

void
raw_open(struct node *raw, uint32_t as, uint32_t id, uint16_t hold, uint32_t has)
{
	uint8_t msg[MSG_MAX];
	struct wbuf w = wb_init(msg, sizeof msg);
	struct open_msg o = {
		.version = 4, .as = as, .id = id, .hold = hold, .has = has
	};

	if (has & OPEN_MP)
		open_add_family(&o.mp, AFI_L2VPN, SAFI_EVPN, 0);
	if (has & OPEN_GR) {
		o.gr_time = 30;
		open_add_family(&o.gr, AFI_L2VPN, SAFI_EVPN, OPEN_GR_FORWARDING);
	}
	open_encode(&w, &o);
	raw_write(raw, msg, wb_len(&w));
}

void
raw_keepalive(struct node *raw)
{
	uint8_t msg[MSG_HEADER_LEN];
	struct wbuf w = wb_init(msg, sizeof msg);

	msg_keepalive(&w);
	raw_write(raw, msg, sizeof msg);
}

static int
recv_all(int fd, uint8_t *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = recv(fd, p + got, n - got, MSG_DONTWAIT);

		if (r == 0 || (r < 0 && errno == ECONNRESET))
			return 0;
		if (r < 0)
			return -1;
		got += (size_t)r;
	}
	return (int)got;
}

int
raw_read(struct node *raw, uint8_t buf[MSG_MAX_EXTENDED])
{
	for (;;) {
		int r;
		size_t len;

		if (raw->fd < 0)
			return -1;
		r = recv_all(raw->fd, buf, MSG_HEADER_LEN);
		if (r <= 0)
			return r;
		len = (size_t)(buf[16] << 8 | buf[17]);
		ck_assert_uint_ge(len, MSG_HEADER_LEN);
		if (len > MSG_HEADER_LEN)
			ck_assert_int_gt(
			    recv_all(raw->fd, buf + MSG_HEADER_LEN, len - MSG_HEADER_LEN),
			    0);
		if (buf[18] != MSG_KEEPALIVE)
			return (int)len;
	}
}

void
raw_establish(struct node *raw, struct node *n, uint32_t as, uint32_t has)
{
	uint8_t buf[MSG_MAX_EXTENDED];

	raw_connect(raw, n);
	world_run(raw->w, 0.1);
	ck_assert_int_gt(raw_read(raw, buf), 0);
	ck_assert_int_eq(buf[18], MSG_OPEN);
	raw_open(raw, as, ip_v4_host(raw->addr), 90, has | OPEN_MP | OPEN_AS4);
	raw_keepalive(raw);
	world_run(raw->w, 0.1);
	ck_assert(node_up(n, raw));
}

int
raw_notification(struct node *raw, uint8_t *data, size_t *len)
{
	uint8_t buf[MSG_MAX_EXTENDED];
	int r;

	while ((r = raw_read(raw, buf)) > 0) {
		if (buf[18] != MSG_NOTIFICATION)
			continue;
		if (data) {
			*len = MIN((size_t)r - 21, (size_t)64);
			memcpy(data, buf + 21, *len);
		}
		return buf[19] << 8 | buf[20];
	}
	return r == 0 ? -1 : 0;
}
