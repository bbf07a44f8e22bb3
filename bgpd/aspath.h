/* SPDX-License-Identifier: ISC */
/* bgpd/aspath.h: AS paths: segments of four-octet AS numbers.
 *
 * What    A path is bytes in wire order with four-octet ASes, whatever the session
 *         speaks: aspath_decode() widens two-octet ones, aspath_encode() narrows.
 * Normal  Neighbouring AS_SEQUENCEs are one segment of up to 255, sets are sorted
 *         and without repetitions: equal paths have equal bytes.
 * Pure    Results lie in the caller's arena or borrow the reader's bytes.
 * Limits  A path of more than 65535 bytes is malformed.
 * Rules   RFC 4271 4.3, 5.1.2, 9.1.2.2; 5065; 6793; 7606 7.2; 7607; 9774.
 */
#ifndef EVPND_BGPD_ASPATH_H
#define EVPND_BGPD_ASPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arena.h"
#include "lib/strbuf.h"
#include "lib/wire.h"

enum aspath_segment {
	AS_SET = 1,
	AS_SEQUENCE = 2,
	AS_CONFED_SEQUENCE = 3,
	AS_CONFED_SET = 4,
};

struct aspath {
	const uint8_t *b; /* segments: type, count, count * 4 octets */
	uint16_t len;	  /* bytes */
	bool has_set;	  /* an AS_SET or AS_CONFED_SET is in it (RFC 9774) */
	bool has_confed;  /* a confederation segment is in it */
};

/* Reads a whole AS_PATH (as4: with four-octet ASes).  NULL, or what is wrong with it. */
const char *aspath_decode(
    struct rbuf *r, bool as4, struct arena *arena, struct aspath *p);

/* RFC 6793 4.2.3: an AS_PATH from a two-octet session, its AS_TRANS replaced by what AS4_PATH says. */
void aspath_merge_as4(struct aspath *p, const struct aspath *as4, struct arena *arena);

/* The value of an AS_PATH; AS_TRANS stands for what two octets cannot hold. */
void aspath_encode(struct wbuf *w, const uint8_t *b, size_t len, bool as4);
/* The value of an AS4_PATH: the path without its confederation segments. */
void aspath_encode_as4(struct wbuf *w, const uint8_t *b, size_t len);
bool aspath_needs_as4(const uint8_t *b, size_t len); /* some AS is above 65535 */

/* Hops for the decision: a set counts 1, confederation segments 0 (RFC 4271 9.1.2.2, 5065 5.3). */
unsigned aspath_hops(const uint8_t *b, size_t len);
/* The leftmost AS if the path begins (behind confederation segments) with an AS_SEQUENCE, else 0. */
uint32_t aspath_neighbor(const uint8_t *b, size_t len);
/* The rightmost AS if the path ends with an AS_SEQUENCE, else 0. */
uint32_t aspath_origin(const uint8_t *b, size_t len);
/* How often an AS occurs, sets included. */
unsigned aspath_count(const uint8_t *b, size_t len, uint32_t as);
static inline bool
aspath_contains(const uint8_t *b, size_t len, uint32_t as)
{
	return aspath_count(b, len, as) > 0;
}

/* Writes the path with n times `as` in front (RFC 4271 5.1.2): at most len + 4 n + 2 (n / 255 + 1)
 * bytes. */
void aspath_prepend(
    struct wbuf *w, const uint8_t *b, size_t len, uint32_t as, unsigned n);
/* Writes the path without its confederation segments (RFC 5065 4.1). */
void aspath_strip_confed(struct wbuf *w, const uint8_t *b, size_t len);

/* Writes the path without those ASes (n = 0: without any); at most len bytes go to dst.  Returns
 * how many did. */
size_t aspath_exclude(
    const uint8_t *b, size_t len, const uint32_t *ases, size_t n, uint8_t *dst);
/* The same with `to` in place of `from` (0: in place of every AS). */
size_t aspath_replace(
    const uint8_t *b, size_t len, uint32_t from, uint32_t to, uint8_t *dst);
/* The same without private ASes but `keep` (RFC 6996), or with `to` in their place unless 0. */
size_t aspath_unprivate(
    const uint8_t *b, size_t len, uint32_t keep, uint32_t to, uint8_t *dst);
bool aspath_all_private(const uint8_t *b, size_t len); /* and not empty */

/* "65000 65001 {1,2}", "(64512 64513)", "[64512,64513]"; appends. */
void aspath_format(struct strbuf *s, const uint8_t *b, size_t len);

#endif
