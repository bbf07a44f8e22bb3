/* SPDX-License-Identifier: ISC */
/* tests/sim/kernel.h: a fake data plane behind zl_proto, with a kernel's habits.
 *
 * What    Bridges, VXLAN FDB and neighbour tables in memory.  Hosts send frames and
 *         ARP; the bridge learns, moves and ages; the engine's wanted records are
 *         written, refused or failed; everything is said by the messages of
 *         zl_proto.h, encoded and decoded like on the real channel.
 * Habits  A frame takes an entry of ours over to the local port unless it is sticky.
 *         An operator's entry is replaced by nobody.  A SET over a learnt local
 *         entry takes it over and says so, unless the engine has not heard of it yet.  ARP by a MAC at a local port takes an entry of ours
 *         over that names another MAC (zebra-lite/snoop.h).
 *         A probe is answered by a host that is there, by a frame and by ARP.
 * Routing VRF devices with tables; hops, groups and routes of the engine, which vanish with
 *         what they lead over and say nothing of it, as in a kernel; others' routes.
 * Time    Messages wait in two queues, to and from the kernel; each is handled
 *         after a delay that the owner sets (0: at once, from the loop).
 * Owns    Its tables and queues.  One kernel serves one engine at a time.
 */
#ifndef EVPND_TESTS_SIM_KERNEL_H
#define EVPND_TESTS_SIM_KERNEL_H

#include "lib/loop.h"
#include "lib/strbuf.h"
#include "zebra-lite/zl_proto.h"

enum k_owner { K_NONE, K_LEARNT, K_OPERATOR, K_OURS };

struct k_fdb {
	uint32_t vni;	    /* key */
	struct mac mac;	    /* key */
	enum k_owner owner; /* who put it there */
	bool sticky;	    /* may not move */
	bool stale;	    /* ours, from before a restart, not wanted again yet */
	bool gateway;	    /* an interface's above the SVI */
	struct ip vtep;	    /* ours: where it points */
	uint32_t port;	    /* else: local port */
	uint32_t said;	    /* likewise: number of the frame that told of it last */
};

struct k_flood {
	uint32_t vni;	/* key */
	struct ip vtep; /* key */
	bool stale;	/* as above */
};

struct k_neigh {
	uint32_t vni;	    /* key */
	struct ip ip;	    /* key */
	enum k_owner owner; /* who put it there */
	bool stale;	    /* as above */
	bool svi;	    /* the SVI's own address */
	bool router;	    /* R flag */
	bool unsure;	    /* learnt: not confirmed lately (NUD_STALE) */
	bool gateway;	    /* with svi: a macvlan's above it */
	struct mac mac;	    /* binding */
	uint32_t said;	    /* not ours: as above */
};

struct k_hop {
	uint32_t id;	/* key */
	uint32_t vni;	/* over whose SVI */
	struct ip gw;	/* next hop */
	struct mac mac; /* router MAC */
	uint32_t encap; /* VNI of a tunnel of its own, 0 none */
	bool stale;	/* as above */
};

struct k_group {
	uint32_t id; /* key */
	unsigned n;  /* members */
	bool stale;  /* as above */
	uint32_t members[ZL_GROUP_MAX];
};

struct k_route {
	uint32_t table;	      /* key */
	struct prefix prefix; /* key */
	bool ours;	      /* else `said` is what it is */
	bool stale;	      /* as above */
	uint8_t flags;	      /* ours: ZL_F_UNREACHABLE, ZL_F_VRF */
	uint32_t id;	      /* ours: hop, group or device */
	struct zl_route said; /* somebody else's */
};

struct k_msg;

struct kernel {
	struct loop *loop;   /* borrowed */
	struct zl_vni *vnis; /* owned */
	size_t nvnis;
	struct k_fdb *fdb; /* owned */
	size_t nfdb;
	struct k_flood *flood; /* owned */
	size_t nflood;
	struct k_neigh *neigh; /* owned */
	size_t nneigh;
	struct zl_vrf *vrfs; /* owned */
	size_t nvrfs;
	struct k_hop *hops; /* owned */
	size_t nhops;
	struct k_group *groups; /* owned */
	size_t ngroups;
	struct k_route *routes; /* owned */
	size_t nroutes;
	uint32_t *tables; /* owned: that the engine watches */
	size_t ntables;
	unsigned orphans;		       /* routes that went with their last hop */
	struct k_msg *in, *in_tail;	       /* owned: from the engine */
	struct k_msg *out, *out_tail;	       /* owned: to the engine */
	struct loop_timer in_timer, out_timer; /* the heads' delays */
	int64_t (*delay)(void *arg); /* microseconds for the next message; NULL = 0 */
	void *delay_arg;
	bool (*deliver)(void *arg, uint16_t type, const uint8_t *body, size_t len);
	void *deliver_arg; /* of the engine; deliver NULL: nobody is there */
	/* Is this host at one of our ports now?  NULL: none ever answers. */
	bool (*answers)(
	    void *arg, uint32_t vni, struct ip ip, struct mac mac, uint32_t *port);
	void *answers_arg;
	bool mute;	/* probes are lost without a word */
	int fail_errno; /* the next `fail_count` SETs fail with this */
	unsigned fail_count;
	size_t queue_max;	    /* k_send() refuses above this many messages */
	void (*drained)(void *arg); /* the queue has room again */
	void *drained_arg;
	bool refused;				  /* drained() is owed */
	bool malformed;				  /* the engine broke the contract */
	uint32_t epoch;				  /* of the last ZL_OBSERVED_BEGIN */
	unsigned wants, sets, dels, syncs, swept; /* records and messages seen */
	unsigned probes;			  /* questions seen */
	unsigned told;				  /* SETs with ZL_F_MOVED */
	unsigned late;				  /* SETs refused with ESTALE */
	uint32_t said;	   /* ZL_MAC and ZL_NEIGH frames of this channel */
	uint32_t heard;	   /* of them, by the head of the running ZL_WANT */
	uint32_t last_seq; /* of ZL_WANT */
};

void kernel_init(struct kernel *k, struct loop *l);
void kernel_fini(struct kernel *k);
/* The engine's struct evpn_dp.send; arg is the kernel. */
bool kernel_send(void *kernel, uint16_t type, const void *body, size_t len);
/* A new engine: forgets what was queued, marks our entries stale, says everything. */
void kernel_attach(struct kernel *k);
/* The engine is gone: nothing is delivered any more, tables stay. */
void kernel_detach(struct kernel *k);
/* Nothing waits in either direction. */
bool kernel_idle(const struct kernel *k);

/* The operator's hand. */
void kernel_vni(struct kernel *k, const struct zl_vni *v); /* made or changed */
void kernel_vni_gone(struct kernel *k, uint32_t vni);
struct zl_vni kernel_vni_of(
    uint32_t vni, struct ip local); /* an ordinary one, up, with SVI */
void kernel_static(
    struct kernel *k, uint32_t vni, struct mac mac, uint32_t port, bool sticky);
void kernel_fdb_del(struct kernel *k, uint32_t vni, struct mac mac);
void kernel_neigh_static(
    struct kernel *k, uint32_t vni, struct ip ip, struct mac mac, bool svi);
void kernel_neigh_del(struct kernel *k, uint32_t vni, struct ip ip);
/* An anycast gateway: a macvlan above the SVI, with its MAC and address. */
void kernel_gateway(struct kernel *k, uint32_t vni, struct ip ip, struct mac mac);

void kernel_vrf(struct kernel *k, const char *name, uint32_t table); /* made, up */
void kernel_vrf_gone(struct kernel *k, const char *name);
/* Somebody else's route in a VRF; op as in zl_route, flags ZL_ROUTE_*. */
void kernel_route(struct kernel *k, const struct zl_route *r);

/* What is ours is deleted behind our back; false if it is not there. */
bool kernel_hop_del(struct kernel *k, struct ip gw);
bool kernel_route_del(struct kernel *k, const char *vrf, struct prefix p);

/* Traffic. */
void kernel_frame(struct kernel *k, uint32_t vni, struct mac src, uint32_t port);
void kernel_arp(struct kernel *k, uint32_t vni, struct ip ip, struct mac mac);
/* The host has not been heard of for a while; the entry stays. */
void kernel_stale(struct kernel *k, uint32_t vni, struct ip ip);
void kernel_age(struct kernel *k, uint32_t vni, struct mac mac);

/* The tables; NULL if there is no such entry. */
const struct k_fdb *kernel_fdb_find(const struct kernel *k, uint32_t vni, struct mac mac);
const struct k_neigh *kernel_neigh_find(
    const struct kernel *k, uint32_t vni, struct ip ip);
bool kernel_floods_to(const struct kernel *k, uint32_t vni, struct ip vtep);
/* Where a packet for the address goes, as `route` lines say it; "" nowhere. */
void kernel_lookup(
    const struct kernel *k, const char *vrf, struct ip ip, struct strbuf *out);
/* Lines in order of key: "fdb 100 02:.. via 10.0.0.2". */
void kernel_dump(const struct kernel *k, struct strbuf *out);

#endif
