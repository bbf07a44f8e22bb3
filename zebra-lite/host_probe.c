/* SPDX-License-Identifier: ISC */
/* zebra-lite/host_probe.c: makes the kernel ask hosts whether they are still there.
 *
 * What    An entry in state NUD_PROBE makes the kernel send unicast requests to its MAC and then
 *         say REACHABLE or FAILED: that is the answer (watch.c).
 * Moved   Where our own entry stands for the address, with another MAC, the kernel cannot ask:
 *         snoop.h does, and hears the answer.
 * Away    Where the bridge has the MAC behind a VTEP the kernel's request would go there, and the answer be
 *         somebody else's: snoop.h asks at the ports of this machine.
 * Not     Addresses with a static entry of an operator.
 */
#include "config.h"

#include <linux/neighbour.h>
#include <string.h>

#include "lib/log.h"
#include "lib/stats.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.probe");
COUNTER(host_probes);
COUNTER(host_probes_dropped);

static void
on_neigh(void *arg, const struct nlmsghdr *h)
{
	struct nl_neigh *e = arg, now;

	if (nl_neigh_parse(h, &now))
		*e = now;
}

static void
on_fdb(void *arg, const struct nlmsghdr *h)
{
	struct nl_fdb *e = arg, now;

	if (nl_fdb_parse(h, &now))
		*e = now;
}

bool
zl_mac_is_away(struct zl *z, const struct zl_vni *v, struct mac mac)
{
	struct nl_fdb f = { 0 };

	nl_fdb_put_get(&z->probe, v->bridge_ifindex, mac, v->vid);
	nl_get(&z->nl, &z->probe, on_fdb, &f);
	nl_batch_reset(&z->probe);
	return iface_is_vxlan(&z->iface, f.ifindex);
}

static bool
ask_by_kernel(struct zl *z, const struct zl_vni *v, const struct zl_probe *m)
{
	char ip[IP_STRLEN];

	nl_neigh_put_probe(&z->probe, v->svi_ifindex, m->ip, m->mac);
	nl_batch_send(&z->nl, &z->probe);
	if (z->probe.err[0])
		log_debug("VNI %u: cannot ask for %s (%s)", m->vni, ip_format(m->ip, ip),
		    strerror(z->probe.err[0]));
	nl_batch_reset(&z->probe);
	return true;
}

static bool
ask(struct zl *z, const struct zl_vni *v, const struct zl_probe *m)
{
	struct nl_neigh n = { 0 };

	nl_neigh_put_get(&z->probe, v->svi_ifindex, m->ip);
	nl_get(&z->nl, &z->probe, on_neigh, &n);
	nl_batch_reset(&z->probe);
	if (n.valid && n.fixed && !n.ours)
		return false;
	if (zl_mac_is_away(z, v, m->mac))
		return n.valid && mac_equal(n.mac, m->mac) && snoop_ask(&z->snoop, m);
	if (!n.ours)
		return ask_by_kernel(z, v, m);
	return !mac_equal(n.mac, m->mac) && snoop_ask(&z->snoop, m);
}

void
host_probe(struct zl *z, const struct zl_probe *m)
{
	const struct iface_vni *v = iface_find_vni(&z->iface, m->vni);

	if (v && (v->z.flags & ZL_VNI_UP) && v->z.svi_ifindex && m->ip.len &&
	    !mac_is_zero(m->mac) && !mac_is_multicast(m->mac) && ask(z, &v->z, m))
		COUNT(host_probes);
	else
		COUNT(host_probes_dropped);
}
