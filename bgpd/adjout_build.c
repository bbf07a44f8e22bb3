/* SPDX-License-Identifier: ISC */
/* Messages of the adj-out: routes go in one by one, full messages go to the members. */
#include "config.h"

#include <string.h>

#include "bgpd/adjout_priv.h"
#include "bgpd/attr.h"
#include "bgpd/nlri.h"
#include "bgpd/rib_priv.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(adjout_messages);
COUNTER(adjout_attributes_too_long);

struct txbuf *
txbuf_new(const void *data, size_t len)
{
	struct txbuf *b = xmalloc(sizeof(*b) + len);

	b->refs = 1;
	b->len = (uint32_t)len;
	memcpy(b->data, data, len);
	COUNT(adjout_messages);
	return b;
}

void
adjout_push(struct adjout_peer *p, struct txbuf *b)
{
	p->dirty = true;
	p->push(p, b);
	if (!p->full && p->queued > p->pos->group->a->high) {
		p->full = true;
		p->pos->nfull++;
	}
}

static void
count_out(struct adjout_peer *p, const struct update_writer *uw)
{
	if (uw->withdraw)
		p->nlri_withdrawn += uw->count;
	else
		p->nlri_out += uw->count;
}

/* The message is done: everyone gets it but the peer that the routes came from. */
static void
emit(struct adjout *a, struct builder *b, struct adjout_peer *only)
{
	size_t n = update_writer_finish(&b->uw);
	struct adjout_peer *m;
	struct txbuf *t;

	if (n == 0)
		return;
	t = txbuf_new(b->msg, n);
	for (m = a->pos->members; m; m = m->next) {
		if (only ? m != only : m->peer == b->src)
			continue;
		count_out(m, &b->uw);
		adjout_push(m, t);
	}
	txbuf_unref(t);
}

static void
builder_reserve(struct builder *b, size_t msg)
{
	if (b->msg_cap >= msg)
		return;
	b->msg_cap = msg;
	b->msg = xrealloc(b->msg, msg);
}

static void
keep_attrs(struct builder *b, const void *data, size_t len)
{
	if (b->attr_cap < len || !b->attr) {
		b->attr_cap = MAX(len, 128);
		b->attr = xrealloc(b->attr, b->attr_cap);
	}
	memcpy(b->attr, data, len);
}

/* Encodes the attributes for this group; false if they fit no message. */
static bool
encode(struct adjout *a, struct builder *b, const struct rib_peer *src,
    const struct attrset *as)
{
	const struct adjout_policy *p = &a->pos->group->policy;
	struct attr_ctx ctx = { .as4 = p->as4, .ibgp = p->ibgp, .local_as = p->local_as };
	struct wbuf w = wb_init(a->scratch, MSG_MAX_EXTENDED);
	size_t max = MSG_MAX;
	struct attrs out;
	bool fits;

	arena_reset(&a->arena);
	if (!policy_rewrite(p, src, as, b->entry, &a->arena, &out))
		return false;
	attr_encode(&w, &out, &ctx);
	if (w.failed)
		return false;
	keep_attrs(b, w.start, wb_len(&w));
	/* Long messages save nothing: an ordinary one carries a hundred routes already.  They
	 * are for attributes that need the room (RFC 8654). */
	fits =
	    update_writer_init(&b->uw, a->family, out.nexthop, b->attr, wb_len(&w), max);
	if (!fits && p->max_msg > MSG_MAX) {
		max = p->max_msg;
		fits = update_writer_init(
		    &b->uw, a->family, out.nexthop, b->attr, wb_len(&w), max);
	}
	if (!fits)
		return false;
	builder_reserve(b, max);
	update_writer_start(&b->uw, b->msg);
	return true;
}

static void
open_withdraw(struct adjout *a, struct builder *b)
{
	builder_reserve(b, MSG_MAX);
	update_writer_init_withdraw(&b->uw, a->family, MSG_MAX);
	update_writer_start(&b->uw, b->msg);
}

static void
open_announce(struct adjout *a, struct builder *b)
{
	const struct rib_peer *src = rib_peer(a->rib, b->src);
	const struct attrset *as = attrset_get(rib_attrtab(a->rib), b->attrs);

	b->permitted = policy_permits_set(&a->pos->group->policy, src, as);
	if (b->permitted && !encode(a, b, src, as)) {
		/* RFC 4271 9.2, RFC 8654 4: what cannot be sent is treated as withdrawn. */
		COUNT(adjout_attributes_too_long);
		b->permitted = false;
	}
}

static struct builder *
builder_for(struct adjout *a, uint32_t attrs, uint16_t src, uint32_t entry)
{
	uint32_t mixed = (attrs ^ (src + entry * 7u) << 16) * 0x9e3779b1u;
	uint32_t i = (mixed >> 20) & (ADJOUT_BUILDERS - 1);
	struct builder *b = &a->table[i];

	if (b->open && b->attrs == attrs && b->src == src && b->entry == entry)
		return b;
	if (!b->open)
		a->used[a->nused++] = (uint16_t)i;
	else if (b->permitted)
		emit(a, b, NULL);
	b->open = true;
	b->permitted = true;
	b->attrs = attrs;
	b->src = src;
	b->entry = entry;
	if (attrs)
		open_announce(a, b);
	else
		open_withdraw(a, b);
	return b;
}

/* What the route-map makes of the gateway of a type 5. */
static const struct path_aux *
mapped_aux(const struct adjout *a, const struct builder *b, const struct rib_route *rt,
    const struct path_aux *aux, struct path_aux *changed)
{
	const struct rmap *map = a->pos->group->policy.map;
	struct evpn_nlri n;

	if (!b->entry || !map->trails || rt->tail[0] != EVPN_PREFIX)
		return aux;
	evpn_nlri_from_key(rib_head(a->rib, rt->head), rt->tail, rt->len, &n);
	*changed = aux ? *aux : (struct path_aux){ 0 };
	return rmap_gateway(map, b->entry, n.ip.len == 16, &changed->gw) ? changed : aux;
}

static void
add(struct adjout *a, struct builder *b, const struct rib_route *rt,
    const struct rib_path *path, struct adjout_peer *only)
{
	const struct path_aux *aux = path ? rib_aux(a->rib, path->aux) : NULL;
	const struct rib_key_head *head = rib_head(a->rib, rt->head);
	struct path_aux changed;

	aux = path ? mapped_aux(a, b, rt, aux, &changed) : NULL;
	if (update_writer_add(&b->uw, head, rt->tail, rt->len, path, aux))
		return;
	emit(a, b, only);
	update_writer_start(&b->uw, b->msg);
	ensure(update_writer_add(&b->uw, head, rt->tail, rt->len, path, aux));
}

unsigned
adjout_entry(
    const struct adjout *a, const struct adjout_policy *p, const struct rib_route *rt)
{
	struct rmap_route r;

	rmap_route_init(&r, afi_number(a->family), rib_head(a->rib, rt->head), rt->tail,
	    rt->len, rib_label(rt->path.label1),
	    &attrset_get(rib_attrtab(a->rib), rt->path.attrs)->a);
	r.src_peer = rib_peer(a->rib, rt->path.peer)->addr;
	return rmap_permits(p->map, &r);
}

bool
build_announce(struct adjout *a, const struct rib_route *rt)
{
	const struct adjout_pos *pos = a->pos;
	unsigned entry = 0;
	struct builder *b;

	if (a->family->afi == AFI_L2VPN &&
	    !policy_permits_type(&pos->group->policy, rt->tail[0]))
		return false;
	if (pos->group->policy.map) {
		entry = adjout_entry(a, &pos->group->policy, rt);
		if (entry == 0)
			return false;
	}
	b = builder_for(a, rt->path.attrs, rt->path.peer, entry);
	if (!b->permitted)
		return false;
	/* A position whose only member is the source needs no message. */
	if (pos->nmembers > 1 || pos->members->peer != b->src)
		add(a, b, rt, &rt->path, NULL);
	return true;
}

void
build_withdraw(struct adjout *a, const struct rib_route *rt, uint16_t except)
{
	const struct adjout_pos *pos = a->pos;

	if (!pos_member(a, pos, except))
		except = 0;
	else if (pos->nmembers == 1)
		return;
	add(a, builder_for(a, 0, except, 0), rt, NULL, NULL);
}

void
build_withdraw_one(struct adjout *a, const struct rib_route *rt, struct adjout_peer *only)
{
	if (a->only != only) {
		if (a->only)
			emit(a, &a->one, a->only);
		a->only = only;
		open_withdraw(a, &a->one);
	}
	add(a, &a->one, rt, NULL, only);
}

void
build_flush(struct adjout *a)
{
	if (a->only)
		emit(a, &a->one, a->only);
	a->only = NULL;
	for (uint32_t i = 0; i < a->nused; i++) {
		struct builder *b = &a->table[a->used[i]];

		if (b->permitted)
			emit(a, b, NULL);
		b->open = false;
	}
	a->nused = 0;
}

void
build_init(struct adjout *a)
{
	arena_init(&a->arena);
	a->scratch = xmalloc(MSG_MAX_EXTENDED);
}

static void
builder_fini(struct builder *b)
{
	free(b->msg);
	free(b->attr);
}

void
build_fini(struct adjout *a)
{
	for (int i = 0; i < ADJOUT_BUILDERS; i++)
		builder_fini(&a->table[i]);
	builder_fini(&a->one);
	arena_fini(&a->arena);
	free(a->scratch);
}
