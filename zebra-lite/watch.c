/* SPDX-License-Identifier: ISC */
/* zebra-lite/watch.c: the kernel's events and dumps, sorted into interfaces, observed entries,
 * stale entries and losses. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stddef.h>
#include <string.h>

#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/nl_bpf.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.watch");
COUNTER(kernel_entries_lost);

/* Its link came before this event, but by another socket, which may not have been read yet. */
static void
meet_link(struct zl *z, uint32_t ifindex, bool del)
{
	if (!del && !z->dumping && !iface_find(&z->iface, ifindex))
		nl_mon_drain(&z->mon_iface);
}

/* Entries of ours. */

static void
lost(struct zl *z, uint8_t kind, uint32_t vni, struct mac mac, struct ip ip,
    struct ip vtep)
{
	const struct iface_vni *v = iface_find_vni(&z->iface, vni);
	struct zl_want w = {
		.op = ZL_SET, .kind = kind, .vni = vni, .mac = mac, .ip = ip, .vtep = vtep
	};

	/* The engine says all of a VNI again when it comes up. */
	if (!v || !(v->z.flags & ZL_VNI_UP))
		return;
	COUNT(kernel_entries_lost);
	z->drift++;
	zl_say_lost(z, &w);
}

/* An entry of ours: in a dump it is stale until wanted; when it vanishes, and was not stale, it
 * is lost.  True if the caller has to report the loss. */
static bool
ours(struct zl *z, const struct stale *s, bool del)
{
	if (del)
		return !reconcile_stale_drop(&z->rec, s);
	if (z->dumping)
		reconcile_stale_add(&z->rec, s);
	return false;
}

/* The VNI that entries of a VXLAN device's own table are for, 0 if it has none. */
static uint32_t
table_vni(const struct iface_link *dev, uint32_t src_vni)
{
	return dev->l.vxlan.external ? src_vni : dev->l.vxlan.vni;
}

/* VXLAN devices' own tables. */

static void
flood_event(struct zl *z, const struct nl_fdb *e, const struct iface_link *dev)
{
	struct stale s = { .table = APPLY_FLOOD,
		.ifindex = e->ifindex,
		.src_vni = e->src_vni,
		.ip = e->dst };
	uint32_t vni = table_vni(dev, e->src_vni), dom;

	/* The device's own default destination is its configuration. */
	if (ip_equal(e->dst, dev->l.vxlan.group))
		return;
	dom = observe_dom_find(&z->obs, OBS_FLOOD, e->ifindex, e->src_vni);
	if (e->del) {
		/* The mark is that of the first destination: theirs may hide ours. */
		observe_neigh_gone(&z->obs, dom, e->dst);
		if (ours(z, &s, true))
			lost(z, ZL_KIND_FLOOD, vni, (struct mac){ { 0 } },
			    (struct ip){ 0 }, e->dst);
	} else if (e->ours) {
		ours(z, &s, false);
	} else {
		if (dom == 0)
			dom = observe_dom(&z->obs, OBS_FLOOD, e->ifindex, e->src_vni);
		observe_neigh_set(&z->obs, dom, e->dst, e->mac, OBS_F_FIXED);
	}
}

static void
vxlan_event(struct zl *z, const struct nl_fdb *e, const struct iface_link *dev)
{
	struct stale s = { .table = APPLY_VXLAN,
		.ifindex = e->ifindex,
		.src_vni = e->src_vni,
		.mac = e->mac,
		.by_id = e->nh_id != 0 };
	uint32_t dom = observe_dom_find(&z->obs, OBS_VXLAN, e->ifindex, e->src_vni);
	bool say = false;

	if (e->del || e->ours)
		observe_mac_gone(&z->obs, dom, e->mac);
	if (z->dumping && e->nh_id && !e->ours)
		vtep_nh_hold(&z->vteps, e->nh_id);
	if (e->ours) {
		say = ours(z, &s, e->del);
	} else if (!e->del && e->fixed) {
		if (dom == 0)
			dom = observe_dom(&z->obs, OBS_VXLAN, e->ifindex, e->src_vni);
		observe_mac_set(&z->obs, dom, e->mac, e->ifindex, OBS_F_FIXED);
		/* It may have replaced ours. */
		say = !z->dumping;
	}
	if (say)
		lost(z, ZL_KIND_MAC, table_vni(dev, e->src_vni), e->mac, (struct ip){ 0 },
		    e->dst);
}

/* Bridges' tables. */

static void
bridge_lost(struct zl *z, const struct nl_fdb *e)
{
	uint32_t vni = observe_dom_vni(&z->obs, OBS_BRIDGE, e->bridge, e->vid);

	if (vni != OBS_NO_VNI)
		lost(z, ZL_KIND_MAC, vni, e->mac, (struct ip){ 0 }, (struct ip){ 0 });
}

/* An entry of ours in a bridge. */
static void
bridge_ours(struct zl *z, const struct nl_fdb *e)
{
	struct stale s = {
		.table = APPLY_BRIDGE, .ifindex = e->ifindex, .vid = e->vid, .mac = e->mac
	};
	uint32_t dom = observe_dom_find(&z->obs, OBS_BRIDGE, e->bridge, e->vid);

	observe_mac_gone(&z->obs, dom, e->mac);
	if (e->sticky && !e->del)
		observe_mac_set(&z->obs,
		    observe_dom(&z->obs, OBS_STICKY, e->bridge, e->vid), e->mac,
		    e->ifindex, 0);
	if (ours(z, &s, e->del))
		bridge_lost(z, e);
}

static void
bridge_event(struct zl *z, const struct nl_fdb *e)
{
	bool remote = iface_is_vxlan(&z->iface, e->ifindex);
	uint16_t flags = 0;
	uint32_t dom;

	if (e->ours && remote) {
		bridge_ours(z, e);
		return;
	}
	if (e->permanent && (e->del || z->dumping))
		gateways_fdb(&z->gateways, e);
	if (e->del) {
		dom = observe_dom_find(&z->obs, OBS_BRIDGE, e->bridge, e->vid);
		observe_mac_gone(&z->obs, dom, e->mac);
		return;
	}
	if (e->fixed || e->ours)
		flags |= OBS_F_FIXED;
	if (e->permanent)
		flags |= OBS_F_OWN;
	/* What another program's control plane put on a port is not for us to advertise. */
	if (remote || (e->ours && !e->fixed))
		flags |= OBS_F_REMOTE;
	if (e->sticky)
		flags |= OBS_F_STICKY;
	dom = observe_dom(&z->obs, OBS_BRIDGE, e->bridge, e->vid);
	observe_mac_set(&z->obs, dom, e->mac, e->ifindex, flags);
	if (remote && e->fixed && !z->dumping)
		bridge_lost(z, e);
}

/* Asks the bridge what it has now; an answer that there is nothing is a deletion. */
static void
on_probe_fdb(void *arg, const struct nlmsghdr *h)
{
	struct nl_fdb *e = arg, now;

	if (nl_fdb_parse(h, &now))
		*e = now;
}

static void
bridge_doubt(struct zl *z, const struct nl_fdb *e)
{
	struct nl_fdb now = *e;

	nl_fdb_put_get(&z->probe, e->bridge, e->mac, e->vid);
	now.del = true;
	now.ours = false;
	if (nl_get(&z->nl, &z->probe, on_probe_fdb, &now) != 0)
		bridge_lost(z, e);
	nl_batch_reset(&z->probe);
	bridge_event(z, &now);
}

static void
fdb_msg(void *arg, const struct nlmsghdr *h)
{
	struct zl *z = arg;
	const struct iface_link *dev;
	enum apply_echo echo;
	struct nl_fdb e;

	if (!nl_fdb_parse(h, &e) || mac_is_multicast(e.mac))
		return;
	echo = z->dumping ? APPLY_FOREIGN : apply_echo_fdb(&z->apply, &e);
	if (echo == APPLY_OURS)
		return;
	meet_link(z, e.ifindex, e.del);
	if (e.bridge) {
		if (echo == APPLY_DOUBT)
			bridge_doubt(z, &e);
		else
			bridge_event(z, &e);
		return;
	}
	/* See open_tables(): not an entry, but a second notice of one. */
	if (e.dst.len == 0 && e.nh_id == 0)
		return;
	dev = iface_find(&z->iface, e.ifindex);
	if (!dev || dev->l.kind != NL_KIND_VXLAN)
		return;
	if (mac_is_zero(e.mac))
		flood_event(z, &e, dev);
	else
		vxlan_event(z, &e, dev);
}

/* Neighbours. */

static void
neigh_lost(struct zl *z, const struct nl_neigh *e)
{
	uint32_t vni = observe_dom_vni(&z->obs, OBS_SVI, e->ifindex, 0);
	const struct hop *p = hops_by_gateway(&z->hops, e->ifindex, e->ip, NULL);

	if (p)
		watch_hop_lost(z, p);
	else if (vni != OBS_NO_VNI)
		lost(z, ZL_KIND_NEIGH, vni, e->mac, e->ip, (struct ip){ 0 });
}

static void
neigh_event(struct zl *z, const struct nl_neigh *e)
{
	struct stale s = { .table = APPLY_NEIGH, .ifindex = e->ifindex, .ip = e->ip };
	uint16_t flags = 0;
	uint32_t dom;

	if (!e->valid || e->ours) {
		dom = observe_dom_find(&z->obs, OBS_SVI, e->ifindex, 0);
		observe_neigh_gone(&z->obs, dom, e->ip);
		if (z->dumping && e->ours && !e->del)
			arrive_dumped(z, e);
		if (e->our_number && (e->del || e->ours) && ours(z, &s, e->del))
			neigh_lost(z, e);
		return;
	}
	if (e->fixed)
		flags |= OBS_F_FIXED;
	if (e->stale)
		flags |= OBS_F_STALE;
	if (e->router)
		flags |= OBS_F_ROUTER;
	dom = observe_dom(&z->obs, OBS_SVI, e->ifindex, 0);
	observe_neigh_set(&z->obs, dom, e->ip, e->mac, flags);
	/* Written over ours. */
	if (e->our_number && !z->dumping)
		neigh_lost(z, e);
}

static void
on_probe_neigh(void *arg, const struct nlmsghdr *h)
{
	struct nl_neigh *e = arg, now;

	if (nl_neigh_parse(h, &now))
		*e = now;
}

static void
neigh_doubt(struct zl *z, const struct nl_neigh *e)
{
	struct nl_neigh now = *e;

	nl_neigh_put_get(&z->probe, e->ifindex, e->ip);
	now.del = true;
	now.valid = now.ours = now.our_number = false;
	if (nl_get(&z->nl, &z->probe, on_probe_neigh, &now) != 0)
		neigh_lost(z, e);
	nl_batch_reset(&z->probe);
	neigh_event(z, &now);
}

static void
neigh_msg(void *arg, const struct nlmsghdr *h)
{
	struct zl *z = arg;
	enum apply_echo echo;
	struct nl_neigh e;

	if (!nl_neigh_parse(h, &e) || ip_is_multicast(e.ip) || ip_is_zero(e.ip))
		return;
	meet_link(z, e.ifindex, e.del);
	if (!iface_may_be_svi(&z->iface, e.ifindex) &&
	    !iface_is_vxlan(&z->iface, e.ifindex))
		return;
	echo = z->dumping ? APPLY_FOREIGN : apply_echo_neigh(&z->apply, &e);
	if (echo == APPLY_DOUBT)
		neigh_doubt(z, &e);
	else if (echo == APPLY_FOREIGN)
		neigh_event(z, &e);
}

void
watch_table_msg(void *arg, const struct nlmsghdr *h)
{
	const struct ndmsg *nd = nlmsg_data(h);

	if (h->nlmsg_type != RTM_NEWNEIGH && h->nlmsg_type != RTM_DELNEIGH) {
		watch_l3_msg(arg, h);
		return;
	}
	if (!nlmsg_valid_hdr(h, sizeof *nd))
		return;
	if (nd->ndm_family == AF_BRIDGE)
		fdb_msg(arg, h);
	else
		neigh_msg(arg, h);
}

/* Interfaces. */

void
watch_iface_msg(void *arg, const struct nlmsghdr *h)
{
	struct zl *z = arg;
	struct nl_link l;
	struct nl_ifaddr a;

	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (nl_link_parse(h, &l))
			iface_link_event(&z->iface, &l);
		break;
	case RTM_NEWVLAN:
	case RTM_DELVLAN:
		nl_vlan_parse(h, iface_vlan_event, &z->iface);
		break;
	case RTM_NEWTUNNEL:
	case RTM_DELTUNNEL:
		nl_vnirange_parse(h, iface_vnirange_event, &z->iface);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		if (nl_ifaddr_parse(h, &a))
			iface_addr_event(&z->iface, &a);
		break;
	default:
		break;
	}
	if (!z->dumping)
		zl_resolve(z);
}

/* Monitors. */

static void
on_lost_events(void *arg)
{
	struct zl *z = arg;

	log_warn("kernel: events were lost, dumping again (receive buffer full)");
	reconcile_soon(&z->rec);
}

#define OFF_FAMILY NLMSG_HDRLEN
#define OFF_STATE (NLMSG_HDRLEN + (uint32_t)offsetof(struct ndmsg, ndm_state))
#define OFF_FLAGS (NLMSG_HDRLEN + (uint32_t)offsetof(struct ndmsg, ndm_flags))

/* One socket for forwarding databases and neighbours: the kernel copies each event for every
 * subscriber before it asks the filter.
 *
 * Dropped are additions with NTF_EXT_LEARNED: reading our own back would cost a third of the
 * speed.  Those of static entries of a bridge pass, as somebody may have written them over ours,
 * which leaves the mark.  Deletions pass, ours too.  Dropped as well is what says of a device's
 * own table neither destination nor nexthop: address filters of Ethernet devices, and the second
 * message about each VXLAN entry that Linux 6.1 sends (which lacks the marks). */
static int
open_tables(struct zl *z)
{
	static const int groups[] = { RTNLGRP_NEIGH, 0 };
	const struct sock_filter filter[] = {
		/* 0 */ LOAD16(OFF_TYPE),
		/* 1 */ IF_EQ(htons(RTM_NEWNEIGH), 0, 2),
		/* 2 */ LOAD8(OFF_FLAGS),
		/* 3 */ IF_SET(NTF_EXT_LEARNED, 13, 0),
		/* 4 */ LOAD8(OFF_FAMILY),
		/* 5 */ IF_EQ(AF_BRIDGE, 0, 18),
		/* 6 */ LOAD8(OFF_FLAGS),
		/* 7 */ IF_SET(NTF_SELF, 0, 16),
		/* 8 */ LOAD_ATTR(NDA_DST),
		/* 11 */ IF_EQ(0, 0, 12),
		/* 12 */ LOAD_ATTR(NDA_NH_ID),
		/* 15 */ IF_EQ(0, 0, 8),
		/* 16 */ DROP,
		/* 17 */ LOAD8(OFF_FAMILY),
		/* 18 */ IF_EQ(AF_BRIDGE, 0, 4),
		/* 19 */ LOAD8(OFF_FLAGS),
		/* 20 */ IF_SET(NTF_SELF, 2, 0),
		/* 21 */ LOAD16(OFF_STATE),
		/* 22 */ IF_SET(htons(NUD_NOARP | NUD_PERMANENT), 1, 0),
		/* 23 */ DROP,
		/* 24 */ PASS,
	};
	struct nl_mon_conf conf = { groups, filter, ARRAY_LEN(filter), 64, 1024,
		z->rcvbuf, watch_table_msg, on_lost_events, z };

	return nl_mon_open(&z->mon_table, &z->nl, &conf);
}

static int
open_iface(struct zl *z)
{
	static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
		RTNLGRP_IPV6_IFADDR, RTNLGRP_BRVLAN, RTNLGRP_TUNNEL, 0 };
	/* One socket for all of these, as their order among each other matters. */
	struct nl_mon_conf conf = { groups, NULL, 0, 1, 256 * 1024, z->rcvbuf,
		watch_iface_msg, on_lost_events, z };

	return nl_mon_open(&z->mon_iface, &z->nl, &conf);
}

int
watch_open(struct zl *z)
{
	int rc = open_iface(z);

	if (rc == 0)
		rc = open_tables(z);
	if (rc == 0)
		rc = watch_l3_open(z, on_lost_events);
	return rc;
}

void
watch_close(struct zl *z)
{
	nl_mon_close(&z->mon_iface);
	nl_mon_close(&z->mon_table);
	nl_mon_close(&z->mon_l3);
}

void
watch_pause(struct zl *z)
{
	nl_mon_pause(&z->mon_iface);
	nl_mon_pause(&z->mon_table);
	nl_mon_pause(&z->mon_l3);
	snoop_pause(&z->snoop);
}

void
watch_resume(struct zl *z)
{
	nl_mon_resume(&z->mon_iface);
	nl_mon_resume(&z->mon_table);
	nl_mon_resume(&z->mon_l3);
	nl_mon_drain(&z->mon_iface);
	nl_mon_drain(&z->mon_table);
	nl_mon_drain(&z->mon_l3);
	snoop_resume(&z->snoop);
}
