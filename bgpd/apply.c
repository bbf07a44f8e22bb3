/* SPDX-License-Identifier: ISC */
/* bgpd/apply.c: bgp_apply(): from what runs to what a new configuration says.
 *
 * Each peer's old and new configuration are compared member by member; a table says what a
 * change of each costs: nothing, a refresh in one direction, or the session. */
#include "config.h"

#include <string.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/peer_priv.h"
#include "bgpd/routemap.h"
#include "lib/util.h"

LOG_MODULE("bgp.conf");

enum change {
	CHANGE_NONE = 0,
	CHANGE_IN = 1,	  /* of a family: routes that were not kept are asked for again */
	CHANGE_OUT = 2,	  /* of a family: what goes out is worked out again */
	CHANGE_RESET = 4, /* a new session */
	CHANGE_HOLD = 8,  /* whether it runs at all */
	CHANGE_RETRY = 16, /* the machine's own parameters */
	CHANGE_LIMIT = 32, /* max-prefix is looked at again */
};

enum kind { K_BYTES, K_STRING, K_MAP };

struct member {
	size_t off, size; /* in struct peer_conf or struct peer_af_conf */
	enum kind kind;	  /* how to compare */
	unsigned change;  /* CHANGE_* */
};

#define M(m, c)                                                                          \
	{                                                                                \
		offsetof(struct peer_conf, m), sizeof(((struct peer_conf *)0)->m),       \
		    K_BYTES, c                                                           \
	}
#define S(m, c)                                                                          \
	{                                                                                \
		offsetof(struct peer_conf, m), sizeof(char *), K_STRING, c               \
	}

/* Members that are not here cost nothing: descriptions, group names, timers and limits, which are
 * read when they are needed (timers: for the next session, as in the FRR dialect). */
static const struct member members[] = {
	M(remote_as_type, CHANGE_RESET | CHANGE_HOLD),
	M(remote_as, CHANGE_RESET),
	M(port, CHANGE_RESET),
	M(update_source, CHANGE_RESET),
	S(update_source_if, CHANGE_RESET),
	M(ebgp_multihop, CHANGE_RESET),
	M(ttl_security, CHANGE_RESET),
	S(password, CHANGE_RESET),
	M(passive, CHANGE_RETRY),
	M(connect_retry, CHANGE_RETRY),
	M(shutdown, CHANGE_HOLD),
	M(enforce_first_as, CHANGE_IN),
};

#define F(m, c)                                                                          \
	{                                                                                \
		offsetof(struct peer_af_conf, m), sizeof(((struct peer_af_conf *)0)->m), \
		    K_BYTES, c                                                           \
	}

static const struct member af_members[] = {
	/* Families are agreed on once, in OPEN. */
	F(activate, CHANGE_RESET | CHANGE_HOLD),
	F(rr_client, CHANGE_RESET),
	F(next_hop_self, CHANGE_OUT),
	F(route_types, CHANGE_OUT),
	F(as_override, CHANGE_OUT),
	F(remove_private, CHANGE_OUT),
	F(remove_private_all, CHANGE_OUT),
	F(replace_private, CHANGE_OUT),
	F(weight, CHANGE_IN),
	F(allowas_in, CHANGE_IN),
	F(allowas_in_origin, CHANGE_IN),
	{ offsetof(struct peer_af_conf, map_in), 0, K_MAP, CHANGE_IN },
	{ offsetof(struct peer_af_conf, map_out), 0, K_MAP, CHANGE_OUT },
	F(max_prefix, CHANGE_LIMIT),
	F(max_prefix_warn_only, CHANGE_LIMIT),
};

static bool
string_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
member_equal(const struct member *m, const void *a, const void *b)
{
	const char *pa = (const char *)a + m->off, *pb = (const char *)b + m->off;

	if (m->kind == K_STRING)
		return string_equal(
		    *(char *const *)(const void *)pa, *(char *const *)(const void *)pb);
	if (m->kind == K_MAP)
		return rmap_equal(*(struct rmap *const *)(const void *)pa,
		    *(struct rmap *const *)(const void *)pb);
	return memcmp(pa, pb, m->size) == 0;
}

static unsigned
compare_members(const struct member *m, size_t n, const void *was, const void *is)
{
	unsigned change = CHANGE_NONE;

	for (size_t i = 0; i < n; i++)
		if (!member_equal(&m[i], was, is))
			change |= m[i].change;
	return change;
}

/* What differs: of the peer, and of each of its families. */
struct changes {
	unsigned all;
	unsigned af[AFI_SAFI_COUNT];
};

static struct changes
compare(const struct peer_conf *was, const struct peer_conf *is)
{
	struct changes c = { .all =
				 compare_members(members, ARRAY_LEN(members), was, is) };

	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++) {
		c.af[f] = compare_members(
		    af_members, ARRAY_LEN(af_members), &was->af[f], &is->af[f]);
		c.all |= c.af[f] & ~(unsigned)(CHANGE_IN | CHANGE_OUT);
	}
	return c;
}

static uint32_t
or_else(uint32_t configured, uint32_t other)
{
	return configured ? configured : other;
}

/* What of the instance every session depends on, as it is in effect. */
static bool
instance_differs(
    const struct bgp *b, const struct bgp_conf *was, const struct bgp_conf *is)
{
	uint32_t id_was = or_else(was->router_id, b->auto_id);
	uint32_t id_is = or_else(is->router_id, b->auto_id);

	return was->as != is->as || id_was != id_is ||
	       or_else(was->cluster_id, id_was) != or_else(is->cluster_id, id_is);
}

static unsigned
compare_instance(
    const struct peer *p, const struct bgp_conf *was, const struct bgp_conf *is)
{
	unsigned change = CHANGE_NONE;

	if (instance_differs(p->bgp, was, is))
		change |= CHANGE_RESET;
	if (!p->ibgp && was->ebgp_requires_policy != is->ebgp_requires_policy)
		change |= CHANGE_RESET;
	if (was->client_to_client != is->client_to_client ||
	    was->default_local_pref != is->default_local_pref)
		change |= CHANGE_OUT;
	return change;
}

static void
converge_family(struct peer_af *af, unsigned change)
{
	struct peer *p = af->peer;

	if (change & CHANGE_OUT)
		peer_rejoin(af);
	if (!(change & CHANGE_IN) || !peer_speaks(p, af->family))
		return;
	/* Who cannot be asked again tells all in a new session. */
	if (p->nego.refresh)
		peer_request_refresh(af);
	else
		peer_reset(p, BGP_CEASE_CONFIG, "configuration change");
}

static void
converge(struct peer *p, const struct changes *c)
{
	const unsigned change = c->all;

	if (change & CHANGE_RETRY) {
		p->active->fsm.passive = peer_is_passive(p);
		p->active->fsm.connect_retry = p->conf->connect_retry;
		/* Waiting for a call, or trying in vain: begin anew. */
		if (!p->up && p->active->fsm.state < FSM_OPENSENT &&
		    p->priv->hold == PEER_RUNS) {
			session_event(p->active, FSM_EV_STOP);
			session_event(p->active, FSM_EV_START);
		}
	}
	if (change & (CHANGE_HOLD | CHANGE_RESET)) {
		enum peer_hold was = p->priv->hold;

		peer_update_hold(p);
		if (was == PEER_RUNS && p->priv->hold == PEER_RUNS &&
		    change & CHANGE_RESET)
			peer_reset(p, BGP_CEASE_CONFIG, "configuration change");
		return;
	}
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		converge_family(&p->af[f], change | c->af[f]);
	if (change & CHANGE_LIMIT)
		peer_limit_changed(p);
}

static const struct peer_conf *
find_static(const struct bgp_conf *c, struct ip addr)
{
	for (size_t i = 0; i < c->npeers; i++)
		if (ip_equal(c->peers[i].addr, addr))
			return &c->peers[i];
	return NULL;
}

/* The new configuration of a peer that exists, NULL if it has none. */
static const struct peer_conf *
conf_of(const struct bgp_conf *c, const struct peer *p)
{
	const struct peer_conf *st = find_static(c, p->addr);

	if (!c->enabled)
		return NULL;
	if (!p->dynamic)
		return st;
	/* One that called and is a neighbour of its own now begins again as such. */
	return st ? NULL : listen_template(c, p->addr);
}

static void
converge_peers(struct bgp *b, const struct bgp_conf *was, const struct bgp_conf *is)
{
	struct peer *p, *next;

	for (p = b->first; p; p = next) {
		const struct peer_conf *old = p->conf, *c = conf_of(is, p);
		struct changes change;

		next = p->next;
		if (!c) {
			peer_remove(p, BGP_CEASE_DECONFIGURED);
			continue;
		}
		p->conf = c;
		change = compare(old, c);
		change.all |= compare_instance(p, was, is);
		converge(p, &change);
	}
}

static void
add_peers(struct bgp *b, const struct bgp_conf *c)
{
	if (!c->enabled)
		return;
	for (size_t i = 0; i < c->npeers; i++)
		if (!bgp_peer_find(b, c->peers[i].addr))
			peer_new(b, &c->peers[i], c->peers[i].addr, false);
}

void
bgp_apply(struct bgp *b, const struct bgp_conf *conf)
{
	const struct bgp_conf *was = b->conf;
	struct rib_decision_conf d = {
		.always_compare_med = conf->always_compare_med,
		.deterministic_med = conf->deterministic_med,
		.compare_router_id = conf->compare_router_id,
		.multipath_relax = conf->multipath_relax,
		.default_local_pref = conf->default_local_pref,
	};

	b->conf = conf;
	for (unsigned f = 0; f < AFI_SAFI_COUNT; f++)
		rib_set_decision(b->rib[f], &d);
	listen_set_keys(b, was, conf);
	if (!was || (!was->enabled && conf->enabled))
		bgp_sync_start(b);
	if (was)
		converge_peers(b, was, conf);
	add_peers(b, conf);
}
