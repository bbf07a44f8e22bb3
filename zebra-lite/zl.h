/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl.h: the Linux kernel as a provider of zl_proto.
 *
 * What    One struct zl is a data plane: it watches the kernel (watch.c, watch_l3.c), keeps
 *         interfaces and observed entries (iface.h, observe.h, vrf.h, routes.h), writes
 *         what an engine wants (apply.h), and tells it what it sees (zl_say.c).  Of its own accord it
 *         writes only what bridges need to know of gateways (gateway.h).
 * Engine  At most one, attached by zl_attach() with its end of a socket pair.
 *         While none is there the kernel's tables stay as they are, and the index
 *         is kept up to date.
 * Flow    attach -> HELLO, listening sockets -> the engine's CONFIG -> dump ->
 *         OBSERVED_BEGIN ... END -> WANT frames, RESULTs, changes.
 * Limits  What waits for a full channel: one mark an object, and at most ZL_QUEUE_MAX
 *         lost entries and addresses; more than that are a reason to dump.
 * Owns    Everything in it, the channel too.
 */
#ifndef EVPND_ZEBRA_LITE_ZL_H
#define EVPND_ZEBRA_LITE_ZL_H

#include "lib/chan.h"
#include "zebra-lite/apply.h"
#include "zebra-lite/doctor.h"
#include "zebra-lite/gateway.h"
#include "zebra-lite/hops.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/nexthop.h"
#include "zebra-lite/nl.h"
#include "zebra-lite/observe.h"
#include "zebra-lite/outq.h"
#include "zebra-lite/prov.h"
#include "zebra-lite/reconcile.h"
#include "zebra-lite/routes.h"
#include "zebra-lite/snoop.h"
#include "zebra-lite/vrf.h"
#include "zebra-lite/vtep_nh.h"
#include "zebra-lite/zl_proto.h"

#define ZL_QUEUE_MAX 65536

/* A ZL_WANT or ZL_PROBE that came during a dump: a question is about what was written before it. */
struct zl_frame {
	struct zl_frame *next; /* in order of arrival */
	uint16_t type;	       /* enum zl_type */
	size_t len;	       /* bytes of body */
	uint8_t body[];	       /* as received */
};

/* What the owner hears. */
struct zl_ops {
	void (*on_ready)(void *arg);			/* ZL_READY */
	void (*on_status)(void *arg, const char *text); /* ZL_STATUS */
	/* What zl_remove_all() started is over. */
	void (*on_removed)(void *arg);
	/* The engine closed the channel or broke the protocol; it is detached already. */
	void (*on_gone)(void *arg, const char *why);
};

struct zl {
	struct loop *loop;	  /* borrowed */
	const struct zl_ops *ops; /* borrowed */
	void *arg;		  /* for ops */
	bool kernel;		  /* false: there is no kernel to watch (--no-kernel) */
	int rcvbuf;		  /* of the monitors */
	struct nl nl;		  /* sockets for writes and dumps */
	struct nl_mon mon_iface;  /* links, VLANs, VNI filters, addresses */
	struct nl_mon mon_table;  /* forwarding databases and neighbours */
	struct nl_mon mon_l3;	  /* routes and nexthops */
	struct iface iface;	  /* what is where */
	struct observe obs;	  /* entries of others */
	struct vtep_nhs vteps;	  /* what FDB entries point to */
	struct vrfs vrfs;	  /* VRF devices */
	struct hops hops;	  /* nexthop objects of ours */
	struct routes routes;	  /* routes of others */
	struct gateways gateways; /* MACs of gateways */
	struct apply apply;	  /* writer */
	struct reconcile rec;	  /* dumps and sweeps */
	struct nexthops nexthops; /* addresses that the engine watches */
	struct snoop snoop;	  /* what hosts say */
	struct prov prov;	  /* devices that we make */
	struct doctor doctor;	  /* what is wrong with the machine's settings */
	struct loop_work resolve; /* iface_resolve() after a batch of events */
	struct loop_timer resolve_later; /* the same, when it has just been done */
	struct mono resolved;		 /* when it last ended */
	int64_t resolve_cost;		 /* how long it took then, microseconds */
	bool removing;			 /* zl_remove_all() is at work */
	bool dumping;		     /* messages come from a dump, not from a monitor */
	struct slab arrivals;	     /* arrive.c's */
	struct nl_batch probe;	     /* single questions */
	struct nl_batch sweep_batch; /* deletions of nexthops */
	struct loop_work hop_sweep;  /* those, a batch a slice */
	void (*on_hops_swept)(struct zl *z); /* when that is over */
	unsigned long swept;		     /* entries that the sweep took */

	struct chan chan;	 /* to the engine */
	bool attached;		 /* there is one */
	bool configured;	 /* it sent ZL_CONFIG */
	struct zl_config config; /* as it did */
	uint32_t epoch;		 /* of the last OBSERVED_BEGIN */
	bool begin_due, end_due; /* BEGIN is to be said; END is, when all else was */
	struct loop_work say;	 /* sends what is to be said */
	uint8_t *out;		 /* owned, ZL_MSG_MAX: frame being built */
	struct outq lost;	 /* of struct zl_want */
	struct outq addrs;	 /* of struct zl_addr */
	struct zl_frame *frames, **frames_tail; /* owned: wait for the end of a dump */
	struct loop_timer count_tick;		/* tells counters */
	uint64_t counted;    /* sum of all counters when they were told last */
	unsigned long drift; /* entries of ours that others took away */
};

/* kernel false: nothing is opened.  rcvbuf: bytes of each monitor's queue in the kernel, 0 = the
 * default.  0 or negative errno. */
int zl_init(struct zl *z, struct loop *l, bool kernel, int rcvbuf,
    const struct zl_ops *ops, void *arg);
void zl_fini(struct zl *z);
/* fd: our end of the engine's channel, owned from here on. */
void zl_attach(struct zl *z, int fd);
void zl_detach(struct zl *z);
/* Takes all entries of ours out of the kernel; on_removed follows.  No engine may be attached. */
void zl_remove_all(struct zl *z);
/* Passes a listening socket to the attached engine; fd is duplicated. */
void zl_engine_gone(struct zl *z, const char *why);
/* A ZL_WANT or ZL_PROBE: at once, or after the dump that is running, in order.  False: malformed. */
bool zl_frame(struct zl *z, uint16_t type, struct rbuf *r);
void zl_frames_late(struct zl *z); /* the dump is over */
void zl_frames_drop(struct zl *z);
void zl_send_listener(struct zl *z, int fd, const struct zl_listen *l);

/* arrive.c: an entry of ours that a dump found; when all is known, those of hosts that are here are
 * given to the kernel. */
void arrive_init(struct zl *z);
void arrive_fini(struct zl *z);
void arrive_dumped(struct zl *z, const struct nl_neigh *e);
void arrive_take(struct zl *z);
/* The VNI that is up and has this SVI, NULL if none. */
const struct iface_vni *zl_vni_of_svi(struct zl *z, uint32_t ifindex);
/* The bridge has it at a port that is no VXLAN device's, and it is not the machine's own. */
bool zl_mac_is_local(struct zl *z, const struct iface_vni *v, struct mac mac);
/* The bridge has it behind a VXLAN device, by its own word. */
bool zl_mac_is_away(struct zl *z, const struct zl_vni *v, struct mac mac);
/* An entry of ours may become the kernel's: its host is no next hop, and may move. */
bool zl_neigh_may_move(struct zl *z, const struct iface_vni *v, const struct nl_neigh *e);

/* zl_count.c: counters of this process, told to an attached engine. */
void zl_count_init(struct zl *z);
void zl_count_start(struct zl *z);
void zl_count_stop(struct zl *z);

/* zl_dev.c: devices that we make. */
void zl_dev_init(struct zl *z);
bool zl_dev_frame(struct zl *z, struct rbuf *r); /* a ZL_PROV body */

/* Interfaces have changed. */
void zl_resolve(struct zl *z);

/* zl_say.c: what is to be said, to the parts that find it. */
void zl_say_init(struct zl *z);
void zl_say_wake(struct zl *z);
void zl_say_everything(struct zl *z); /* from OBSERVED_BEGIN to OBSERVED_END */
void zl_say_nothing(struct zl *z);    /* no engine: drop what waits */
void zl_say_lost(struct zl *z, const struct zl_want *w);
void zl_say_addr(struct zl *z, const struct zl_addr *a);
void zl_say_result(struct zl *z, uint32_t seq);

/* watch.c: what the kernel says. */
int watch_open(struct zl *z);
void watch_close(struct zl *z);
void watch_pause(struct zl *z);
void watch_resume(struct zl *z); /* and reads what has waited */
void watch_iface_msg(void *arg, const struct nlmsghdr *h);
void watch_table_msg(void *arg, const struct nlmsghdr *h);
/* watch_l3.c: what it says of routes and nexthops. */
void watch_l3_init(struct zl *z);
int watch_l3_open(struct zl *z, void (*on_lost)(void *arg));
void watch_l3_msg(void *arg, const struct nlmsghdr *h);
void watch_l3_link(struct zl *z, const struct nl_link *old, const struct nl_link *now);
void watch_hop_lost(struct zl *z, const struct hop *p);
/* Deletes the nexthops that nobody wanted since the last dump. */
void watch_l3_sweep(struct zl *z, void (*done)(struct zl *z));
/* host_probe.c: asks a host whether it is there. */
void host_probe(struct zl *z, const struct zl_probe *m);
/* bind.c: VNIs and their domains. */
extern const struct iface_ops bind_iface_ops;

#endif
