/* SPDX-License-Identifier: ISC */
/* lib/intern.h: shared byte strings named by 32-bit handles.
 *
 * What    Equal strings have equal handles; handle 0 is none.  Used for what
 *         many routes repeat: (RD, Ethernet tag) pairs, ESI and gateway pairs.
 * Owns    Copies of the bytes, with a reference count each; freed at zero.
 */
#ifndef EVPND_LIB_INTERN_H
#define EVPND_LIB_INTERN_H

#include "lib/hidx.h"
#include "lib/slab.h"

struct intern {
	struct slab cells; /* of struct intern_cell */
	struct hidx index; /* hash of bytes -> cell */
};

void intern_init(struct intern *t, const char *name);
void intern_fini(struct intern *t);
/* The handle for these bytes, with one reference more.  len <= 64. */
uint32_t intern_get(struct intern *t, const void *data, size_t len);
/* The handle for these bytes or 0; no reference taken. */
uint32_t intern_find(const struct intern *t, const void *data, size_t len);
void intern_ref(struct intern *t, uint32_t h);
void intern_unref(struct intern *t, uint32_t h); /* 0 is allowed */
/* Borrowed bytes, valid while a reference is held. */
const void *intern_bytes(const struct intern *t, uint32_t h, size_t *len);
size_t intern_bytes_used(const struct intern *t);

#endif
