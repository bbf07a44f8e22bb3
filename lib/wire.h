/* SPDX-License-Identifier: ISC */
/* lib/wire.h: bounded reading and writing of wire formats.
 *
 * What    struct rbuf reads, struct wbuf writes; both know their end and both
 *         have a sticky error, so a codec checks once, at its end.
 * Reading A short read sets `failed`, empties the reader and gives 0 (or NULL,
 *         or zero-filled bytes).  Loop on rb_left() > 0, never on a decoded
 *         count.  rb_sub() cuts a nested length; check the sub-reader too.
 * Writing A write that does not fit sets `failed` and writes nothing more.
 *         wb_mark()/wb_rewind() take back a partial NLRI and clear `failed`.
 * Order   Network byte order on the wire, host order in arguments.
 * Owns    Nothing: both borrow the caller's memory.
 */
#ifndef EVPND_LIB_WIRE_H
#define EVPND_LIB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rbuf {
	const uint8_t *pos; /* next byte */
	const uint8_t *end; /* one past the last byte */
	bool failed;	    /* a read went past the end */
};

static inline struct rbuf
rb_init(const void *data, size_t len)
{
	const uint8_t *p = data;
	return (struct rbuf){ p, p ? p + len : p, false };
}

static inline size_t
rb_left(const struct rbuf *r)
{
	return (size_t)(r->end - r->pos);
}

/* True when every byte was consumed and no read was short. */
static inline bool
rb_done(const struct rbuf *r)
{
	return !r->failed && r->pos == r->end;
}

static inline void
rb_fail(struct rbuf *r)
{
	r->failed = true;
	r->pos = r->end;
}

/* The next n bytes, or NULL and failed if there are fewer. */
static inline const uint8_t *
rb_take(struct rbuf *r, size_t n)
{
	const uint8_t *p = r->pos;

	if (rb_left(r) < n) {
		rb_fail(r);
		return NULL;
	}
	r->pos += n;
	return p;
}

static inline uint8_t
rb_u8(struct rbuf *r)
{
	const uint8_t *p = rb_take(r, 1);
	return p ? p[0] : 0;
}

static inline uint16_t
rb_u16(struct rbuf *r)
{
	const uint8_t *p = rb_take(r, 2);
	return (uint16_t)(p ? p[0] << 8 | p[1] : 0);
}

static inline uint32_t
rb_u24(struct rbuf *r)
{
	const uint8_t *p = rb_take(r, 3);
	return p ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t
rb_u32(struct rbuf *r)
{
	const uint8_t *p = rb_take(r, 4);
	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
		       p[3]
		 : 0;
}

static inline uint64_t
rb_u64(struct rbuf *r)
{
	struct rbuf eight = rb_init(rb_take(r, 8), 8);
	uint64_t hi;

	/* All or nothing, like the narrower ones. */
	if (r->failed)
		return 0;
	hi = rb_u32(&eight);
	return hi << 32 | rb_u32(&eight);
}

/* Copies n bytes; zero-fills dst on a short read. */
static inline void
rb_copy(struct rbuf *r, void *dst, size_t n)
{
	const uint8_t *p = rb_take(r, n);

	if (n == 0)
		return;
	if (p)
		memcpy(dst, p, n);
	else
		memset(dst, 0, n);
}

/* A reader over the next n bytes; failed (and so is r) if there are fewer, and if r had failed
 * before: n may come from a short read. */
static inline struct rbuf
rb_sub(struct rbuf *r, size_t n)
{
	const uint8_t *p = rb_take(r, n);

	if (!p || r->failed)
		return (struct rbuf){ NULL, NULL, true };
	return (struct rbuf){ p, p + n, false };
}

struct wbuf {
	uint8_t *start; /* first byte, borrowed */
	uint8_t *pos;	/* next byte to write */
	uint8_t *end;	/* one past the last byte that may be written */
	bool failed;	/* a write did not fit */
};

static inline struct wbuf
wb_init(void *mem, size_t size)
{
	uint8_t *p = mem;
	return (struct wbuf){ p, p, p + size, false };
}

static inline size_t
wb_len(const struct wbuf *w)
{
	return (size_t)(w->pos - w->start);
}

static inline size_t
wb_room(const struct wbuf *w)
{
	return w->failed ? 0 : (size_t)(w->end - w->pos);
}

/* Room for n bytes, or NULL and failed. */
static inline uint8_t *
wb_put(struct wbuf *w, size_t n)
{
	uint8_t *p = w->pos;

	if (w->failed || (size_t)(w->end - w->pos) < n) {
		w->failed = true;
		return NULL;
	}
	w->pos += n;
	return p;
}

static inline void
wb_u8(struct wbuf *w, uint8_t v)
{
	uint8_t *p = wb_put(w, 1);
	if (p)
		p[0] = v;
}

static inline void
wb_u16(struct wbuf *w, uint16_t v)
{
	uint8_t *p = wb_put(w, 2);
	if (p) {
		p[0] = (uint8_t)(v >> 8);
		p[1] = (uint8_t)v;
	}
}

static inline void
wb_u24(struct wbuf *w, uint32_t v)
{
	uint8_t *p = wb_put(w, 3);
	if (p) {
		p[0] = (uint8_t)(v >> 16);
		p[1] = (uint8_t)(v >> 8);
		p[2] = (uint8_t)v;
	}
}

static inline void
wb_u32(struct wbuf *w, uint32_t v)
{
	uint8_t *p = wb_put(w, 4);
	if (p) {
		p[0] = (uint8_t)(v >> 24);
		p[1] = (uint8_t)(v >> 16);
		p[2] = (uint8_t)(v >> 8);
		p[3] = (uint8_t)v;
	}
}

static inline void
wb_u64(struct wbuf *w, uint64_t v)
{
	wb_u32(w, (uint32_t)(v >> 32));
	wb_u32(w, (uint32_t)v);
}

static inline void
wb_bytes(struct wbuf *w, const void *src, size_t n)
{
	uint8_t *p = wb_put(w, n);
	if (p && n)
		memcpy(p, src, n);
}

static inline size_t
wb_mark(const struct wbuf *w)
{
	return wb_len(w);
}

/* Takes back all that was written since mark, the failure included. */
static inline void
wb_rewind(struct wbuf *w, size_t mark)
{
	w->pos = w->start + mark;
	w->failed = false;
}

/* Overwrites the two bytes at `at`, which must have been written. */
static inline void
wb_set16(struct wbuf *w, size_t at, uint16_t v)
{
	w->start[at] = (uint8_t)(v >> 8);
	w->start[at + 1] = (uint8_t)v;
}

/* Leaves room for a length that wb_len16_end() fills with the bytes after it; the writer
 * fails if they are too many for it. */
static inline size_t
wb_len16_begin(struct wbuf *w)
{
	size_t m = wb_len(w);
	wb_u16(w, 0);
	return m;
}

static inline void
wb_len16_end(struct wbuf *w, size_t m)
{
	size_t n = wb_len(w) - m - 2;

	if (n > 65535)
		w->failed = true;
	else if (!w->failed)
		wb_set16(w, m, (uint16_t)n);
}

static inline size_t
wb_len8_begin(struct wbuf *w)
{
	size_t m = wb_len(w);
	wb_u8(w, 0);
	return m;
}

static inline void
wb_len8_end(struct wbuf *w, size_t m)
{
	size_t n = wb_len(w) - m - 1;

	if (n > 255)
		w->failed = true;
	else if (!w->failed)
		w->start[m] = (uint8_t)n;
}

#endif
