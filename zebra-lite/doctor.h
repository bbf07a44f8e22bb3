/* SPDX-License-Identifier: ISC */
/* zebra-lite/doctor.h: what of this machine's settings keeps EVPN from working.
 *
 * What    A round looks at each VNI, its devices and their sysctls, and keeps a set of
 *         findings (zl_proto.h).  What a round does not find again is mended.  The
 *         engine hears of changes only; `show evpn doctor` is theirs.
 * When    Soon after interfaces have changed, and every DOCTOR_PERIOD_US, as the
 *         kernel tells nobody of a changed sysctl.
 * Slices  A round stops and goes on between VNIs: it reads some files for each.
 * Owns    The findings.  Borrows interfaces and observed entries.
 */
#ifndef EVPND_ZEBRA_LITE_DOCTOR_H
#define EVPND_ZEBRA_LITE_DOCTOR_H

#include "lib/hidx.h"
#include "lib/loop.h"
#include "lib/slab.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/observe.h"
#include "zebra-lite/zl_proto.h"

#define DOCTOR_SOON_US MONO_SEC(1)
#define DOCTOR_PERIOD_US MONO_SEC(30)

struct doctor_entry {
	struct zl_finding f; /* op: what is to be said */
	uint32_t round;	     /* that found it last */
	bool dirty;	     /* to be said */
	bool said;	     /* the engine knows it */
};

struct doctor {
	struct loop *loop;	    /* borrowed */
	const struct iface *iface;  /* borrowed */
	const struct observe *obs;  /* borrowed */
	void (*wake)(void *arg);    /* something is to be said */
	void *arg;		    /* for wake */
	struct slab entries;	    /* of struct doctor_entry */
	struct hidx index;	    /* by code, subject and VNI */
	unsigned ndirty;	    /* entries to be said */
	uint32_t say_at;	    /* entry that was said last */
	bool muted;		    /* no engine */
	uint32_t round;		    /* number of the running or last one */
	uint32_t at;		    /* VNI that the running round looked at last */
	uint32_t underlay_mtu;	    /* of this round; 0 unknown */
	char underlay[ZL_IFNAME];   /* the device that has it */
	struct ip own;		    /* an address of this machine, seen in this round */
	long rp_filter, arp_accept; /* of net.ipv4.conf.all, in this round */
	struct loop_work work;	    /* the round */
	struct loop_timer timer;    /* the next one */
};

void doctor_init(struct doctor *d, struct loop *l, const struct iface *f,
    const struct observe *o, void (*wake)(void *arg), void *arg);
void doctor_fini(struct doctor *d);
/* Interfaces have changed: a round soon. */
void doctor_soon(struct doctor *d);
/* To a new engine: all of it; no more, when it is gone. */
void doctor_say_all(struct doctor *d);
void doctor_mute(struct doctor *d);
/* The next finding to be said; false if there is none. */
bool doctor_next(struct doctor *d, struct zl_finding *out);

/* doctor_checks.c: what a round looks at, once and for each VNI. */
void doctor_check_machine(struct doctor *d);
void doctor_check_vni(struct doctor *d, const struct iface_vni *v);
/* The device that carries the underlay: that of the VTEP's address, or, where it is on a loopback
 * device, that with the largest MTU, as one cannot tell which is for management; NULL unknown. */
const struct iface_link *doctor_underlay(const struct iface *f, struct ip vtep);
/* Another program has this UDP port. */
bool doctor_port_taken(const struct iface *f, uint16_t port);
/* A check found something. */
void doctor_found(struct doctor *d, enum zl_finding_code code, const char *subject,
    uint32_t vni, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
