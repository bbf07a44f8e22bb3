/* SPDX-License-Identifier: ISC */
/* The fake kernel: tables, habits, and the data plane's half of zl_proto. */
#include "config.h"

#include "tests/sim/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

struct k_msg {
	struct k_msg *next; /* queue */
	int64_t delay;	    /* microseconds after the one before */
	uint16_t type;	    /* enum zl_type */
	size_t len;	    /* bytes of body */
	uint8_t body[];	    /* encoded */
};

/* --- queues --- */

static void
push(struct kernel *k, struct k_msg **head, struct k_msg **tail, struct loop_timer *t,
    uint16_t type, const void *body, size_t len)
{
	struct k_msg *m = xmalloc(sizeof *m + len);

	*m = (struct k_msg){ .type = type, .len = len };
	m->delay = k->delay ? k->delay(k->delay_arg) : 0;
	if (len)
		memcpy(m->body, body, len);
	if (*head)
		(*tail)->next = m;
	else
		*head = m;
	*tail = m;
	if (!loop_timer_running(t))
		loop_timer_start(k->loop, t, (*head)->delay);
}

static struct k_msg *
pop(struct kernel *k, struct k_msg **head, struct loop_timer *t)
{
	struct k_msg *m = *head;

	if (!m)
		return NULL;
	*head = m->next;
	if (*head)
		loop_timer_start(k->loop, t, (*head)->delay);
	return m;
}

static void
drop_all(struct k_msg **head, struct loop_timer *t)
{
	struct k_msg *m;

	loop_timer_stop(t);
	while ((m = *head) != NULL) {
		*head = m->next;
		free(m);
	}
}

static void
say(struct kernel *k, uint16_t type, const void *body, size_t len)
{
	if (k->deliver)
		push(k, &k->out, &k->out_tail, &k->out_timer, type, body, len);
}

/* --- saying --- */

static void
say_vni(struct kernel *k, const struct zl_vni *v)
{
	uint8_t buf[512];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_vni_encode(&w, v);
	ensure(!w.failed);
	say(k, ZL_VNI, buf, wb_len(&w));
}

static void
say_mac(struct kernel *k, const struct k_fdb *f, enum zl_op op)
{
	struct zl_mac m = { .op = op, .vni = f->vni, .mac = f->mac };
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	if (op == ZL_SET) {
		m.ifindex = f->port;
		snprintf(m.ifname, sizeof m.ifname, "p%u", f->port);
		if (f->owner == K_OPERATOR)
			m.flags |= f->sticky ? ZL_MAC_STICKY : ZL_MAC_STATIC;
	}
	zl_mac_encode(&w, &m);
	ensure(!w.failed);
	say(k, ZL_MAC, buf, wb_len(&w));
}

static void
say_neigh(struct kernel *k, const struct k_neigh *n, enum zl_op op)
{
	struct zl_neigh z = { .op = op, .vni = n->vni, .ip = n->ip };
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	if (op == ZL_SET) {
		z.mac = n->mac;
		if (n->owner == K_OPERATOR)
			z.flags |= n->svi ? ZL_NEIGH_SVI : ZL_NEIGH_STATIC;
	}
	zl_neigh_encode(&w, &z);
	ensure(!w.failed);
	say(k, ZL_NEIGH, buf, wb_len(&w));
}

static void
say_lost(struct kernel *k, const struct zl_want *lost)
{
	uint8_t buf[128];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_want_encode(&w, lost);
	ensure(!w.failed);
	say(k, ZL_LOST, buf, wb_len(&w));
}

/* --- tables: small arrays, looked through --- */

static struct zl_vni *
vni_find(const struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = 0; i < k->nvnis; i++)
		if (k->vnis[i].vni == vni)
			return &k->vnis[i];
	return NULL;
}

static bool
vni_up(const struct kernel *k, uint32_t vni)
{
	const struct zl_vni *v = vni_find(k, vni);

	return v && v->flags & ZL_VNI_UP;
}

static struct k_fdb *
fdb_find(const struct kernel *k, uint32_t vni, struct mac mac)
{
	size_t i;

	for (i = 0; i < k->nfdb; i++)
		if (k->fdb[i].vni == vni && mac_equal(k->fdb[i].mac, mac))
			return &k->fdb[i];
	return NULL;
}

const struct k_fdb *
kernel_fdb_find(const struct kernel *k, uint32_t vni, struct mac mac)
{
	return fdb_find(k, vni, mac);
}

static struct k_fdb *
fdb_get(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = fdb_find(k, vni, mac);

	if (f)
		return f;
	k->fdb = xrealloc(k->fdb, (k->nfdb + 1) * sizeof *k->fdb);
	f = &k->fdb[k->nfdb++];
	*f = (struct k_fdb){ .vni = vni, .mac = mac };
	return f;
}

static void
fdb_remove(struct kernel *k, struct k_fdb *f)
{
	*f = k->fdb[--k->nfdb];
}

static struct k_neigh *
neigh_lookup(const struct kernel *k, uint32_t vni, struct ip ip)
{
	size_t i;

	for (i = 0; i < k->nneigh; i++)
		if (k->neigh[i].vni == vni && ip_equal(k->neigh[i].ip, ip))
			return &k->neigh[i];
	return NULL;
}

const struct k_neigh *
kernel_neigh_find(const struct kernel *k, uint32_t vni, struct ip ip)
{
	return neigh_lookup(k, vni, ip);
}

static struct k_neigh *
neigh_make(struct kernel *k, uint32_t vni, struct ip ip)
{
	struct k_neigh *n = neigh_lookup(k, vni, ip);

	if (n)
		return n;
	k->neigh = xrealloc(k->neigh, (k->nneigh + 1) * sizeof *k->neigh);
	n = &k->neigh[k->nneigh++];
	*n = (struct k_neigh){ .vni = vni, .ip = ip };
	return n;
}

static struct k_flood *
flood_lookup(const struct kernel *k, uint32_t vni, struct ip vtep)
{
	size_t i;

	for (i = 0; i < k->nflood; i++)
		if (k->flood[i].vni == vni && ip_equal(k->flood[i].vtep, vtep))
			return &k->flood[i];
	return NULL;
}

bool
kernel_floods_to(const struct kernel *k, uint32_t vni, struct ip vtep)
{
	return flood_lookup(k, vni, vtep) != NULL;
}

/* --- traffic --- */

void
kernel_frame(struct kernel *k, uint32_t vni, struct mac src, uint32_t port)
{
	struct k_fdb *f;

	if (!vni_up(k, vni))
		return;
	f = fdb_get(k, vni, src);
	if (f->owner == K_OPERATOR || (f->owner == K_OURS && f->sticky))
		return;
	if (f->owner == K_LEARNT && f->port == port)
		return;
	*f = (struct k_fdb){ .vni = vni, .mac = src, .owner = K_LEARNT, .port = port };
	say_mac(k, f, ZL_SET);
}

void
kernel_age(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = fdb_find(k, vni, mac);

	if (!f || f->owner != K_LEARNT)
		return;
	say_mac(k, f, ZL_DEL);
	fdb_remove(k, f);
}

void
kernel_arp(struct kernel *k, uint32_t vni, struct ip ip, struct mac mac)
{
	const struct zl_vni *v = vni_find(k, vni);
	struct k_neigh *n;

	if (!vni_up(k, vni) || v->svi_ifindex == 0)
		return;
	n = neigh_make(k, vni, ip);
	if (n->owner == K_OPERATOR || n->owner == K_OURS) /* NUD_NOARP, NUD_PERMANENT */
		return;
	if (n->owner == K_LEARNT && mac_equal(n->mac, mac))
		return;
	n->owner = K_LEARNT;
	n->mac = mac;
	say_neigh(k, n, ZL_SET);
}

/* --- the operator --- */

struct zl_vni
kernel_vni_of(uint32_t vni, struct ip local)
{
	struct zl_vni v = { .vni = vni,
		.flags = ZL_VNI_UP,
		.local = local,
		.vxlan_ifindex = 1000 + vni,
		.bridge_ifindex = 2000 + vni,
		.svi_ifindex = 2000 + vni,
		.dstport = 4789 };

	snprintf(v.vxlan, sizeof v.vxlan, "vxlan%u", vni);
	snprintf(v.bridge, sizeof v.bridge, "br%u", vni);
	snprintf(v.svi, sizeof v.svi, "br%u", vni);
	v.svi_mac =
	    (struct mac){ { 0x02, 0xff, 0, 0, (uint8_t)(vni >> 8), (uint8_t)vni } };
	return v;
}

/* A bridge port that goes down takes what it learnt along. */
static void
flush_learnt(struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].vni == vni && k->fdb[i].owner == K_LEARNT)
			fdb_remove(k, &k->fdb[i]);
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].vni == vni && k->neigh[i].owner == K_LEARNT)
			k->neigh[i] = k->neigh[--k->nneigh];
}

/* Learnt and operator's entries of one VNI. */
static void
say_locals(struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = 0; i < k->nfdb; i++)
		if (k->fdb[i].vni == vni && k->fdb[i].owner != K_OURS)
			say_mac(k, &k->fdb[i], ZL_SET);
	for (i = 0; i < k->nneigh; i++)
		if (k->neigh[i].vni == vni && k->neigh[i].owner != K_OURS)
			say_neigh(k, &k->neigh[i], ZL_SET);
}

void
kernel_vni(struct kernel *k, const struct zl_vni *v)
{
	struct zl_vni *have = vni_find(k, v->vni);
	bool was_up = have && have->flags & ZL_VNI_UP;

	if (!have) {
		k->vnis = xrealloc(k->vnis, (k->nvnis + 1) * sizeof *k->vnis);
		have = &k->vnis[k->nvnis++];
	}
	*have = *v;
	if (was_up && !(v->flags & ZL_VNI_UP))
		flush_learnt(k, v->vni);
	say_vni(k, v);
	if (!was_up && v->flags & ZL_VNI_UP)
		say_locals(k, v->vni);
}

void
kernel_vni_gone(struct kernel *k, uint32_t vni)
{
	struct zl_vni *have = vni_find(k, vni),
		      gone = { .vni = vni, .flags = ZL_VNI_GONE };
	size_t i;

	if (!have)
		return;
	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].vni == vni)
			fdb_remove(k, &k->fdb[i]);
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].vni == vni)
			k->neigh[i] = k->neigh[--k->nneigh];
	for (i = k->nflood; i-- > 0;)
		if (k->flood[i].vni == vni)
			k->flood[i] = k->flood[--k->nflood];
	*have = k->vnis[--k->nvnis];
	say_vni(k, &gone);
}

void
kernel_static(struct kernel *k, uint32_t vni, struct mac mac, uint32_t port, bool sticky)
{
	struct k_fdb *f = fdb_get(k, vni, mac);
	struct zl_want lost = {
		.kind = ZL_KIND_MAC, .vni = vni, .mac = mac, .vtep = f->vtep
	};
	bool ours = f->owner == K_OURS;

	*f = (struct k_fdb){ .vni = vni,
		.mac = mac,
		.owner = K_OPERATOR,
		.port = port,
		.sticky = sticky };
	if (ours)
		say_lost(k, &lost);
	say_mac(k, f, ZL_SET);
}

void
kernel_fdb_del(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = fdb_find(k, vni, mac);
	struct zl_want lost = { .kind = ZL_KIND_MAC, .vni = vni, .mac = mac };

	if (!f)
		return;
	lost.vtep = f->vtep;
	if (f->owner == K_OURS)
		say_lost(k, &lost);
	else
		say_mac(k, f, ZL_DEL);
	fdb_remove(k, f);
}

void
kernel_neigh_static(
    struct kernel *k, uint32_t vni, struct ip ip, struct mac mac, bool svi)
{
	struct k_neigh *n = neigh_make(k, vni, ip);
	struct zl_want lost = {
		.kind = ZL_KIND_NEIGH, .vni = vni, .ip = ip, .mac = n->mac
	};
	bool ours = n->owner == K_OURS;

	*n = (struct k_neigh){
		.vni = vni, .ip = ip, .owner = K_OPERATOR, .mac = mac, .svi = svi
	};
	if (ours)
		say_lost(k, &lost);
	say_neigh(k, n, ZL_SET);
}

void
kernel_neigh_del(struct kernel *k, uint32_t vni, struct ip ip)
{
	struct k_neigh *n = neigh_lookup(k, vni, ip);
	struct zl_want lost = { .kind = ZL_KIND_NEIGH, .vni = vni, .ip = ip };

	if (!n)
		return;
	lost.mac = n->mac;
	if (n->owner == K_OURS)
		say_lost(k, &lost);
	else
		say_neigh(k, n, ZL_DEL);
	*n = k->neigh[--k->nneigh];
}

/* --- wanted state --- */

/* What a record leaves to be said after the result of its frame. */
struct aftermath {
	struct k_fdb *macs; /* taken over, owned */
	size_t nmacs;
	struct k_neigh *neighs; /* likewise */
	size_t nneighs;
};

static int
want_flood(struct kernel *k, const struct zl_want *w)
{
	struct k_flood *f = flood_lookup(k, w->vni, w->vtep);

	if (w->op == ZL_DEL) {
		if (f)
			*f = k->flood[--k->nflood];
		return 0;
	}
	if (!vni_up(k, w->vni))
		return ENODEV;
	if (!f) {
		k->flood = xrealloc(k->flood, (k->nflood + 1) * sizeof *k->flood);
		f = &k->flood[k->nflood++];
	}
	*f = (struct k_flood){ .vni = w->vni, .vtep = w->vtep };
	return 0;
}

static int
want_mac(struct kernel *k, const struct zl_want *w, struct aftermath *after)
{
	struct k_fdb *f = fdb_find(k, w->vni, w->mac);

	if (w->op == ZL_DEL) {
		if (f && f->owner == K_OURS)
			fdb_remove(k, f);
		return 0;
	}
	if (!vni_up(k, w->vni))
		return ENODEV;
	if (f && f->owner == K_OPERATOR)
		return EEXIST;
	if (f && f->owner == K_LEARNT) {
		after->macs =
		    xrealloc(after->macs, (after->nmacs + 1) * sizeof *after->macs);
		after->macs[after->nmacs++] = *f;
	}
	f = fdb_get(k, w->vni, w->mac);
	*f = (struct k_fdb){ .vni = w->vni,
		.mac = w->mac,
		.owner = K_OURS,
		.vtep = w->vtep,
		.sticky = w->flags & ZL_F_STICKY };
	return 0;
}

static int
want_neigh(struct kernel *k, const struct zl_want *w, struct aftermath *after)
{
	struct k_neigh *n = neigh_lookup(k, w->vni, w->ip);

	if (w->op == ZL_DEL) {
		if (n && n->owner == K_OURS)
			*n = k->neigh[--k->nneigh];
		return 0;
	}
	if (!vni_up(k, w->vni) || vni_find(k, w->vni)->svi_ifindex == 0)
		return ENODEV;
	if (n && n->owner == K_OPERATOR)
		return EEXIST;
	if (n && n->owner == K_LEARNT) {
		after->neighs =
		    xrealloc(after->neighs, (after->nneighs + 1) * sizeof *after->neighs);
		after->neighs[after->nneighs++] = *n;
	}
	n = neigh_make(k, w->vni, w->ip);
	*n = (struct k_neigh){ .vni = w->vni,
		.ip = w->ip,
		.owner = K_OURS,
		.mac = w->mac,
		.router = w->flags & ZL_F_ROUTER };
	return 0;
}

static int
want_one(struct kernel *k, const struct zl_want *w, struct aftermath *after)
{
	k->wants++;
	if (w->op == ZL_SET)
		k->sets++;
	else
		k->dels++;
	if (w->op == ZL_SET && k->fail_count) {
		k->fail_count--;
		return k->fail_errno;
	}
	switch (w->kind) {
	case ZL_KIND_FLOOD:
		return want_flood(k, w);
	case ZL_KIND_MAC:
		return want_mac(k, w, after);
	default:
		return want_neigh(k, w, after);
	}
}

static void
say_aftermath(struct kernel *k, struct aftermath *a)
{
	size_t i;

	for (i = 0; i < a->nmacs; i++)
		say_mac(k, &a->macs[i], ZL_DEL);
	for (i = 0; i < a->nneighs; i++)
		say_neigh(k, &a->neighs[i], ZL_DEL);
	free(a->macs);
	free(a->neighs);
}

static void
on_want(struct kernel *k, const struct k_msg *m)
{
	struct rbuf r = rb_init(m->body, m->len);
	struct zl_result res = { .seq = rb_u32(&r) };
	struct zl_failure *fails = xcalloc(ZL_WANT_MAX, sizeof *fails);
	uint8_t *buf = xmalloc(ZL_MSG_MAX);
	struct wbuf w = wb_init(buf, ZL_MSG_MAX);
	struct aftermath after = { 0 };
	struct zl_want rec;
	unsigned n = 0, i;

	for (n = 0; rb_left(&r) > 0 && n < ZL_WANT_MAX; n++) {
		int error;

		if (!zl_want_decode(&r, &rec))
			break;
		error = want_one(k, &rec, &after);
		if (error) {
			struct zl_failure *f = &fails[res.nfailures++];

			f->index = (uint16_t)n;
			f->error = error;
			snprintf(f->text, sizeof f->text, "fake: %s", strerror(error));
		}
	}
	if (!rb_done(&r) || n == 0 || (k->last_seq && res.seq != k->last_seq + 1))
		k->malformed = true;
	k->last_seq = res.seq;
	zl_result_encode(&w, &res);
	for (i = 0; i < res.nfailures; i++)
		zl_failure_encode(&w, &fails[i]);
	ensure(!w.failed);
	say(k, ZL_RESULT, buf, wb_len(&w));
	say_aftermath(k, &after);
	free(fails);
	free(buf);
}

static void
on_sync_end(struct kernel *k, const struct k_msg *m)
{
	struct rbuf r = rb_init(m->body, m->len);
	size_t i;

	if (rb_u32(&r) != k->epoch || !rb_done(&r))
		return;
	k->syncs++;
	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].stale) {
			fdb_remove(k, &k->fdb[i]);
			k->swept++;
		}
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].stale) {
			k->neigh[i] = k->neigh[--k->nneigh];
			k->swept++;
		}
	for (i = k->nflood; i-- > 0;)
		if (k->flood[i].stale) {
			k->flood[i] = k->flood[--k->nflood];
			k->swept++;
		}
}

/* --- life --- */

static void
say_everything(struct kernel *k)
{
	uint8_t epoch[4];
	struct wbuf w;
	size_t i;

	for (i = 0; i < k->nfdb; i++)
		k->fdb[i].stale = k->fdb[i].owner == K_OURS;
	for (i = 0; i < k->nneigh; i++)
		k->neigh[i].stale = k->neigh[i].owner == K_OURS;
	for (i = 0; i < k->nflood; i++)
		k->flood[i].stale = true;
	w = wb_init(epoch, sizeof epoch);
	wb_u32(&w, ++k->epoch);
	say(k, ZL_OBSERVED_BEGIN, epoch, sizeof epoch);
	for (i = 0; i < k->nvnis; i++) {
		say_vni(k, &k->vnis[i]);
		if (k->vnis[i].flags & ZL_VNI_UP)
			say_locals(k, k->vnis[i].vni);
	}
	say(k, ZL_OBSERVED_END, NULL, 0);
}

static void
in_due(struct loop_timer *t)
{
	struct kernel *k = container_of(t, struct kernel, in_timer);
	struct k_msg *m = pop(k, &k->in, t);

	switch (m->type) {
	case ZL_WANT:
		on_want(k, m);
		break;
	case ZL_SYNC_END:
		on_sync_end(k, m);
		break;
	case ZL_RESYNC:
		say_everything(k);
		break;
	default:
		k->malformed = true;
	}
	free(m);
	if (k->refused) {
		k->refused = false;
		if (k->drained)
			k->drained(k->drained_arg);
	}
}

static void
out_due(struct loop_timer *t)
{
	struct kernel *k = container_of(t, struct kernel, out_timer);
	struct k_msg *m = pop(k, &k->out, t);

	if (k->deliver && !k->deliver(k->deliver_arg, m->type, m->body, m->len))
		k->malformed = true;
	free(m);
}

bool
kernel_send(void *kernel, uint16_t type, const void *body, size_t len)
{
	struct kernel *k = kernel;
	const struct k_msg *m;
	size_t n = 0;

	for (m = k->in; m; m = m->next)
		n++;
	if (k->queue_max && n >= k->queue_max) {
		k->refused = true;
		return false;
	}
	push(k, &k->in, &k->in_tail, &k->in_timer, type, body, len);
	return true;
}

void
kernel_attach(struct kernel *k)
{
	drop_all(&k->in, &k->in_timer);
	drop_all(&k->out, &k->out_timer);
	k->refused = false;
	k->last_seq = 0;
	say_everything(k);
}

void
kernel_detach(struct kernel *k)
{
	drop_all(&k->in, &k->in_timer);
	drop_all(&k->out, &k->out_timer);
	k->deliver = NULL;
}

bool
kernel_idle(const struct kernel *k)
{
	return !k->in && !k->out;
}

void
kernel_init(struct kernel *k, struct loop *l)
{
	*k = (struct kernel){ .loop = l };
	loop_timer_init(&k->in_timer, in_due);
	loop_timer_init(&k->out_timer, out_due);
}

void
kernel_fini(struct kernel *k)
{
	drop_all(&k->in, &k->in_timer);
	drop_all(&k->out, &k->out_timer);
	free(k->vnis);
	free(k->fdb);
	free(k->flood);
	free(k->neigh);
}

/* --- text --- */

static int
cmp_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
fdb_line(const struct k_fdb *f)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], where[64];

	if (f->owner == K_OURS)
		snprintf(where, sizeof where, "via %s%s", ip_format(f->vtep, ip),
		    f->sticky ? " sticky" : "");
	else
		snprintf(where, sizeof where, "port p%u%s%s", f->port,
		    f->owner == K_OPERATOR ? " static" : "", f->sticky ? " sticky" : "");
	return xasprintf("fdb %u %s %s%s\n", f->vni, mac_format(f->mac, mac), where,
	    f->stale ? " stale" : "");
}

static char *
neigh_line(const struct k_neigh *n)
{
	static const char *const owners[] = { "", "learnt", "static", "remote" };
	char mac[MAC_STRLEN], ip[IP_STRLEN];

	return xasprintf("neigh %u %s %s %s%s\n", n->vni, ip_format(n->ip, ip),
	    mac_format(n->mac, mac), n->svi ? "svi" : owners[n->owner],
	    n->stale ? " stale" : "");
}

void
kernel_dump(const struct kernel *k, struct strbuf *out)
{
	size_t n = k->nfdb + k->nneigh + k->nflood, i, at = 0;
	char **lines = xcalloc(n + 1, sizeof *lines), ip[IP_STRLEN];

	for (i = 0; i < k->nfdb; i++)
		lines[at++] = fdb_line(&k->fdb[i]);
	for (i = 0; i < k->nneigh; i++)
		lines[at++] = neigh_line(&k->neigh[i]);
	for (i = 0; i < k->nflood; i++)
		lines[at++] = xasprintf("flood %u %s%s\n", k->flood[i].vni,
		    ip_format(k->flood[i].vtep, ip), k->flood[i].stale ? " stale" : "");
	qsort(lines, n, sizeof *lines, cmp_line);
	for (i = 0; i < n; i++) {
		strbuf_put(out, lines[i]);
		free(lines[i]);
	}
	free(lines);
}
