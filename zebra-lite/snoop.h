/* SPDX-License-Identifier: ISC */
/* zebra-lite/snoop.h: hosts' own words against neighbour entries of ours.
 *
 * What    Hears ARP and neighbour discovery on SVIs.  When a host at a port of ours has an
 *         address that our entry gives to a remote MAC, the entry is given to the kernel, to be
 *         asked for: the host is then local like any other (ZL_NEIGH).  And it asks, on behalf of
 *         host_probe(), hosts for which the kernel cannot ask: as such an entry stands there, or as
 *         another leaf has taken their MAC over and the bridge would send the question there.
 *         And it tells the hosts at local ports of addresses that went from one MAC to another
 *         elsewhere: what the host itself said (gratuitous ARP) does not leave its own leaf where
 *         neigh_suppress is on, so they would send to the old MAC until their own tables age.
 * Why     The kernel does not change an entry with NUD_NOARP by what hosts say.  So an address
 *         that moves to another host's own MAC (keepalived, VRRP without virtual MAC) behind
 *         another leaf would stay where it was until the old leaf misses it.
 * Safe    Only addresses whose entry is ours and names another MAC, only MACs that the bridge
 *         learnt at a port that is no VXLAN device.  Next hops' entries are left alone, and so are
 *         those of sticky MACs and of remote gateways, which do not move (RFC 7432 15.2).  After it
 *         the engine is told that the entry is lost: if it does not follow (a frozen address), it
 *         writes it again.
 * Cost    The kernel's filters drop what is neither ARP nor neighbour discovery.  At most
 *         SNOOP_FRAMES frames of each kind are read in a second, and of those that are about a
 *         local MAC and an address that is no local neighbour SNOOP_LOOKS (of one SVI:
 *         SNOOP_LOOKS_SVI) make a look into the kernel's table; the same claim once in a second.
 *         At most SNOOP_BROADCASTS announcements and questions to all ports in a second; those beyond
 *         are not made.
 * Ports   A host whose MAC is said to be elsewhere is asked for by a broadcast, which suppression keeps from the
 *         tunnels like one of a host's (the kernel has an entry for the address); without suppression he
 *         is not asked.  If he is here after all, the bridge learns that from his answer.
 * Later   A question waits for a second or two, and is sent if the entry still stands: of two hosts
 *         that hand an address over both may have it for a moment.  Frames get lost: it is sent
 *         SNOOP_TRIES times, unless it is answered.
 * Contest Two hosts that both have the address would take it from each other for ever, each asked
 *         by its leaf whenever the other one got it: after SNOOP_TAKES times they are not asked any
 *         more, until there was calm; what they say by themselves counts once in a second.  That is
 *         more often than the engine needs to call them duplicates.
 * Rights  The sockets need CAP_NET_RAW when they are opened, and none afterwards.  Without it
 *         nothing is heard and nothing asked; it is said once.
 * Owns    Two sockets and a table of fixed size.
 */
#ifndef EVPND_ZEBRA_LITE_SNOOP_H
#define EVPND_ZEBRA_LITE_SNOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/loop.h"
#include "zebra-lite/arpnd.h"
#include "zebra-lite/zl_proto.h"

struct zl;

#define SNOOP_FRAMES 4096
#define SNOOP_LOOKS 512
#define SNOOP_LOOKS_SVI 64
#define SNOOP_BROADCASTS 512
#define SNOOP_SLOTS 4096  /* claims remembered */
#define SNOOP_LATER 64	  /* claims that wait for the next second */
#define SNOOP_ASKS 1024	  /* questions that wait */
#define SNOOP_ASK_AFTER 2 /* seconds */
#define SNOOP_CALM 10	  /* seconds */
#define SNOOP_TRIES 3	  /* questions, a second apart, until it answers */
#define SNOOP_TAKES 8	  /* in a row without calm; then the host is not asked any more */
#define SNOOP_SHARES 64	  /* SVIs are told apart by their index modulo this */

struct snoop_sock {
	struct snoop *s;   /* where it is */
	struct loop_io io; /* watches it */
	int fd;		   /* owned; -1 none */
	bool nd;	   /* IPv6, else ARP */
	unsigned budget;   /* frames left in this second */
};

/* What is remembered of a claim: seconds of the loop's clock. */
struct snoop_slot {
	uint32_t hash;	 /* of SVI, address and MAC */
	uint32_t looked; /* when the kernel's table was looked into */
	uint32_t
	    taken; /* when the entry was taken over, or asked for at the ports, last; 0 never */
	uint32_t ntaken; /* how often, with less than SNOOP_CALM between */
};

/* A claim that came again just after the entry was taken over, and is contested then. */
struct snoop_later {
	uint32_t svi;	/* where it was heard */
	struct arpnd a; /* what was said */
};

/* A question that waits. */
struct snoop_question {
	struct zl_probe p; /* as the engine asked */
	uint32_t due;	   /* second in which it is sent */
	uint32_t first;	   /* when it was sent first */
	unsigned tries;	   /* how often it was sent */
};

struct snoop {
	struct zl *zl;		      /* borrowed */
	struct snoop_sock arp, nd;    /* the sockets */
	struct loop_timer again;      /* the next second, if anything waits for it */
	uint32_t second;	      /* for which the budgets are, of the loop's clock */
	unsigned looks;		      /* left in this second */
	unsigned broadcasts;	      /* likewise */
	uint8_t shares[SNOOP_SHARES]; /* looks made in this second */
	bool on;		      /* frames are read */
	unsigned nasks;		      /* in asks */
	unsigned nlater;	      /* in later */
	struct snoop_question asks[SNOOP_ASKS];
	struct snoop_later later[SNOOP_LATER];
	struct snoop_slot slots[SNOOP_SLOTS]; /* by hash */
};

void snoop_init(struct snoop *s, struct zl *z);
/* Opens the sockets; that they cannot be is no failure. */
void snoop_open(struct snoop *s);
void snoop_fini(struct snoop *s);
/* From here on frames are read, those that wait from earlier are dropped first. */
void snoop_start(struct snoop *s);
void snoop_stop(struct snoop *s);
/* During a dump frames wait. */
void snoop_pause(struct snoop *s);
void snoop_resume(struct snoop *s);
/* Asks the host at this MAC for its address, a little later, where its MAC is or at all ports; the answer is heard like
 * any other frame.  False: it cannot be asked. */
bool snoop_ask(struct snoop *s, const struct zl_probe *p);
/* Tells the hosts at local ports who has an address now (a neighbour with ZL_F_MOVED). */
void snoop_announce(struct snoop *s, const struct zl_want *w);

#endif
