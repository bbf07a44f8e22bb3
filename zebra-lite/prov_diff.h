/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_diff.h: the one comparison of wanted devices with the kernel.
 *
 * What    Yields steps: what is to be written, and what stands in the way.  The plan prints
 *         them, apply writes them, and a healthy machine has none.
 * Order   Removals first, then devices in the order of the table, each from its making to
 *         its last address.  A step whose device is not there yet has ifindex 0; one that
 *         must wait for another step of its device is `later`: apply takes both in the next round.
 * Ours    Devices with our mark, addresses with our number, VLANs of our devices and of
 *         configured ports.  Nothing else is changed.
 * Pure    Reads interfaces and files of /proc/sys; changes nothing.
 */
#ifndef EVPND_ZEBRA_LITE_PROV_DIFF_H
#define EVPND_ZEBRA_LITE_PROV_DIFF_H

#include "lib/strbuf.h"
#include "zebra-lite/prov_want.h"

enum prov_op {
	PROV_DEL,      /* remove a device of ours */
	PROV_RELEASE,  /* a port leaves our bridge */
	PROV_NEW,      /* make a device */
	PROV_SET,      /* `what` of a device */
	PROV_BRPORT,   /* flags of a bridge's port */
	PROV_VLAN,     /* a VLAN at a port, or of a bridge */
	PROV_VLAN_DEL, /* one too many */
	PROV_VNI,      /* a VNI for the filter of a VXLAN device */
	PROV_VNI_DEL,  /* one too many */
	PROV_ADDR,     /* an address */
	PROV_ADDR_DEL, /* one of ours too many */
	PROV_CONF,     /* a sysctl: conf */
	PROV_PROBLEM,  /* what stands in the way: text */
};

/* A sysctl under net.FAMILY.conf. */
struct prov_conf {
	const char *family, *name; /* "ipv4", "arp_accept" */
	uint16_t id;		   /* IPV4_DEVCONF_*, 0: written by its file */
	unsigned flags;		   /* devices that need it: PROV_*; 0: "all" */
	bool ipv6;		   /* only if they have IPv6 addresses */
	long value;		   /* as it should be */
};

struct prov_step {
	enum prov_op op;	      /* what */
	const struct prov_dev *dev;   /* borrowed from the table; NULL: none any more */
	uint32_t ifindex;	      /* of the device, 0 not there yet */
	bool later;		      /* another step of the device comes first */
	bool error;		      /* PROBLEM: of something new */
	unsigned what;		      /* SET: NL_DEV_* */
	struct prov_vlan vlan;	      /* VLAN, VNI */
	struct prefix addr;	      /* ADDR */
	const struct prov_conf *conf; /* CONF */
	char subject[ZL_IFNAME];      /* name of the device */
	char *text;		      /* PROBLEM; owned */
	enum zl_prov_kind kind;	      /* PROBLEM: what it is about, see struct zl_step */
	uint32_t vni;		      /* the same */
	const char *leaf;	      /* the same; static */
};

struct prov_steps {
	struct prov_step *s; /* owned */
	uint32_t n, cap;     /* of them, and room */
};

/* A port that we put into a bridge of ours, and which is wanted there no more. */
struct prov_left {
	char port[ZL_IFNAME];	/* its name */
	char bridge[ZL_IFNAME]; /* where it was put */
};

/* VLANs of an adopted bridge that were there before we wanted them: they stay. */
struct prov_found {
	char bridge[ZL_IFNAME]; /* which, "" none */
	uint8_t vids[512];	/* a bit for each VLAN */
};

struct prov_diff {
	const struct prov_want *want; /* borrowed */
	const struct prov_want
	    *had; /* applied before, for what is an error; borrowed, NULL none */
	const struct prov_want *before; /* of the round before; borrowed */
	const struct iface *f;		/* borrowed */
	const struct prov_left *left;	/* borrowed */
	uint32_t nleft;			/* of them */
	const struct prov_found *found; /* borrowed; NULL none */
	bool conf;			/* look at sysctls, too */
};

/* Looks for VLANs that are wanted since this round, before anything is written for them. */
void prov_find(const struct prov_diff *d, struct prov_found *found);
/* Appends to steps, which was initialised with zeros. */
void prov_diff(const struct prov_diff *d, struct prov_steps *steps);
void prov_steps_fini(struct prov_steps *steps);
/* A sentence about the step, without its subject. */
void prov_step_text(const struct prov_step *s, struct strbuf *out);

#endif
