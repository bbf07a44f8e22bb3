/* SPDX-License-Identifier: ISC */
/* Devices: what the configuration asks for to evpnd, and what that would take back. */
#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/app.h"
#include "mgmt/conf.h"
#include "zebra-lite/zl_proto_prov.h"

LOG_MODULE("engine.prov");

/* A question on its way. */
struct prov_ask {
	struct prov_ask *next; /* in the order of asking */
	uint32_t req;	       /* its number */
	plan_fn *fn;	       /* NULL: forgotten */
	void *arg;	       /* for fn */
};

/* ---- saying ---- */

/* Frames of one set. */
struct frames {
	struct app *a;		  /* borrowed; NULL: only the hash is wanted */
	struct zl_prov_head head; /* of the next frame */
	uint8_t *body;		  /* owned, ZL_MSG_MAX */
	struct wbuf w;		  /* the frame being built */
	unsigned n;		  /* its records */
	uint64_t hash;		  /* of all */
};

static void
frame_begin(struct frames *f)
{
	f->w = wb_init(f->body, ZL_MSG_MAX);
	zl_prov_head_encode(&f->w, &f->head);
	f->n = 0;
}

static void
frame_end(struct frames *f, bool last)
{
	struct wbuf head = wb_init(f->body, 16);

	if (last)
		f->head.flags |= ZL_PROV_LAST;
	zl_prov_head_encode(&head, &f->head);
	f->hash = f->hash * 31 + hash64(f->body, wb_len(&f->w));
	if (f->a)
		chan_send(&f->a->dp, ZL_PROV, f->body, wb_len(&f->w), -1);
	f->head.flags = 0;
}

static void
put(struct frames *f, const struct zl_prov *m)
{
	if (f->n == ZL_PROV_MAX) {
		frame_end(f, false);
		frame_begin(f);
	}
	zl_prov_encode(&f->w, m);
	f->n++;
}

static void
put_fabric(struct frames *f, const struct prov_conf *c)
{
	struct zl_prov m = { .kind = ZL_PROV_FABRIC,
		.flags = (uint8_t)((c->adopt ? ZL_PROV_ADOPT : 0) |
				   (c->per_vni ? ZL_PROV_PER_VNI : 0) |
				   (c->suppress ? ZL_PROV_SUPPRESS : 0)),
		.port = c->udp_port,
		.mtu = c->mtu,
		.vtep = c->vtep,
		.mac = c->anycast };

	memcpy(m.name, c->bridge, sizeof c->bridge);
	memcpy(m.other, c->vtep_if, sizeof c->vtep_if);
	put(f, &m);
}

static void
put_network(struct frames *f, const struct prov_network *n)
{
	struct zl_prov m = { .kind = ZL_PROV_NETWORK,
		.flags = (uint8_t)((n->routed ? ZL_PROV_ROUTED : 0) |
				   (n->suppress ? ZL_PROV_SUPPRESS : 0)),
		.vni = n->vni,
		.vlan = n->vlan,
		.ngw = (uint8_t)n->ngw };

	static_assert(PROV_GATEWAYS_MAX == ZL_PROV_GW_MAX, "gateways fit");
	memcpy(m.name, n->name, sizeof n->name);
	memcpy(m.other, n->tenant, sizeof n->tenant);
	memcpy(m.gw, n->gw, sizeof n->gw);
	put(f, &m);
}

static void
put_external(struct frames *f, const struct prov_external *x)
{
	struct zl_prov m = { .kind = ZL_PROV_EXTERNAL, .ngw = (uint8_t)x->naddrs };

	memcpy(m.name, x->name, sizeof x->name);
	memcpy(m.other, x->tenant, sizeof x->tenant);
	memcpy(m.gw, x->addr, sizeof x->addr);
	put(f, &m);
}

static void
put_port(struct frames *f, const struct prov_port *p)
{
	struct zl_prov m = { .kind = ZL_PROV_PORT, .vni = p->vni };

	memcpy(m.name, p->name, sizeof p->name);
	if (p->vni)
		put(f, &m);
	m.flags = ZL_PROV_TAGGED;
	for (size_t i = 0; i < p->ntagged; i++) {
		m.vni = p->tagged[i];
		put(f, &m);
	}
}

/* Says all of it, if a is not NULL; returns what tells one set from another. */
static uint64_t
say(struct app *a, uint32_t req, const struct prov_conf *c)
{
	struct frames f = { .a = a, .head = { req, ZL_PROV_FIRST } };

	f.body = xmalloc(ZL_MSG_MAX);
	frame_begin(&f);
	if (c->fabric) {
		put_fabric(&f, c);
		for (size_t i = 0; i < c->ntenants; i++) {
			const struct prov_tenant *t = &c->tenants[i];
			struct zl_prov m = { .kind = ZL_PROV_TENANT,
				.flags = (uint8_t)((t->adopt ? ZL_PROV_ADOPT : 0) |
						   (t->vrf ? ZL_PROV_ROUTED : 0)),
				.vni = t->l3vni };

			memcpy(m.name, t->name, sizeof t->name);
			put(&f, &m);
		}
		for (size_t i = 0; i < c->nnetworks; i++)
			put_network(&f, &c->networks[i]);
		for (size_t i = 0; i < c->nexternals; i++)
			put_external(&f, &c->externals[i]);
		for (size_t i = 0; i < c->nports; i++)
			put_port(&f, &c->ports[i]);
	}
	frame_end(&f, true);
	free(f.body);
	return f.hash;
}

void
app_prov_apply(struct app *a, const struct conf *c)
{
	uint64_t hash = say(NULL, 0, &c->prov);

	if (!a->eng.dp_up || !a->eng.kernel || (a->prov_said && hash == a->prov_hash))
		return;
	a->prov_said = true;
	a->prov_hash = hash;
	say(a, 0, &c->prov);
}

/* ---- asking ---- */

static void
finish(struct prov_ask **at)
{
	struct prov_ask *q = *at;

	*at = q->next;
	if (q->fn)
		q->fn(q->arg, NULL);
	free(q);
}

void
app_prov_plan(struct engine *eng, const struct conf *c, plan_fn *fn, void *arg)
{
	struct app *a = eng->priv;
	struct prov_ask *q, **end = &a->prov_asks;

	if (!a->eng.dp_up || !a->eng.kernel) {
		fn(arg, NULL);
		return;
	}
	q = xcalloc(1, sizeof *q);
	if (++a->prov_req == 0)
		a->prov_req = 1;
	*q = (struct prov_ask){ .req = a->prov_req, .fn = fn, .arg = arg };
	while (*end)
		end = &(*end)->next;
	*end = q;
	say(a, q->req, &c->prov);
}

void
app_prov_forget(struct engine *eng, void *arg)
{
	const struct app *a = eng->priv;

	for (struct prov_ask *q = a->prov_asks; q; q = q->next)
		if (q->arg == arg)
			q->fn = NULL;
}

void
app_prov_message(struct app *a, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct prov_ask **at = &a->prov_asks;
	struct zl_prov_head head;
	struct zl_step m;

	if (!zl_prov_head_decode(&r, &head))
		return;
	while (*at && (*at)->req != head.req)
		at = &(*at)->next;
	if (!*at)
		return;
	while (rb_left(&r) > 0 && zl_step_decode(&r, &m)) {
		const struct plan_item it = {
			.level = (enum plan_level)(m.level - ZL_STEP_DO),
			.subject = m.subject,
			.text = m.text,
			.kind = m.kind,
			.vni = m.vni,
			.leaf = m.leaf,
		};

		if ((*at)->fn)
			(*at)->fn((*at)->arg, &it);
	}
	if (head.flags & ZL_PROV_LAST)
		finish(at);
}

void
app_prov_down(struct app *a)
{
	a->prov_said = false;
	while (a->prov_asks)
		finish(&a->prov_asks);
}

/* ---- before a commit ---- */

/* A commit that waits for the kernel's word. */
struct preflight {
	const struct prov_conf *conf; /* borrowed: the commit's, until done is called */
	preflight_done *done;	      /* its */
	void *arg;		      /* for done */
	struct err e;		      /* first thing in the way */
};

static const struct prov_network *
network_of(const struct prov_conf *c, uint32_t vni)
{
	for (size_t i = 0; i < c->nnetworks; i++)
		if (c->networks[i].vni == vni)
			return &c->networks[i];
	return NULL;
}

/* A tenant by its layer-3 VNI, or by its name. */
static const char *
tenant_of(const struct prov_conf *c, const struct plan_item *it)
{
	for (size_t i = 0; i < c->ntenants; i++)
		if (it->vni ? c->tenants[i].l3vni == it->vni
			    : strcmp(c->tenants[i].name, it->subject) == 0)
			return c->tenants[i].name;
	return "";
}

static const struct prov_external *
external_of(const struct prov_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nexternals; i++)
		if (strcmp(c->externals[i].name, name) == 0)
			return &c->externals[i];
	return NULL;
}

/* Where the configuration says what is in the way. */
static void
set_path(struct preflight *p, const struct plan_item *it)
{
	const struct prov_network *n = network_of(p->conf, it->vni);
	const struct prov_external *x = external_of(p->conf, it->subject);
	char *to = p->e.path;
	size_t size = sizeof p->e.path, len;

	if (it->kind == ZL_PROV_PORT)
		snprintf(to, size, "/evpnd:port[name='%s']", it->subject);
	else if (it->kind == ZL_PROV_NETWORK && n)
		snprintf(to, size, "/evpnd:tenant[name='%s']/network[name='%s']",
		    n->tenant, n->name);
	else if (it->kind == ZL_PROV_EXTERNAL && x)
		snprintf(to, size, "/evpnd:tenant[name='%s']/external[name='%s']",
		    x->tenant, x->way);
	else if (it->kind == ZL_PROV_TENANT)
		snprintf(to, size, "/evpnd:tenant[name='%s']", tenant_of(p->conf, it));
	else
		snprintf(to, size, "/evpnd:fabric");
	len = strlen(to);
	if (it->leaf[0])
		snprintf(to + len, size - len, "/%s", it->leaf);
}

static void
on_preflight(void *arg, const struct plan_item *it)
{
	struct preflight *p = arg;

	if (it) {
		if (it->level != PLAN_ERROR || p->e.text[0])
			return;
		err_set(&p->e, "%s: %s", it->subject, it->text);
		set_path(p, it);
		return;
	}
	p->done(p->arg, p->e.text[0] == '\0', &p->e);
	free(p);
}

void
app_prov_preflight(
    struct engine *eng, const struct conf *c, preflight_done *done, void *arg)
{
	struct preflight *p;

	/* Most configurations ask for no devices. */
	if (!c->prov.fabric) {
		done(arg, true, &(struct err){ 0 });
		return;
	}
	p = xcalloc(1, sizeof *p);
	p->done = done;
	p->arg = arg;
	p->conf = &c->prov;
	app_prov_plan(eng, c, on_preflight, p);
}
