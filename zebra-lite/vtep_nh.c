/* SPDX-License-Identifier: ISC */
/* zebra-lite/vtep_nh.c: nexthop groups of one for FDB entries. */
#include "config.h"

#include "zebra-lite/vtep_nh.h"

#include <errno.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/nl_fdb.h"

LOG_MODULE("zl.vtep");

/* Ids are shared with whoever else makes nexthops; few go so high. */
#define ID_FIRST 0x51000000u
#define ID_LAST 0x51ffffffu
#define ID_TRIES 64
#define MON_RCVBUF (128 * 1024)

static struct nla_policy policy[NHA_MAX + 1] = {
	[NHA_ID] = { .type = NLA_U32 },
	[NHA_FDB] = { .type = NLA_FLAG },
};

/* The table. */

static struct vtep_nh *
ptr(const struct vtep_nhs *t, uint32_t h)
{
	return slab_ptr(&t->slab, h);
}

static uint32_t
find(const struct vtep_nhs *t, struct ip vtep)
{
	uint32_t h;

	for (struct hidx_it it = hidx_first(&t->index, ip_hash(vtep));
	     (h = hidx_next(&it)) != 0;)
		if (ip_equal(ptr(t, h)->vtep, vtep))
			return h;
	return 0;
}

static uint32_t
insert(struct vtep_nhs *t, struct ip vtep, uint32_t hop, uint32_t group)
{
	uint32_t h = slab_alloc(&t->slab);

	*ptr(t, h) = (struct vtep_nh){ .vtep = vtep, .hop = hop, .group = group };
	hidx_insert(&t->index, ip_hash(vtep), h);
	return h;
}

static void
forget(struct vtep_nhs *t, uint32_t h)
{
	struct ip vtep = ptr(t, h)->vtep;

	hidx_remove(&t->index, ip_hash(vtep), h);
	slab_free(&t->slab, h);
	t->last = 0;
}

static void
clear(struct vtep_nhs *t)
{
	hidx_fini(&t->index);
	slab_fini(&t->slab);
	slab_init(&t->slab, "VTEP nexthop", sizeof(struct vtep_nh));
	hidx_init(&t->index);
	t->last = 0;
	free(t->found);
	t->found = NULL;
	t->nfound = t->found_cap = 0;
}

/* Messages. */

static void
begin(struct nl_batch *b, uint16_t type, uint8_t family, uint32_t id)
{
	const struct nhmsg m = { .nh_family = family, .nh_protocol = EVPND_RTPROT };
	const struct nhmsg none = { 0 };
	bool del = type == RTM_DELNEXTHOP;

	/* Strict kernels want the head of a deletion empty. */
	nl_begin(
	    b, type, del ? 0 : NLM_F_CREATE | NLM_F_EXCL, del ? &none : &m, sizeof m);
	nl_put_u32(b, NHA_ID, id);
}

static void
put_hop(struct nl_batch *b, uint32_t id, struct ip vtep)
{
	begin(b, RTM_NEWNEXTHOP, vtep.len == 4 ? AF_INET : AF_INET6, id);
	nl_put(b, NHA_GATEWAY, vtep.b, vtep.len);
	nl_put(b, NHA_FDB, "", 0);
	nl_end(b);
}

static void
put_group(struct nl_batch *b, uint32_t id, uint32_t hop)
{
	const struct nexthop_grp member = { .id = hop };

	begin(b, RTM_NEWNEXTHOP, AF_UNSPEC, id);
	nl_put(b, NHA_GROUP, &member, sizeof member);
	nl_put(b, NHA_FDB, "", 0);
	nl_end(b);
}

static void
put_delete(struct nl_batch *b, uint32_t id)
{
	begin(b, RTM_DELNEXTHOP, AF_UNSPEC, id);
	nl_end(b);
}

/* False if it is no FDB nexthop of our mark. */
static bool
parse(const struct nlmsghdr *h, struct vtep_nh_found *out)
{
	struct nlattr *tb[NHA_MAX + 1];
	const struct nhmsg *m = nlmsg_data(h);
	const struct nlattr *a;

	*out = (struct vtep_nh_found){ 0 };
	if (h->nlmsg_type != RTM_NEWNEXTHOP ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof *m, tb, NHA_MAX, policy) < 0 ||
	    m->nh_protocol != EVPND_RTPROT || !tb[NHA_ID] || !tb[NHA_FDB])
		return false;
	out->id = nla_get_u32(tb[NHA_ID]);
	a = tb[NHA_GATEWAY];
	if (a && (nla_len(a) == 4 || nla_len(a) == 16)) {
		out->vtep.len = (uint8_t)nla_len(a);
		memcpy(out->vtep.b, nla_data(a), out->vtep.len);
	}
	a = tb[NHA_GROUP];
	if (a && nla_len(a) == sizeof(struct nexthop_grp))
		out->member = ((const struct nexthop_grp *)nla_data(a))->id;
	return true;
}

/* Making them. */

/* Both by one batch.  0 or errno; EEXIST: an id is taken. */
static int
try_ids(struct vtep_nhs *t, struct ip vtep, uint32_t hop, uint32_t group)
{
	struct nl_batch *b = &t->batch;
	int err;

	put_hop(b, hop, vtep);
	put_group(b, group, hop);
	nl_batch_send(t->nl, b);
	err = b->err[0] ? b->err[0] : b->err[1];
	if (err && b->err[0] == 0) {
		nl_batch_reset(b);
		put_delete(b, hop);
		nl_batch_send(t->nl, b);
	}
	nl_batch_reset(b);
	return err;
}

static int
make(struct vtep_nhs *t, struct ip vtep, uint32_t *h)
{
	int err = EEXIST;

	for (unsigned i = 0; i < ID_TRIES && err == EEXIST; i++) {
		uint32_t id = t->next_id;

		if (id < ID_FIRST || id >= ID_LAST)
			id = ID_FIRST;
		t->next_id = id + 2;
		err = try_ids(t, vtep, id, id + 1);
		if (err == 0)
			*h = insert(t, vtep, id, id + 1);
	}
	return err;
}

static bool
is_refusal(int err)
{
	return err == EOPNOTSUPP || err == EINVAL || err == EAFNOSUPPORT;
}

int
vtep_nh_get(struct vtep_nhs *t, struct ip vtep, uint32_t *id)
{
	char text[IP_STRLEN];
	uint32_t h = t->last;
	int err;

	*id = 0;
	if (!t->on)
		return 0;
	if (h == 0 || !ip_equal(ptr(t, h)->vtep, vtep))
		h = find(t, vtep);
	if (h == 0 && t->slab.live == VTEP_NH_MAX) {
		t->again(t->arg);
		return ENOSPC;
	}
	if (h == 0 && (err = make(t, vtep, &h)) != 0) {
		if (!is_refusal(err))
			return err;
		log_warn("no nexthop for VTEP %s (%s): FDB entries name addresses",
		    ip_format(vtep, text), strerror(err));
		vtep_nh_turn(t, false);
		t->again(t->arg);
		return 0;
	}
	t->last = h;
	ptr(t, h)->wanted = true;
	*id = ptr(t, h)->group;
	return 0;
}

/* Dumps. */

static int
found_cmp(const void *pa, const void *pb)
{
	const struct vtep_nh_found *a = pa, *b = pb;

	return a->id < b->id ? -1 : a->id > b->id;
}

static struct vtep_nh_found *
found_find(struct vtep_nhs *t, uint32_t id)
{
	const struct vtep_nh_found key = { .id = id };

	return t->nfound ? bsearch(&key, t->found, t->nfound, sizeof key, found_cmp)
			 : NULL;
}

static void
on_dump_msg(void *arg, const struct nlmsghdr *h)
{
	struct vtep_nhs *t = arg;
	struct vtep_nh_found f;

	if (!parse(h, &f))
		return;
	if (t->nfound == t->found_cap) {
		t->found_cap = MAX(16u, t->found_cap * 2);
		t->found = xrealloc(t->found, t->found_cap * sizeof *t->found);
	}
	t->found[t->nfound++] = f;
}

/* A group of one, and nothing else, is what we would make. */
static void
adopt(struct vtep_nhs *t, struct vtep_nh_found *group)
{
	struct vtep_nh_found *hop = group->member ? found_find(t, group->member) : NULL;

	if (!hop || hop->vtep.len == 0 || hop->of || find(t, hop->vtep))
		return;
	hop->of = group->of = insert(t, hop->vtep, hop->id, group->id);
}

static void
on_dump_done(void *arg, int err)
{
	struct vtep_nhs *t = arg;

	/* A kernel without nexthops has none of ours.  What is missed for another reason is only
	 * left over. */
	if (err && err != EOPNOTSUPP && err != EINTR)
		log_debug("dump of nexthops: ended early (%s)", strerror(err));
	if (t->nfound)
		qsort(t->found, t->nfound, sizeof *t->found, found_cmp);
	for (uint32_t i = 0; i < t->nfound; i++)
		adopt(t, &t->found[i]);
	if (!t->mon.nl)
		return;
	nl_mon_resume(&t->mon);
	nl_mon_drain(&t->mon);
}

void
vtep_nh_dump(struct vtep_nhs *t)
{
	struct {
		struct nhmsg head;
		struct nlattr fdb;
	} req = { .fdb = { .nla_type = NHA_FDB, .nla_len = NLA_HDRLEN } };

	clear(t);
	t->broken = false;
	if (t->mon.nl)
		nl_mon_pause(&t->mon);
	nl_dump_queue(
	    t->nl, RTM_GETNEXTHOP, &req, sizeof req, on_dump_msg, on_dump_done, t);
}

void
vtep_nh_hold(struct vtep_nhs *t, uint32_t id)
{
	struct vtep_nh_found *f = found_find(t, id);

	if (!f)
		return;
	f->held = true;
	f = f->member ? found_find(t, f->member) : NULL;
	if (f)
		f->held = true;
}

static void
flush(struct vtep_nhs *t)
{
	struct nl_batch *b = &t->batch;

	nl_batch_send(t->nl, b);
	for (unsigned i = 0; i < b->n; i++)
		if (b->err[i] && b->err[i] != ENOENT)
			log_warn("sweep: a nexthop stays (%s)", strerror(b->err[i]));
	nl_batch_reset(b);
}

static void
put_found(struct vtep_nhs *t, uint32_t id)
{
	put_delete(&t->batch, id);
	if (nl_batch_full(&t->batch))
		flush(t);
}

static bool
is_unused(const struct vtep_nhs *t, const struct vtep_nh_found *f)
{
	return !f->held && (f->of == 0 || !ptr(t, f->of)->wanted);
}

void
vtep_nh_sweep(struct vtep_nhs *t)
{
	/* Groups before their members, or each member's end changes its group first. */
	for (uint32_t i = 0; i < t->nfound; i++)
		if (t->found[i].vtep.len == 0 && is_unused(t, &t->found[i]))
			put_found(t, t->found[i].id);
	for (uint32_t i = 0; i < t->nfound; i++) {
		const struct vtep_nh_found *f = &t->found[i];

		if (f->vtep.len == 0 || !is_unused(t, f))
			continue;
		put_found(t, f->id);
		if (f->of)
			forget(t, f->of);
	}
	flush(t);
	free(t->found);
	t->found = NULL;
	t->nfound = t->found_cap = 0;
}

/* News. */

static bool
is_intact(const struct vtep_nh *v, const struct vtep_nh_found *now)
{
	return now->id == v->hop ? ip_equal(now->vtep, v->vtep) : now->member == v->hop;
}

static void
on_news(void *arg, const struct nlmsghdr *h)
{
	struct nlattr *tb[NHA_MAX + 1];
	struct vtep_nhs *t = arg;
	struct vtep_nh_found now;
	uint32_t id;

	if ((h->nlmsg_type != RTM_NEWNEXTHOP && h->nlmsg_type != RTM_DELNEXTHOP) ||
	    nlmsg_parse((struct nlmsghdr *)h, sizeof(struct nhmsg), tb, NHA_MAX, policy) <
		0 ||
	    !tb[NHA_ID])
		return;
	id = nla_get_u32(tb[NHA_ID]);
	if (t->broken || id < ID_FIRST || id > ID_LAST)
		return;
	for (uint32_t i = 0; (i = slab_next(&t->slab, i)) != 0;) {
		const struct vtep_nh *v = ptr(t, i);

		if (v->hop != id && v->group != id)
			continue;
		if (parse(h, &now) && is_intact(v, &now))
			return;
		log_warn("nexthop %u was changed or deleted by somebody else", id);
		t->broken = true;
		t->again(t->arg);
		return;
	}
}

static void
on_news_lost(void *arg)
{
	struct vtep_nhs *t = arg;

	t->again(t->arg);
}

/* Life. */

void
vtep_nh_init(struct vtep_nhs *t, struct nl *nl, void (*again)(void *arg), void *arg)
{
	memset(t, 0, sizeof *t);
	t->nl = nl;
	t->next_id = ID_FIRST;
	t->again = again;
	t->arg = arg;
	nl_batch_init(&t->batch);
	clear(t);
}

void
vtep_nh_fini(struct vtep_nhs *t)
{
	nl_mon_close(&t->mon);
	clear(t);
	nl_batch_fini(&t->batch);
}

void
vtep_nh_turn(struct vtep_nhs *t, bool on)
{
	static const int groups[] = { RTNLGRP_NEXTHOP, 0 };
	const struct nl_mon_conf conf = { groups, NULL, 0, 8, 4096, MON_RCVBUF, on_news,
		on_news_lost, t };
	int rc;

	t->on = on;
	if (!on) {
		nl_mon_close(&t->mon);
		return;
	}
	rc = t->mon.nl ? 0 : nl_mon_open(&t->mon, t->nl, &conf);
	if (rc < 0)
		log_warn("changes of nexthops will not be seen (%s)", strerror(-rc));
}
