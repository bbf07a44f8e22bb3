/* SPDX-License-Identifier: ISC */
/* netconf/frame.h: messages out of the bytes that a NETCONF client sends (RFC 6242).
 *
 * What    Takes bytes as they come and tells when a message is whole: by the mark at its
 *         end (version 1.0, and every hello), or by chunks (1.1).  Pure: no descriptor,
 *         no clock.
 * Why     libnetconf2 reads a message to its end, however long that takes and is; this
 *         waits for nothing and keeps no more than FRAME_MAX bytes.
 * Owns    The buffer of the message.
 */
#ifndef EVPND_NETCONF_FRAME_H
#define EVPND_NETCONF_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/strbuf.h"

#define FRAME_MAX (17u << 20) /* bytes of a message: a payload, and what is around it */
#define FRAME_HELLO_MAX (64u << 10) /* bytes of a hello */
#define FRAME_END "]]>]]>"	    /* RFC 6242 4.3 */

enum frame_state {
	FRAME_MORE, /* not whole yet */
	FRAME_WHOLE,
	FRAME_LONG, /* too long: the session ends */
	FRAME_BAD,  /* no frame at all (RFC 6242 4.2: the session ends) */
};

struct frame {
	struct strbuf msg; /* the message so far; owned */
	size_t max;	   /* longest one */
	bool chunked;	   /* version 1.1 */
	size_t left;	   /* of the chunk */
	unsigned step;	   /* place in the chunk's head, see frame.c */
	size_t size;	   /* as read from the head so far */
};

void frame_init(struct frame *f);
void frame_fini(struct frame *f);
/* Takes bytes up to the end of the message; *used says how many. */
enum frame_state frame_take(struct frame *f, const char *p, size_t n, size_t *used);
/* For the next message. */
void frame_next(struct frame *f, bool chunked);

#endif
