/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl_fdb.h: forwarding database entries of bridges and VXLAN devices.
 *
 * What    Decodes RTM_*NEIGH messages of AF_BRIDGE (dump, event, answer to a get)
 *         and builds ours.  A remote MAC is two entries: MAC -> VTEP in the VXLAN
 *         device's own table ("self") and MAC -> VXLAN port in the bridge's
 *         ("master"), written by one message, or by one for each where each one's
 *         result matters.  A VTEP that gets flooded frames is a destination of the
 *         all-zero MAC in the VXLAN table.
 * Marks   Ours carry NTF_EXT_LEARNED: the bridge neither ages nor flushes such an
 *         entry, and lets it move to another port when the host is heard there.
 *         The kernel keeps no NDA_PROTOCOL for FDB entries; it is sent anyway.
 *         A sticky MAC is written twice into the bridge, first as externally
 *         learnt, then as static and sticky: the kernel keeps both marks.  It does so
 *         when an operator makes our entry static, too: such a one is not ours.
 * State   NUD_NOARP | NUD_REACHABLE on a VXLAN device: survives the device's
 *         being down and up, is not `permanent`.
 */
#ifndef EVPND_ZEBRA_LITE_NL_FDB_H
#define EVPND_ZEBRA_LITE_NL_FDB_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct nl;
struct nl_batch;

/* Our number among routing protocols (rtnetlink's RTPROT_*, iproute2's rt_protos):
 * BGP's port, and free in both lists. */
#define EVPND_RTPROT 179

struct nl_fdb {
	bool del;  /* RTM_DELNEIGH */
	bool ours; /* carries our mark (NTF_EXT_LEARNED) and is no static bridge entry */
	bool marked;	/* carries it, whatever else it is */
	bool sticky;	/* NTF_STICKY */
	bool fixed;	/* NUD_NOARP or NUD_PERMANENT: does not age */
	bool permanent; /* NUD_PERMANENT: in a bridge table, the machine's own address */
	uint32_t ifindex; /* the bridge port, or the device whose own table it is in */
	uint32_t bridge;  /* in the table of this bridge; 0: in the device's own */
	uint16_t vid;	  /* VLAN, 0 none */
	struct mac mac;	  /* key within the table (and VLAN) */
	struct ip dst;	  /* VXLAN: remote VTEP, none if not an address */
	uint32_t src_vni; /* VXLAN `external`: VNI that it is for, 0 none */
	uint32_t nh_id;	  /* VXLAN: nexthop group in place of dst, 0 none */
};

bool nl_fdb_parse(const struct nlmsghdr *h, struct nl_fdb *out);
void nl_fdb_dump(struct nl *nl, void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);

/* Each adds one message.  src_vni is 0 except on an `external` device; nh_id is what goes in place
 * of vtep, unless 0 (vtep_nh.h).  The kernel refuses (EOPNOTSUPP) to replace an address by an id, and
 * replaces an id by an address only in its answer: delete such an entry first. */
void nl_fdb_put_vxlan(struct nl_batch *b, bool del, uint32_t vxlan, struct mac mac,
    struct ip vtep, uint32_t nh_id, uint32_t src_vni);
/* Both entries of a MAC; the kernel writes the bridge's first. */
void nl_fdb_put_both(struct nl_batch *b, uint32_t vxlan, struct mac mac, struct ip vtep,
    uint32_t nh_id, uint32_t src_vni, uint16_t vid);
void nl_fdb_put_flood(
    struct nl_batch *b, bool del, uint32_t vxlan, struct ip vtep, uint32_t src_vni);
/* port: the VXLAN device as a port of its bridge. */
void nl_fdb_put_bridge(
    struct nl_batch *b, bool del, uint32_t port, struct mac mac, uint16_t vid);
/* To follow nl_fdb_put_bridge() for a MAC that may not move. */
void nl_fdb_put_bridge_sticky(
    struct nl_batch *b, uint32_t port, struct mac mac, uint16_t vid);
/* An address of the bridge's own machine, in the bridge's table. */
void nl_fdb_put_local(
    struct nl_batch *b, bool del, uint32_t bridge, struct mac mac, uint16_t vid);
/* Asks for one entry of a bridge's table (nl_get). */
void nl_fdb_put_get(struct nl_batch *b, uint32_t bridge, struct mac mac, uint16_t vid);

#endif
