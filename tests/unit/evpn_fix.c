/* SPDX-License-Identifier: ISC */
/* The fixture of EVPN's unit tests. */
#include "config.h"

#include "tests/unit/evpn_fix.h"

#include <stdlib.h>

#include "bgpd/extcomm.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"

static bool
deliver(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	return evpn_dp_message(arg, type, body, len);
}

static void
drained(void *arg)
{
	evpn_dp_ready(arg);
}

void
fix_reconnect(struct fix *f)
{
	f->k.deliver = deliver;
	f->k.drained = drained;
	f->k.deliver_arg = f->k.drained_arg = f->e;
}

void
fix_open_dp(struct fix *f)
{
	fix_reconnect(f);
	kernel_attach(&f->k);
}

void
fix_open(struct fix *f)
{
	struct evpn_dp dp = { kernel_send, &f->k };

	*f = (struct fix){ 0 };
	hash_seed_fixed(1, 2);
	log_set_level(NULL, LOG_LVL_ERROR);
	f->loop = loop_new_sim(7);
	attrtab_init(&f->attrs);
	f->rib = rib_new(f->loop, &f->attrs);
	kernel_init(&f->k, f->loop);
	f->e = evpn_new(f->loop, f->rib, &dp);
	fix_reconnect(f);
	f->peer =
	    rib_peer_add(f->rib, &(struct rib_peer){ .ibgp = true, .router_id = 1 });
	f->conf = (struct evpn_conf){ .as = 65000,
		.advertise_all_vni = true,
		.dad_enabled = true,
		.dad_max_moves = 5,
		.dad_time = 180 };
	evpn_apply(f->e, &f->conf);
	evpn_set_router_id(f->e, 0x0a000005);
}

void
fix_close(struct fix *f)
{
	ensure(!f->k.malformed);
	evpn_free(f->e);
	fix_run(f);
	rib_free(f->rib);
	attrtab_fini(&f->attrs);
	kernel_fini(&f->k);
	loop_free(f->loop);
}

void
fix_run(struct fix *f)
{
	loop_run_until(f->loop, loop_now(f->loop));
}

void
fix_run_for(struct fix *f, int64_t us)
{
	loop_run_until(f->loop, mono_add(loop_now(f->loop), us));
}

void
fix_ready(struct fix *f, uint32_t vni)
{
	struct zl_vni v = kernel_vni_of(vni, fix_vtep(5));

	kernel_attach(&f->k);
	kernel_vni(&f->k, &v);
	evpn_rib_ready(f->e);
	fix_run(f);
}

struct ip
fix_vtep(unsigned n)
{
	return ip_v4(0x0a000000 | n);
}

struct ip
fix_ip(const char *s)
{
	struct ip ip = { 0 };

	ensure(ip_parse(s, &ip));
	return ip;
}

struct mac
fix_mac(unsigned n)
{
	return (
	    struct mac){ { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } };
}

static struct evpn_nlri
nlri_of(const struct fix_route *r)
{
	struct evpn_nlri n = { .rd = rd_from_ip(0x0a000000 | r->n, (uint16_t)r->vni),
		.tag = r->tag };

	if (mac_is_zero(r->mac) && !r->zero_mac) {
		n.type = EVPN_IMET;
		n.ip = fix_vtep(r->n);
	} else {
		n.type = EVPN_MACIP;
		n.mac = r->mac;
		n.ip = r->ip;
	}
	return n;
}

static uint32_t
attrs_of(struct fix *f, const struct fix_route *r)
{
	struct ecom ec[8];
	struct attrs a = { .has =
			       HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF | HAS_NEXT_HOP,
		.local_pref = 100,
		.nexthop = r->nexthop.len ? r->nexthop : fix_vtep(r->n),
		.ecoms = ec };
	struct ip vtep = r->nexthop.len ? r->nexthop : fix_vtep(r->n);

	ec[a.necoms++] = rt_from_as(r->rt_as ? r->rt_as : 65000, r->vni);
	if (!r->no_encap)
		ec[a.necoms++] = ecom_encap(r->mpls ? 10 : ENCAP_VXLAN);
	if (r->seq || r->sticky)
		ec[a.necoms++] = ecom_mobility(
		    &(struct ecom_mobility){ .sticky = r->sticky, .seq = r->seq });
	if (r->gateway)
		ec[a.necoms++] = ecom_default_gw();
	if (r->router)
		ec[a.necoms++] = ecom_nd(ECOM_ND_ROUTER);
	if (mac_is_zero(r->mac) && !r->zero_mac && !r->no_pmsi) {
		a.has |= HAS_PMSI;
		a.pmsi_type = r->pmsi_type ? r->pmsi_type : PMSI_INGRESS_REPLICATION;
		a.pmsi_label = r->vni;
		a.pmsi_id_len = vtep.len;
		memcpy(a.pmsi_id, vtep.b, vtep.len);
	}
	return attrset_intern(&f->attrs, &a);
}

void
fix_announce(struct fix *f, const struct fix_route *r)
{
	struct evpn_nlri n = nlri_of(r);
	struct rib_path_in in = { .attrs = attrs_of(f, r) };
	struct rib_key k;

	if (n.type == EVPN_MACIP) {
		in.label[0] = r->label ? r->label : r->vni;
		in.label[1] = r->label2;
		in.nlabels = r->label2 ? 2 : 1;
	}
	evpn_nlri_key(&n, &k);
	rib_update(f->rib, &k, f->peer, &in);
}

void
fix_withdraw(struct fix *f, const struct fix_route *r)
{
	struct evpn_nlri n = nlri_of(r);
	struct rib_key k;

	evpn_nlri_key(&n, &k);
	rib_withdraw(f->rib, &k, f->peer);
}

static const struct attrset *
local_attrs(struct fix *f, const struct evpn_nlri *n)
{
	const struct rib_path *p;
	struct rib_key k;
	uint32_t h;

	evpn_nlri_key(n, &k);
	h = rib_find(f->rib, &k);
	p = h ? rib_path_of(f->rib, rib_route(f->rib, h), 0) : NULL;
	return p ? attrset_get(&f->attrs, p->attrs) : NULL;
}

const struct attrset *
fix_local(struct fix *f, uint32_t vni, struct mac mac, struct ip ip)
{
	struct evpn_nlri n = { .type = EVPN_MACIP,
		.rd = evi_find(f->e, vni)->ident.rd,
		.mac = mac,
		.ip = ip };

	return local_attrs(f, &n);
}

const struct attrset *
fix_local_imet(struct fix *f, uint32_t vni)
{
	struct evpn_nlri n = { .type = EVPN_IMET,
		.rd = evi_find(f->e, vni)->ident.rd,
		.ip = evi_find(f->e, vni)->ident.vtep };

	return local_attrs(f, &n);
}

bool
fix_has(struct fix *f, uint32_t vni)
{
	return evi_find(f->e, vni) != NULL;
}

char *
fix_dump(struct fix *f)
{
	struct strbuf s;

	strbuf_init(&s);
	kernel_dump(&f->k, &s);
	return strbuf_take(&s);
}
