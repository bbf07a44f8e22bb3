/* SPDX-License-Identifier: ISC */
/* mgmt/show_sort.h: many small keys in order, without a long sort.
 *
 * What    Tables are shown sorted, but hashed in memory.  Keys of equal size are added
 *         one by one, in sorted runs; then a heap merges the runs and gives one key
 *         at a time, in the order of memcmp().
 * Cost    No call takes more than about a millisecond; the keys' bytes in memory.
 * Owns    Copies of the keys.
 */
#ifndef EVPND_MGMT_SHOW_SORT_H
#define EVPND_MGMT_SHOW_SORT_H

#include <stddef.h>
#include <stdint.h>

struct show_sort;

struct show_sort *show_sort_new(size_t keysize);
void show_sort_free(struct show_sort *s); /* NULL is allowed */
void show_sort_add(struct show_sort *s, const void *key);
/* All are added: from here on show_sort_next(). */
void show_sort_end(struct show_sort *s);
uint32_t show_sort_count(const struct show_sort *s); /* added */
/* The next key, NULL at the end; valid until show_sort_free(). */
const void *show_sort_next(struct show_sort *s);

#endif
