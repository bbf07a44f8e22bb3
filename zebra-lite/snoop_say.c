/* SPDX-License-Identifier: ISC */
/* zebra-lite/snoop_say.c: what is said to hosts: questions, and where an address is now. */
#include "config.h"

#include "zebra-lite/snoop_priv.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/stats.h"
#include "zebra-lite/zl.h"

COUNTER(snoop_asked);
COUNTER(snoop_announced);
COUNTER(snoop_unsaid); /* over the budget */

/* Who asks: the SVI, with an address that the host can answer to. */
static bool
asker(struct zl *z, const struct zl_vni *v, struct ip ip, struct arpnd *from)
{
	const struct iface_link *l = iface_find(&z->iface, v->svi_ifindex);

	*from = (struct arpnd){ .ip.len = ip.len, .mac = v->svi_mac };
	for (uint32_t i = 0; l && i < l->naddrs; i++) {
		struct prefix p = l->addrs[i].addr;

		if (p.ip.len != ip.len)
			continue;
		if (prefix_contains(p, ip)) {
			from->ip = p.ip;
			return true;
		}
		if (ip_is_linklocal(p.ip))
			from->ip = p.ip;
	}
	/* ARP can do without (RFC 5227 2.1.1). */
	return ip.len == 4 || !ip_is_zero(from->ip);
}

static bool
say(struct snoop *s, uint32_t svi, struct mac to, bool nd, const uint8_t *msg, size_t len)
{
	const struct snoop_sock *k = nd ? &s->nd : &s->arp;
	struct sockaddr_ll ll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(nd ? ETH_P_IPV6 : ETH_P_ARP),
		.sll_ifindex = (int)svi,
		.sll_halen = sizeof to.b };

	memcpy(ll.sll_addr, to.b, sizeof to.b);
	return k->fd >= 0 && len > 0 &&
	       sendto(k->fd, msg, len, MSG_DONTWAIT, (struct sockaddr *)&ll, sizeof ll) >=
		   0;
}

/* To all at the ports of this bridge: the kernel has an entry for the address and suppression is on, so it keeps the
 * frame from the tunnels.  False: too many in this second, or it cannot be sent. */
static bool
say_to_ports(
    struct snoop *s, const struct zl_vni *v, bool nd, const uint8_t *msg, size_t len)
{
	static const struct mac all = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	static const struct mac all_nodes = { { 0x33, 0x33, 0, 0, 0, 1 } };

	if (s->broadcasts == 0) {
		COUNT(snoop_unsaid);
		return false;
	}
	s->broadcasts--;
	return say(s, v->svi_ifindex, nd ? all_nodes : all, nd, msg, len);
}

/* Another leaf has the host, by the entry that stands: is he at a port of ours all the same? */
static bool
is_elsewhere(struct zl *z, const struct iface_vni *v, const struct zl_probe *p,
    const struct nl_neigh *entry)
{
	return entry->valid && mac_equal(entry->mac, p->mac) &&
	       !(v->z.flags & ZL_VNI_NO_SUPPRESS) && zl_neigh_may_move(z, v, entry) &&
	       zl_mac_is_away(z, &v->z, p->mac);
}

/* The second in which its turn has come.  False: it is not to be asked any more. */
static bool
ask_now(struct snoop *s, const struct snoop_question *q)
{
	const struct zl_probe *p = &q->p;
	const struct iface_vni *v = iface_find_vni(&s->zl->iface, p->vni);
	struct arpnd from, answer = { p->ip, p->mac };
	bool nd = p->ip.len == 16, ports, said;
	struct snoop_slot *slot;
	struct nl_neigh entry;
	uint8_t msg[ARPND_MAX];
	uint32_t hash, svi = v ? v->z.svi_ifindex : 0;
	size_t len;

	if (!v || !(v->z.flags & ZL_VNI_UP) || svi == 0 ||
	    !asker(s->zl, &v->z, p->ip, &from))
		return false;
	ports = !snoop_contradicts(s->zl, v, &answer, &entry);
	if (ports && !is_elsewhere(s->zl, v, p, &entry))
		return false;
	slot = snoop_slot_of(s, svi, &answer, &hash);
	if (slot->hash != hash)
		*slot = (struct snoop_slot){ .hash = hash };
	/* It has answered, and is not to have the address all the same; or is asked too often. */
	if (!snoop_is_calm(s, slot) &&
	    (slot->ntaken >= SNOOP_TAKES ||
		(!ports && q->tries > 0 && slot->taken >= q->first)))
		return false;
	if (ports && q->tries == 0)
		snoop_take(s, slot);
	/* The same may have been heard just before. */
	slot->looked = 0;
	len = arpnd_ask(msg, &from, p->ip);
	said = ports ? say_to_ports(s, &v->z, nd, msg, len)
		     : say(s, svi, p->mac, nd, msg, len);
	if (said)
		COUNT(snoop_asked);
	return true;
}

void
snoop_ask_due(struct snoop *s)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->nasks; i++) {
		struct snoop_question q = s->asks[i];

		if (q.due <= s->second) {
			if (!s->on || !ask_now(s, &q) || q.tries + 1 == SNOOP_TRIES)
				continue;
			if (q.tries++ == 0)
				q.first = s->second;
			q.due = s->second + 1;
		}
		s->asks[kept++] = q;
	}
	s->nasks = kept;
	if (kept > 0)
		snoop_next_second(s);
}

bool
snoop_ask(struct snoop *s, const struct zl_probe *p)
{
	if ((p->ip.len == 4 ? s->arp.fd : s->nd.fd) < 0)
		return false;
	if (s->nasks == SNOOP_ASKS) {
		COUNT(snoop_unsaid);
		return false;
	}
	snoop_new_second(s);
	s->asks[s->nasks++] =
	    (struct snoop_question){ .p = *p, .due = s->second + SNOOP_ASK_AFTER };
	snoop_next_second(s);
	return true;
}

void
snoop_announce(struct snoop *s, const struct zl_want *w)
{
	const struct iface_vni *v = iface_find_vni(&s->zl->iface, w->vni);
	const struct arpnd who = { w->ip, w->mac };
	uint8_t msg[ARPND_MAX];

	/* Without suppression they have heard the host itself. */
	if (!v || !(v->z.flags & ZL_VNI_UP) || (v->z.flags & ZL_VNI_NO_SUPPRESS))
		return;
	snoop_new_second(s);
	if (say_to_ports(s, &v->z, w->ip.len == 16, msg,
		arpnd_announce(msg, &who, w->flags & ZL_F_ROUTER)))
		COUNT(snoop_announced);
}
