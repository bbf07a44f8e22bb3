/* SPDX-License-Identifier: ISC */
/* tests/unit/evpn_fix.h: one EVPN engine between a RIB and a fake kernel, for unit tests.
 *
 * What    The RIB has this router (pseudo-peer 0) and one remote peer whose routes
 *         the test writes; the kernel is tests/sim/kernel.h; the clock is virtual.
 * Values  VTEPs 10.0.0.N; ours is 10.0.0.5 unless said otherwise, router id too; AS 65000.
 */
#ifndef EVPND_TESTS_UNIT_EVPN_FIX_H
#define EVPND_TESTS_UNIT_EVPN_FIX_H

#include "bgpd/nlri.h"
#include "evpn/core.h"
#include "tests/sim/kernel.h"

struct fix {
	struct loop *loop;
	struct attrtab attrs;
	struct rib *rib;
	struct kernel k;
	struct evpn *e;
	struct evpn_conf conf;
	uint16_t peer; /* the remote one's index in the RIB */
};

/* A remote route; VTEP 10.0.0.n, RD 10.0.0.n:vni. */
struct fix_route {
	unsigned n;		      /* of the VTEP */
	uint32_t vni;		      /* of RD, label and route target */
	struct mac mac;		      /* type 2; zero: type 3 */
	struct ip ip;		      /* type 2: host */
	uint32_t seq;		      /* mobility */
	bool sticky, gateway, router; /* communities */
	bool no_encap;		      /* without the encapsulation community */
	bool mpls;		      /* with another encapsulation */
	bool no_pmsi;		      /* type 3 without its attribute */
	uint8_t pmsi_type; /* type 3: another tunnel type; 0: ingress replication */
	uint32_t label2;   /* second label, 0: none */
	bool zero_mac;	   /* type 2 although the MAC is zero */
	uint32_t rt_as;	   /* route target's AS, 0: 65000 */
	struct ip nexthop; /* none: the VTEP */
	uint32_t label;	   /* 0: the VNI */
	uint32_t tag;	   /* Ethernet tag */
};

void fix_open(struct fix *f);
void fix_close(struct fix *f);
/* Until nothing moves any more; the clock stands. */
void fix_run(struct fix *f);
void fix_run_for(struct fix *f, int64_t us);
/* Configured, VNI up with the VTEP 10.0.0.5, observed, synchronised. */
void fix_ready(struct fix *f, uint32_t vni);

/* The kernel speaks to the engine again: after a restart of either, all is said; or just goes on. */
void fix_open_dp(struct fix *f);
void fix_reconnect(struct fix *f);

struct ip fix_vtep(unsigned n); /* 10.0.0.n */
struct ip fix_ip(const char *s);
struct mac fix_mac(unsigned n); /* 02:00:00:00:00:n */
void fix_announce(struct fix *f, const struct fix_route *r);
void fix_withdraw(struct fix *f, const struct fix_route *r);

/* Our own route for this MAC (and IP, or none): its attributes, NULL if there is none. */
const struct attrset *fix_local(
    struct fix *f, uint32_t vni, struct mac mac, struct ip ip);
const struct attrset *fix_local_imet(struct fix *f, uint32_t vni);
bool fix_has(struct fix *f, uint32_t vni); /* there is such an instance */
/* The kernel's tables as text; the caller frees. */
char *fix_dump(struct fix *f);

#endif
