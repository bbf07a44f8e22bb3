/* SPDX-License-Identifier: ISC */
/* zebra-lite/nl.h: rtnetlink sockets: batched writes, dumps one after another, monitors.
 *
 * What    Three ways to talk to the kernel, each on sockets of its own, so that
 *         none hides or delays the other.
 *         Writes (struct nl_batch): up to NL_BATCH_MAX messages in one sendmsg,
 *         an ACK asked for on the last only.  The kernel reports each error with
 *         its sequence number, asked or not, so every message has its result
 *         when nl_batch_send() returns.  rtnetlink works inside the system call:
 *         nothing is waited for.
 *         Dumps (nl_dump_queue): one at a time, read a part a turn.
 *         Monitors (struct nl_mon): a multicast subscription with a large buffer
 *         and, where wanted, a socket filter.
 * Order   What the kernel did before a write of ours is in the monitors' queues
 *         when nl_batch_send() returns: nl_mon_drain() then reads all of it.
 *         Keep monitors paused while dumping, or an old part of the dump
 *         undoes a newer event.
 * Loss    ENOBUFS: the monitor delivers what is left, then calls on_lost once.
 * Owns    The sockets and their buffers.  Callers borrow message headers for the
 *         time of a callback.
 */
#ifndef EVPND_ZEBRA_LITE_NL_H
#define EVPND_ZEBRA_LITE_NL_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/loop.h"
#include "lib/util.h"

struct iovec;
struct mmsghdr;
struct nl_sock;
struct sock_filter;

#define NL_BATCH_MAX 64	 /* messages: the kernel gains nothing from more */
#define NL_MSG_BYTES 320 /* our longest message */
#define NL_TEXT 80	 /* of an extended ack, with its NUL */
#define NL_DUMPS_MAX 16	 /* dumps that wait */

/* Messages to be written together.  A message: nl_begin(), nl_put()..., nl_end(). */
struct nl_batch {
	uint8_t *buf;		/* owned, NL_BATCH_MAX * NL_MSG_BYTES, aligned */
	size_t len;		/* bytes used */
	unsigned n;		/* messages in it */
	struct nlmsghdr *cur;	/* message being built, in buf */
	int err[NL_BATCH_MAX];	/* after sending: 0 or errno of each */
	int text[NL_BATCH_MAX]; /* index into texts of each, -1 none */
	unsigned ntexts;	/* texts used */
	char texts[NL_BATCH_MAX][NL_TEXT]; /* the kernel's words */
};

struct nl_dump {
	uint8_t req[64];				     /* the whole request */
	void (*on_msg)(void *arg, const struct nlmsghdr *h); /* for each object */
	void (*on_done)(
	    void *arg, int err); /* 0 or errno; EINTR: inconsistent, ask again */
	void *arg;		 /* for both */
};

struct nl {
	struct loop *loop;		    /* borrowed */
	struct nl_sock *cmd;		    /* owned: writes and single reads */
	struct nl_sock *dump;		    /* owned: dumps */
	struct loop_io dump_io;		    /* watches the dump socket */
	struct nl_dump dumps[NL_DUMPS_MAX]; /* ring: first is the running one */
	unsigned dump_first, dump_n;	    /* its first element and its length */
	uint32_t dump_seq;		    /* of the running one */
	bool dump_intr;	 /* the running one is inconsistent (NLM_F_DUMP_INTR) */
	uint32_t seq;	 /* last sequence number used */
	uint8_t *rx;	 /* owned: parts of dumps */
	uint8_t *cmd_rx; /* owned: answers to writes */
};

struct nl_mon {
	struct nl *nl;	      /* borrowed */
	struct nl_sock *sk;   /* owned */
	struct loop_io io;    /* watches it */
	unsigned nbufs;	      /* messages received in one system call */
	size_t bufsize;	      /* bytes of each */
	uint8_t *rx;	      /* owned, nbufs * bufsize */
	struct iovec *iov;    /* owned, nbufs: the parts of rx */
	struct mmsghdr *msgs; /* owned, nbufs: one for each */
	bool paused;	      /* do not read */
	bool lost;	      /* ENOBUFS or truncation seen, not yet told */
	void (*on_msg)(void *arg, const struct nlmsghdr *h); /* for each message */
	void (*on_lost)(void *arg);			     /* events were lost */
	void *arg;					     /* for both */
};

struct nl_mon_conf {
	const int *groups;		  /* RTNLGRP_*, 0 ends */
	const struct sock_filter *filter; /* NULL = all */
	unsigned nfilter;		  /* instructions */
	unsigned nbufs;			  /* see nl_mon */
	size_t bufsize;			  /* see nl_mon */
	int rcvbuf;			  /* bytes of the kernel's queue */
	void (*on_msg)(void *arg, const struct nlmsghdr *h); /* see nl_mon */
	void (*on_lost)(void *arg);			     /* see nl_mon */
	void *arg;					     /* see nl_mon */
};

/* 0 or negative errno. */
int nl_init(struct nl *nl, struct loop *l);
void nl_fini(struct nl *nl);

void nl_batch_init(struct nl_batch *b);
void nl_batch_fini(struct nl_batch *b);
static inline bool
nl_batch_full(const struct nl_batch *b)
{
	return b->n == NL_BATCH_MAX;
}
void nl_begin(
    struct nl_batch *b, uint16_t type, uint16_t flags, const void *head, size_t n);
/* Inline, as sizes are known at each call: this is the hot path of a mass write. */
static inline void
nl_put(struct nl_batch *b, uint16_t type, const void *data, size_t n)
{
	struct nlattr *a = (struct nlattr *)(b->buf + b->len);
	uint8_t *p = (uint8_t *)a + NLA_HDRLEN;

	ensure(p + NLA_ALIGN(n) <= (uint8_t *)b->cur + NL_MSG_BYTES);
	a->nla_type = type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + n);
	memcpy(p, data, n);
	memset(p + n, 0, NLA_ALIGN(n) - n);
	b->len += NLA_HDRLEN + NLA_ALIGN(n);
}
static inline void
nl_put_u8(struct nl_batch *b, uint16_t type, uint8_t v)
{
	nl_put(b, type, &v, sizeof v);
}
static inline void
nl_put_u16(struct nl_batch *b, uint16_t type, uint16_t v)
{
	nl_put(b, type, &v, sizeof v);
}
static inline void
nl_put_u32(struct nl_batch *b, uint16_t type, uint32_t v)
{
	nl_put(b, type, &v, sizeof v);
}
void nl_end(struct nl_batch *b);
/* Writes all messages and fills in their results; nl_batch_reset() makes room again. */
void nl_batch_send(struct nl *nl, struct nl_batch *b);
void nl_batch_reset(struct nl_batch *b);
static inline const char *
nl_batch_text(const struct nl_batch *b, unsigned i)
{
	return b->text[i] < 0 ? "" : b->texts[b->text[i]];
}
/* Sends the batch's single GET message; on_msg gets the answer.  0 or errno. */
int nl_get(struct nl *nl, struct nl_batch *b,
    void (*on_msg)(void *arg, const struct nlmsghdr *h), void *arg);

/* Queues a dump; head is the family's header (and attributes), n at most 40 bytes. */
void nl_dump_queue(struct nl *nl, uint16_t type, const void *head, size_t n,
    void (*on_msg)(void *arg, const struct nlmsghdr *h),
    void (*on_done)(void *arg, int err), void *arg);

int nl_mon_open(struct nl_mon *m, struct nl *nl, const struct nl_mon_conf *conf);
void nl_mon_close(struct nl_mon *m); /* also of a zeroed one */
void nl_mon_pause(struct nl_mon *m);
void nl_mon_resume(struct nl_mon *m);
/* Reads until nothing is left (of one that is not open nothing); on_lost may be called. */
void nl_mon_drain(struct nl_mon *m);

#endif
