/* SPDX-License-Identifier: ISC */
/* The data plane's half of zl_proto: messages in both directions, with delays, and wanted records. */
#include "config.h"

#include "tests/sim/kernel_priv.h"

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

void
k_say(struct kernel *k, uint16_t type, const void *body, size_t len)
{
	if (k->deliver)
		push(k, &k->out, &k->out_tail, &k->out_timer, type, body, len);
}

/* --- saying --- */

void
k_say_vni(struct kernel *k, const struct zl_vni *v)
{
	uint8_t buf[512];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_vni_encode(&w, v);
	ensure(!w.failed);
	k_say(k, ZL_VNI, buf, wb_len(&w));
}

void
k_say_mac(struct kernel *k, struct k_fdb *f, enum zl_op op)
{
	struct zl_mac m = { .op = (uint8_t)op, .vni = f->vni, .mac = f->mac };
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	if (op == ZL_SET) {
		m.ifindex = f->port;
		snprintf(m.ifname, sizeof m.ifname, "p%u", f->port);
		if (f->gateway)
			m.flags |= ZL_MAC_SVI | ZL_MAC_GATEWAY;
		else if (f->owner == K_OPERATOR)
			m.flags |= f->sticky ? ZL_MAC_STICKY : ZL_MAC_STATIC;
	}
	zl_mac_encode(&w, &m);
	ensure(!w.failed);
	k_say(k, ZL_MAC, buf, wb_len(&w));
	f->said = k->deliver ? ++k->said : k->said;
}

void
k_say_neigh(struct kernel *k, struct k_neigh *n, enum zl_op op)
{
	struct zl_neigh z = { .op = (uint8_t)op, .vni = n->vni, .ip = n->ip };
	uint8_t buf[64];
	struct wbuf w = wb_init(buf, sizeof buf);

	if (op == ZL_SET) {
		z.mac = n->mac;
		if (n->owner == K_OPERATOR)
			z.flags |= n->svi ? ZL_NEIGH_SVI : ZL_NEIGH_STATIC;
		if (n->gateway)
			z.flags |= ZL_NEIGH_GATEWAY;
		if (n->owner == K_LEARNT && n->unsure)
			z.flags |= ZL_NEIGH_STALE;
	}
	zl_neigh_encode(&w, &z);
	ensure(!w.failed);
	k_say(k, ZL_NEIGH, buf, wb_len(&w));
	n->said = k->deliver ? ++k->said : k->said;
}

void
k_say_lost(struct kernel *k, const struct zl_want *lost)
{
	uint8_t buf[256];
	struct wbuf w = wb_init(buf, sizeof buf);

	zl_want_encode(&w, lost);
	ensure(!w.failed);
	k_say(k, ZL_LOST, buf, wb_len(&w));
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
	struct k_flood *f = k_flood_find(k, w->vni, w->vtep);

	if (w->op == ZL_DEL) {
		if (f)
			*f = k->flood[--k->nflood];
		return 0;
	}
	if (!k_vni_up(k, w->vni))
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
	struct k_fdb *f = k_fdb_find(k, w->vni, w->mac);

	if (w->op == ZL_DEL) {
		if (f && f->owner == K_OURS)
			k_fdb_remove(k, f);
		return 0;
	}
	if (!k_vni_up(k, w->vni))
		return ENODEV;
	if (f && f->owner == K_OPERATOR)
		return EEXIST;
	if (f && f->owner == K_LEARNT && f->said > k->heard)
		return ESTALE;
	if (f && f->owner == K_LEARNT) {
		after->macs =
		    xrealloc(after->macs, (after->nmacs + 1) * sizeof *after->macs);
		after->macs[after->nmacs++] = *f;
	}
	f = k_fdb_get(k, w->vni, w->mac);
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
	struct k_neigh *n = k_neigh_find(k, w->vni, w->ip);

	if (w->op == ZL_DEL) {
		if (n && n->owner == K_OURS)
			*n = k->neigh[--k->nneigh];
		return 0;
	}
	if (!k_vni_up(k, w->vni) || k_vni_find(k, w->vni)->svi_ifindex == 0)
		return ENODEV;
	if (n && n->owner == K_OPERATOR)
		return EEXIST;
	if (n && n->owner == K_LEARNT && n->said > k->heard)
		return ESTALE;
	if (n && n->owner == K_LEARNT) {
		after->neighs =
		    xrealloc(after->neighs, (after->nneighs + 1) * sizeof *after->neighs);
		after->neighs[after->nneighs++] = *n;
	}
	n = k_neigh_get(k, w->vni, w->ip);
	*n = (struct k_neigh){ .vni = w->vni,
		.ip = w->ip,
		.owner = K_OURS,
		.mac = w->mac,
		.router = w->flags & ZL_F_ROUTER };
	k->told += (w->flags & ZL_F_MOVED) != 0;
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
	case ZL_KIND_NEIGH:
		return want_neigh(k, w, after);
	default:
		return k_want_l3(k, w);
	}
}

static void
say_aftermath(struct kernel *k, struct aftermath *a)
{
	size_t i;

	for (i = 0; i < a->nmacs; i++)
		k_say_mac(k, &a->macs[i], ZL_DEL);
	for (i = 0; i < a->nneighs; i++)
		k_say_neigh(k, &a->neighs[i], ZL_DEL);
	free(a->macs);
	free(a->neighs);
}

static void
on_want(struct kernel *k, const struct k_msg *m)
{
	struct rbuf r = rb_init(m->body, m->len);
	struct zl_want_head head;
	struct zl_result res;
	struct zl_failure *fails = xcalloc(ZL_WANT_MAX, sizeof *fails);
	uint8_t *buf = xmalloc(ZL_MSG_MAX);
	struct wbuf w = wb_init(buf, ZL_MSG_MAX);
	struct aftermath after = { 0 };
	struct zl_want rec;
	unsigned n = 0, i;

	zl_want_head_decode(&r, &head);
	res = (struct zl_result){ .seq = head.seq };
	k->heard = head.heard;
	for (n = 0; rb_left(&r) > 0 && n < ZL_WANT_MAX; n++) {
		int error;

		if (!zl_want_decode(&r, &rec))
			break;
		error = want_one(k, &rec, &after);
		k->late += error == ESTALE;
		if (error) {
			struct zl_failure *f = &fails[res.nfailures++];

			f->index = (uint16_t)n;
			f->error = error;
			snprintf(f->text, sizeof f->text, "fake: %s", strerror(error));
		}
	}
	if (!rb_done(&r) || n == 0 || k->heard > k->said ||
	    (k->last_seq && res.seq != k->last_seq + 1))
		k->malformed = true;
	k->last_seq = res.seq;
	zl_result_encode(&w, &res);
	for (i = 0; i < res.nfailures; i++)
		zl_failure_encode(&w, &fails[i]);
	ensure(!w.failed);
	k_say(k, ZL_RESULT, buf, wb_len(&w));
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
			k_fdb_remove(k, &k->fdb[i]);
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
	k->swept += k_l3_sweep(k);
}

/* A host that is there answers: the bridge learns his MAC, and ARP his address. */
static void
probe_one(struct kernel *k, const struct zl_probe *p)
{
	const struct zl_vni *v = k_vni_find(k, p->vni);
	struct k_neigh *n, gone = { .vni = p->vni, .ip = p->ip };
	uint32_t port;

	k->probes++;
	if (k->mute || !k_vni_up(k, p->vni) || v->svi_ifindex == 0)
		return;
	if (k->answers && k->answers(k->answers_arg, p->vni, p->ip, p->mac, &port)) {
		kernel_frame(k, p->vni, p->mac, port);
		n = k_neigh_find(k, p->vni, p->ip);
		if (n && n->owner == K_LEARNT && mac_equal(n->mac, p->mac)) {
			n->unsure = false;
			k_say_neigh(k, n, ZL_SET);
		} else {
			kernel_arp(k, p->vni, p->ip, p->mac);
		}
		return;
	}
	n = k_neigh_find(k, p->vni, p->ip);
	if (n && n->owner == K_LEARNT && mac_equal(n->mac, p->mac))
		*n = k->neigh[--k->nneigh];
	else if (n)
		return;
	k_say_neigh(k, &gone, ZL_DEL);
}

static void
on_probe(struct kernel *k, const struct k_msg *m)
{
	struct rbuf r = rb_init(m->body, m->len);
	struct zl_probe p;

	while (rb_left(&r) > 0) {
		if (!zl_probe_decode(&r, &p)) {
			k->malformed = true;
			return;
		}
		probe_one(k, &p);
	}
}

static void
on_table_watch(struct kernel *k, const struct k_msg *m)
{
	uint32_t tables[ZL_TABLES_MAX];
	struct rbuf r = rb_init(m->body, m->len);
	size_t n;

	if (zl_tables_decode(&r, tables, &n))
		k_watch_tables(k, tables, n);
	else
		k->malformed = true;
}

/* --- life --- */

/* Neighbours of ours whose MAC has come to a port here meanwhile: zebra-lite gives them to the kernel, which
 * asks for them at once. */
static void
adopt_arrivals(struct kernel *k)
{
	uint32_t port;
	size_t i;

	for (i = k->nneigh; i-- > 0;) {
		struct k_neigh *n = &k->neigh[i];
		const struct k_fdb *f = k_fdb_find(k, n->vni, n->mac);

		if (n->owner != K_OURS || !f || f->owner != K_LEARNT)
			continue;
		if (k->answers &&
		    !k->answers(k->answers_arg, n->vni, n->ip, n->mac, &port)) {
			*n = k->neigh[--k->nneigh];
			continue;
		}
		n->owner = K_LEARNT;
		n->unsure = !k->answers;
		n->stale = n->router = false;
	}
}

static void
say_everything(struct kernel *k, bool fresh)
{
	uint8_t epoch[4];
	struct wbuf w;
	size_t i;

	adopt_arrivals(k);
	for (i = 0; i < k->nfdb; i++)
		k->fdb[i].stale = k->fdb[i].owner == K_OURS;
	for (i = 0; i < k->nneigh; i++)
		k->neigh[i].stale = k->neigh[i].owner == K_OURS;
	for (i = 0; i < k->nflood; i++)
		k->flood[i].stale = true;
	k_l3_stale(k, fresh);
	w = wb_init(epoch, sizeof epoch);
	wb_u32(&w, ++k->epoch);
	k_say(k, ZL_OBSERVED_BEGIN, epoch, sizeof epoch);
	for (i = 0; i < k->nvnis; i++) {
		k_say_vni(k, &k->vnis[i]);
		if (k->vnis[i].flags & ZL_VNI_UP)
			k_say_locals(k, k->vnis[i].vni);
	}
	k_say_l3(k);
	k_say(k, ZL_OBSERVED_END, NULL, 0);
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
		say_everything(k, false);
		break;
	case ZL_PROBE:
		on_probe(k, m);
		break;
	case ZL_TABLE_WATCH:
		on_table_watch(k, m);
		break;
	case ZL_NEXTHOP_WATCH:
		/* Unanswered, as every node here reaches every other. */
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
	k->last_seq = k->said = 0;
	k_watch_tables(k, NULL, 0);
	say_everything(k, true);
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
	k_l3_fini(k);
}
