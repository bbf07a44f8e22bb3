/* SPDX-License-Identifier: ISC */
/* bgpd/attr_table.h: the rows of the attribute table; for attr*.c alone.
 *
 * What    A row says all that differs between attributes; flags, lengths,
 *         repetitions and verdicts are checked once, in attr.c.
 */
#ifndef EVPND_BGPD_ATTR_TABLE_H
#define EVPND_BGPD_ATTR_TABLE_H

#include "bgpd/afi.h"
#include "bgpd/aspath.h"
#include "bgpd/attr.h"
#include "bgpd/notification.h"

/* One attribute field being read. */
struct attr_reader {
	const struct attr_ctx *ctx;
	struct arena *arena;
	struct attrs *a;
	struct mp_nlri *reach, *unreach;
	struct upd_fault *fault;
	uint64_t seen[4];    /* bit per attribute code */
	struct aspath path;  /* AS_PATH */
	struct aspath path4; /* AS4_PATH, of a two-octet session */
	bool has_path4;
	bool has_aggr4;
	uint32_t aggr4_as, aggr4_ip; /* AS4_AGGREGATOR */
	uint8_t subcode;      /* of a value that is wrong; a decoder may change it */
	enum upd_verdict bad; /* verdict on it; a decoder may change it */
};

enum attr_length {
	LEN_ANY,      /* the decoder looks */
	LEN_EXACT,    /* row->len octets */
	LEN_MULTIPLE, /* one or more times row->len octets */
};

struct attr_row {
	const char *name;
	uint8_t flags; /* ATTR_OPTIONAL | ATTR_TRANSITIVE as they must be */
	enum attr_length rule;
	uint8_t len;	/* for rule */
	bool ibgp_only; /* from an external peer: discard (RFC 7606 7.5, 7.9, 7.10) */
	enum upd_verdict bad; /* when value or length is wrong */
	uint8_t subcode;      /* of a wrong value, RFC 4271 6.3 */
	uint32_t partial;     /* PARTIAL_* */
	/* NULL: kept whole among the unknown.  Returns NULL, or what is wrong. */
	const char *(*decode)(struct attr_reader *d, struct rbuf *v);
	/* NULL: not written by attr_encode(). */
	void (*encode)(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
};

#define ATTR_ROWS (ATTR_LARGE_COMMUNITIES + 1)
extern const struct attr_row attr_rows[ATTR_ROWS];

/* attr_decode_base.c */
const char *attr_decode_origin(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_as_path(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_next_hop(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_med(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_local_pref(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_atomic(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_aggregator(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_originator(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_clusters(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_as4_path(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_as4_aggregator(struct attr_reader *d, struct rbuf *v);
void attr_finish_as4(struct attr_reader *d);
/* attr_decode_comm.c */
const char *attr_decode_comms(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_ecoms(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_lcomms(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_pmsi(struct attr_reader *d, struct rbuf *v);
/* attr_decode_mp.c */
/* The family if the session reads it, else NULL. */
const struct afi_safi *attr_family(
    const struct attr_ctx *ctx, uint16_t afi, uint8_t safi);
const char *attr_decode_mp_reach(struct attr_reader *d, struct rbuf *v);
const char *attr_decode_mp_unreach(struct attr_reader *d, struct rbuf *v);
/* attr_encode.c */
void attr_encode_origin(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_as_path(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_med(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_local_pref(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_atomic(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_aggregator(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_comms(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_originator(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_clusters(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_ecoms(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_as4_path(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_as4_aggregator(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_pmsi(struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);
void attr_encode_lcomms(
    struct wbuf *w, const struct attrs *a, const struct attr_ctx *ctx);

/* Keeps the worst fault; a discard is counted too. */
void attr_fault(struct upd_fault *f, enum upd_verdict v, uint8_t subcode, uint8_t attr,
    const char *why, const uint8_t *data, size_t datalen);

#endif
