/* SPDX-License-Identifier: ISC */
/* tests/bench/load.h: the load tool's own words.
 *
 * What    Sessions that announce many routes to a BGP daemon and sessions that
 *         count what it passes on.  One thread, epoll.
 * Why     The daemon must be the slow part: what a sender says is encoded before the
 *         clock starts, and a receiver walks NLRIs without decoding them.
 * Routes  A route is a number.  It stands in the low four bytes of the MAC (type 2), in
 *         the address (type 5, IPv4 unicast, 24 bits), so a bit tells routes apart.
 * Knows   lib/wire.h and nothing else of the daemon.
 */
#ifndef EVPND_TESTS_BENCH_LOAD_H
#define EVPND_TESTS_BENCH_LOAD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIDS_MAX 8 /* processes of a daemon */

enum load_family {
	LOAD_EVPN2, /* type 2, MAC+IP with one label */
	LOAD_EVPN2_HOST, /* type 2 with the label of an L3VNI, of a network that is elsewhere */
	LOAD_EVPN5,
	LOAD_IPV4
};

struct load_conf {
	enum load_family family; /* what is announced */
	struct sockaddr_in peer; /* the daemon */
	uint32_t
	    source_base; /* host order; sender i binds base + 256 + i, receiver i base + 512 + i */
	unsigned int
	    hold; /* hold time that is offered, seconds; KEEPALIVEs come and go at a third */
	uint32_t as;	 /* of both ends: iBGP */
	uint32_t routes; /* in all */
	unsigned int senders;
	unsigned int receivers;
	unsigned int vnis;	 /* attribute sets of a sender */
	uint32_t vni_base;	 /* first VNI */
	unsigned int per_update; /* NLRIs in an UPDATE at most, 0: as many as fit */
	unsigned int timeout;	 /* seconds that a phase may take */
	int pids[PIDS_MAX]; /* processes of the daemon, whose memory and time are told */
	unsigned int npids;
	char host_ports[16]; /* prefix of the bridge ports for `macs`: NAMEi of VNI i */
	uint32_t sequence;   /* mobility sequence number of what is announced; 0: none */
};

/* --- gen.c: bytes to send ------------------------------------------------------------ */

struct bytes {
	uint8_t *p; /* owned */
	size_t len;
	size_t size;
};

void bytes_free(struct bytes *b);
/* Appends UPDATEs for routes [first, first + n) of a sender; type 3 routes too if asked. */
void gen_routes(struct bytes *b, const struct load_conf *c, unsigned int sender,
    uint32_t first, uint32_t n, bool withdraw, bool with_imet);
void gen_open(struct bytes *b, const struct load_conf *c, uint32_t id);
void gen_keepalive(struct bytes *b);
/* The VNI (0-based) of a route; a sender's routes are spread over them in blocks. */
unsigned int gen_vni_of(const struct load_conf *c, uint32_t route);

/* --- tally.c: what arrived ----------------------------------------------------------- */

struct tally {
	uint8_t *seen;	  /* owned; a bit for each route; NULL: nothing is counted */
	uint32_t size;	  /* of seen, in routes */
	uint32_t have;	  /* routes held */
	uint32_t imet;	  /* type 3 routes held */
	uint64_t nlris;	  /* NLRIs read, repetitions included */
	uint64_t updates; /* UPDATEs read */
	uint32_t strange; /* NLRIs that are none of ours */
};

void tally_init(struct tally *t, uint32_t size);
void tally_fini(struct tally *t);
bool tally_has(const struct tally *t, uint32_t route);
/* body: an UPDATE without its header.  False if it is malformed. */
bool tally_update(struct tally *t, const uint8_t *body, size_t len);

/* --- session.c: one BGP session ------------------------------------------------------ */

struct session {
	struct session *next; /* list of all */
	const char *role;     /* "sender" or "receiver" */
	int fd;		      /* -1: down */
	bool up;	      /* established */
	bool lost;	      /* the daemon closed it or sent a NOTIFICATION */
	uint32_t source;      /* own address, host order */
	struct tally tally;   /* what it was told */
	uint64_t rx_bytes;    /* read in all */
	double first;	      /* when the first route of the phase came; 0: none yet */
	double last;	      /* when tally last changed */
	const uint8_t *out;   /* bytes being sent, borrowed */
	size_t out_len;	      /* what is left of them */
	double out_start;     /* when the first of them was written; 0: not yet */
	double
	    last_message; /* when the last message came; 0: none since the session came up */
	double gap;	  /* the longest time between two of them, in this phase */
	double next_keepalive; /* when */
	bool polls_out;	       /* EPOLLOUT is asked for */
	uint8_t *rx;	       /* owned; bytes of an incomplete message */
	size_t rx_len;
};

struct load {
	struct load_conf conf;
	struct session *sessions; /* all, owned */
	struct session **senders; /* owned array */
	struct session **receivers;
	unsigned int nreceivers;
	struct bytes *announce; /* owned array: what each sender says */
	struct kwatch *kwatch;	/* opened by the phases that need it */
	bool ticks; /* its events are read every millisecond and wake nobody */
	int epfd;
};

double now_s(void);
struct session *session_open(
    struct load *l, const char *role, uint32_t source, uint32_t tally);
void session_close(struct session *s);
void session_send(struct load *l, struct session *s, const uint8_t *p, size_t len);
/* Serves all sockets until done() says so or seconds have passed; true when done. */
bool sessions_run(
    struct load *l, bool (*done)(struct load *l, void *arg), void *arg, double seconds);

/* --- proc.c: what the daemon used ---------------------------------------------------- */

struct part {
	double user, kernel; /* seconds of processor time */
	uint64_t rss, hwm;   /* bytes now, and at most */
};

struct usage {
	double cpu;		    /* seconds, of all processes */
	struct part part[PIDS_MAX]; /* of each, as in conf.pids */
	unsigned int n;		    /* of those */
	uint64_t rss;		    /* bytes now */
	uint64_t hwm;		    /* bytes at most */
};

struct usage usage_read(const struct load_conf *c);
/* The most that is used is counted from here on. */
void usage_reset_hwm(const struct load_conf *c);
/* "parts": [user, kernel] seconds of each process; "hwms": bytes of each at most. */
void usage_print_parts(const struct usage *before, const struct usage *after);

#endif
