/* SPDX-License-Identifier: ISC */
/* zebra-lite/snoop.c: takes neighbour entries of ours over for hosts that turn up here. */
#include "config.h"

#include "zebra-lite/snoop_priv.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <netinet/icmp6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"
#include "zebra-lite/arpnd.h"
#include "zebra-lite/nl_bpf.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.snoop");
COUNTER(snoop_frames);
COUNTER(snoop_malformed);
COUNTER(snoop_looks);
COUNTER(snoop_over_budget);
COUNTER(snoop_taken_over);

#define RCVBUF (256 * 1024)
#define SNAP 256 /* bytes of a frame */
#define BATCH 32 /* frames in one system call */

struct frames {
	uint8_t data[BATCH][SNAP];	/* from the network header on */
	struct sockaddr_ll from[BATCH]; /* interface and MAC */
	struct iovec iov[BATCH];
	struct mmsghdr msgs[BATCH];
};

static void
on_entry(void *arg, const struct nlmsghdr *h)
{
	struct nl_neigh *e = arg, now;

	if (nl_neigh_parse(h, &now))
		*e = now;
}

/* An entry of ours, for a remote host that may move, with another MAC. */
bool
snoop_contradicts(struct zl *z, const struct iface_vni *v, const struct arpnd *a,
    struct nl_neigh *entry)
{
	*entry = (struct nl_neigh){ 0 };
	nl_neigh_put_get(&z->probe, v->z.svi_ifindex, a->ip);
	nl_get(&z->nl, &z->probe, on_entry, entry);
	nl_batch_reset(&z->probe);
	return entry->ours && !mac_equal(entry->mac, a->mac) &&
	       zl_neigh_may_move(z, v, entry);
}

static bool
take_over(struct zl *z, const struct iface_vni *v, const struct arpnd *a,
    const struct nl_neigh *entry)
{
	struct zl_want lost = { .op = ZL_SET,
		.kind = ZL_KIND_NEIGH,
		.vni = v->z.vni,
		.ip = a->ip,
		.mac = entry->mac };
	struct stale s = {
		.table = APPLY_NEIGH, .ifindex = v->z.svi_ifindex, .ip = a->ip
	};
	bool done;
	char ip[IP_STRLEN], here[MAC_STRLEN], there[MAC_STRLEN];

	nl_neigh_put_take(&z->probe, v->z.svi_ifindex, a->ip, a->mac);
	nl_batch_send(&z->nl, &z->probe);
	done = z->probe.err[0] == 0;
	nl_batch_reset(&z->probe);
	if (done) {
		COUNT(snoop_taken_over);
		log_debug("VNI %u: %s is here now, at %s, and not at %s", v->z.vni,
		    ip_format(a->ip, ip), mac_format(a->mac, here),
		    mac_format(entry->mac, there));
		reconcile_stale_drop(&z->rec, &s);
		/* In this order: the host first, then the loss of what it contradicts. */
		nl_mon_drain(&z->mon_table);
		zl_say_lost(z, &lost);
	}
	return done;
}

/* Bounds. */

void
snoop_next_second(struct snoop *s)
{
	if (!loop_timer_running(&s->again))
		loop_timer_start(s->zl->loop, &s->again, MONO_SEC(1));
}

struct snoop_slot *
snoop_slot_of(struct snoop *s, uint32_t svi, const struct arpnd *a, uint32_t *hash)
{
	uint8_t k[26];

	memcpy(k, &svi, 4);
	memcpy(k + 4, a->ip.b, 16);
	memcpy(k + 20, a->mac.b, 6);
	*hash = hash32(k, sizeof k);
	return &s->slots[*hash % SNOOP_SLOTS];
}

void
snoop_new_second(struct snoop *s)
{
	uint32_t now = (uint32_t)(loop_now(s->zl->loop).us / MONO_SEC(1));

	if (now == s->second)
		return;
	s->second = now;
	s->looks = SNOOP_LOOKS;
	s->broadcasts = SNOOP_BROADCASTS;
	s->arp.budget = s->nd.budget = SNOOP_FRAMES;
	memset(s->shares, 0, sizeof s->shares);
}

static void
later(struct snoop *s, uint32_t svi, const struct arpnd *a)
{
	for (unsigned i = 0; i < s->nlater; i++)
		if (s->later[i].svi == svi && ip_equal(s->later[i].a.ip, a->ip) &&
		    mac_equal(s->later[i].a.mac, a->mac))
			return;
	if (s->nlater == SNOOP_LATER) {
		COUNT(snoop_over_budget);
		return;
	}
	s->later[s->nlater++] = (struct snoop_later){ svi, *a };
	snoop_next_second(s);
}

/* May this claim cost a look into the kernel's table? */
static bool
may_look(struct snoop *s, uint32_t svi, const struct arpnd *a)
{
	uint8_t *share = &s->shares[svi % SNOOP_SHARES];
	uint32_t hash;
	struct snoop_slot *slot = snoop_slot_of(s, svi, a, &hash);

	if (slot->hash == hash && slot->looked == s->second) {
		if (slot->taken == s->second)
			later(s, svi, a);
		return false;
	}
	if (s->looks == 0 || *share == SNOOP_LOOKS_SVI) {
		COUNT(snoop_over_budget);
		return false;
	}
	s->looks--;
	++*share;
	if (slot->hash != hash)
		*slot = (struct snoop_slot){ .hash = hash };
	slot->looked = s->second;
	COUNT(snoop_looks);
	return true;
}

bool
snoop_is_calm(const struct snoop *s, const struct snoop_slot *slot)
{
	return slot->taken == 0 || s->second - slot->taken >= SNOOP_CALM;
}

void
snoop_take(const struct snoop *s, struct snoop_slot *slot)
{
	slot->ntaken = snoop_is_calm(s, slot) ? 1 : slot->ntaken + 1;
	slot->taken = s->second;
}

/* Frames. */

static void
claim(struct snoop *s, uint32_t svi, const struct arpnd *a)
{
	struct zl *z = s->zl;
	const struct iface_vni *v = zl_vni_of_svi(z, svi);
	struct nl_neigh entry;
	uint32_t hash;

	if (!v || !zl_mac_is_local(z, v, a->mac) ||
	    observe_neigh_find(&z->obs, v->doms[OBS_SVI], a->ip) || !may_look(s, svi, a))
		return;
	if (!snoop_contradicts(z, v, a, &entry) || !take_over(z, v, a, &entry))
		return;
	snoop_take(s, snoop_slot_of(s, svi, a, &hash));
}

static void
frame(struct snoop_sock *k, const uint8_t *data, size_t len, const struct sockaddr_ll *ll)
{
	struct arpnd a;
	struct mac from = { { 0 } };
	bool good;

	COUNT(snoop_frames);
	if (ll->sll_halen == sizeof from.b)
		memcpy(from.b, ll->sll_addr, sizeof from.b);
	good = k->nd ? arpnd_read_nd(data, len, from, &a) : arpnd_read_arp(data, len, &a);
	if (good)
		claim(k->s, (uint32_t)ll->sll_ifindex, &a);
	else
		COUNT(snoop_malformed);
}

/* Receives once; the number of frames. */
static unsigned
receive(struct snoop_sock *k, struct frames *f)
{
	int n;

	for (unsigned i = 0; i < BATCH; i++) {
		f->iov[i] = (struct iovec){ f->data[i], SNAP };
		f->msgs[i].msg_hdr = (struct msghdr){ .msg_name = &f->from[i],
			.msg_namelen = sizeof f->from[i],
			.msg_iov = &f->iov[i],
			.msg_iovlen = 1 };
	}
	n = recvmmsg(k->fd, f->msgs, BATCH, MSG_DONTWAIT, NULL);
	return n < 0 ? 0 : (unsigned)n;
}

static void
on_io(struct loop_io *io, unsigned ready)
{
	struct snoop_sock *k = container_of(io, struct snoop_sock, io);
	struct snoop *s = k->s;
	struct frames f;
	unsigned n;

	(void)ready;
	snoop_new_second(s);
	n = receive(k, &f);
	/* What the bridge learnt from these frames. */
	if (n > 0)
		nl_mon_drain(&s->zl->mon_table);
	for (unsigned i = 0; i < n; i++)
		frame(k, f.data[i], f.msgs[i].msg_len, &f.from[i]);
	k->budget -= n < k->budget ? n : k->budget;
	if (k->budget > 0)
		return;
	COUNT(snoop_over_budget);
	loop_io_stop(io);
	snoop_next_second(s);
}

/* Sockets. */

static void
sock_read(struct snoop_sock *k, bool on)
{
	if (k->fd < 0)
		return;
	if (on)
		loop_io_set(k->s->zl->loop, &k->io, k->fd, LOOP_READ);
	else
		loop_io_stop(&k->io);
}

static void
on_again(struct loop_timer *t)
{
	struct snoop *s = container_of(t, struct snoop, again);
	struct snoop_later again[SNOOP_LATER];
	unsigned n = s->nlater;

	if (s->zl->dumping) {
		snoop_next_second(s);
		return;
	}
	snoop_new_second(s);
	memcpy(again, s->later, n * sizeof *again);
	s->nlater = 0;
	nl_mon_drain(&s->zl->mon_table);
	for (unsigned i = 0; s->on && i < n; i++)
		claim(s, again[i].svi, &again[i].a);
	snoop_ask_due(s);
	snoop_resume(s);
}

/* Before the socket hears anything, or frames that did not pass the filter would wait. */
static int
sock_open(struct snoop_sock *k, uint16_t proto, const struct sock_filter *filter,
    unsigned nfilter)
{
	struct sock_fprog prog = { (unsigned short)nfilter,
		(struct sock_filter *)filter };
	struct sockaddr_ll any = { .sll_family = AF_PACKET,
		.sll_protocol = htons(proto) };
	int size = RCVBUF;

	k->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (k->fd < 0)
		return -errno;
	setsockopt(k->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (setsockopt(k->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog) < 0 ||
	    bind(k->fd, (struct sockaddr *)&any, sizeof any) < 0)
		return -errno;
	return 0;
}

/* Requests and replies for IPv4 over Ethernet whose sender has an address. */
static int
open_arp(struct snoop_sock *k)
{
	const struct sock_filter filter[] = {
		/* 0 */ LOAD16(0),
		/* 1 */ IF_EQ(ARPHRD_ETHER, 0, 8),
		/* 2 */ LOAD16(2),
		/* 3 */ IF_EQ(ETH_P_IP, 0, 6),
		/* 4 */ LOAD16(6),
		/* 5 */ IF_EQ(ARPOP_REPLY, 1, 0),
		/* 6 */ IF_EQ(ARPOP_REQUEST, 0, 3),
		/* 7 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 14),
		/* 8 */ IF_EQ(0, 1, 0),
		/* 9 */ PASS,
		/* 10 */ DROP,
	};

	return sock_open(k, ETH_P_ARP, filter, ARRAY_LEN(filter));
}

/* It sees all IPv6 packets that the machine takes in, so the first test has to be the best. */
static int
open_nd(struct snoop_sock *k)
{
	const struct sock_filter filter[] = {
		/* 0 */ LOAD8(6),
		/* 1 */ IF_EQ(IPPROTO_ICMPV6, 0, 6),
		/* 2 */ LOAD8(40),
		/* 3 */ IF_EQ(ND_NEIGHBOR_ADVERT, 1, 0),
		/* 4 */ IF_EQ(ND_NEIGHBOR_SOLICIT, 0, 3),
		/* 5 */ LOAD8(7),
		/* 6 */ IF_EQ(255, 0, 1),
		/* 7 */ PASS,
		/* 8 */ DROP,
	};

	return sock_open(k, ETH_P_IPV6, filter, ARRAY_LEN(filter));
}

static void
sock_close(struct snoop_sock *k)
{
	sock_read(k, false);
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
}

static void
sock_init(struct snoop_sock *k, struct snoop *s, bool nd)
{
	*k = (struct snoop_sock){ .s = s, .fd = -1, .nd = nd, .budget = SNOOP_FRAMES };
	loop_io_init(&k->io, on_io);
}

void
snoop_init(struct snoop *s, struct zl *z)
{
	memset(s, 0, sizeof *s);
	s->zl = z;
	s->looks = SNOOP_LOOKS;
	s->broadcasts = SNOOP_BROADCASTS;
	sock_init(&s->arp, s, false);
	sock_init(&s->nd, s, true);
	loop_timer_init(&s->again, on_again);
}

void
snoop_open(struct snoop *s)
{
	int rc = open_arp(&s->arp);

	if (rc == 0)
		rc = open_nd(&s->nd);
	if (rc == 0)
		return;
	sock_close(&s->arp);
	sock_close(&s->nd);
	log_warn("no packet socket (%s): an address that moves to another MAC behind "
		 "this leaf is seen late; CAP_NET_RAW is missing?",
	    strerror(-rc));
}

void
snoop_fini(struct snoop *s)
{
	s->on = false;
	loop_timer_stop(&s->again);
	sock_close(&s->arp);
	sock_close(&s->nd);
}

static void
drop_waiting(struct snoop_sock *k)
{
	struct frames f;

	for (unsigned n = 0; k->fd >= 0 && n < SNOOP_FRAMES; n += BATCH)
		if (receive(k, &f) == 0)
			return;
}

void
snoop_start(struct snoop *s)
{
	if (s->on)
		return;
	s->on = true;
	drop_waiting(&s->arp);
	drop_waiting(&s->nd);
	snoop_resume(s);
}

void
snoop_stop(struct snoop *s)
{
	s->on = false;
	snoop_pause(s);
}

void
snoop_pause(struct snoop *s)
{
	sock_read(&s->arp, false);
	sock_read(&s->nd, false);
}

void
snoop_resume(struct snoop *s)
{
	if (!s->on || s->zl->dumping)
		return;
	sock_read(&s->arp, s->arp.budget > 0);
	sock_read(&s->nd, s->nd.budget > 0);
}
