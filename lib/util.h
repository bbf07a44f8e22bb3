/* SPDX-License-Identifier: ISC */
/* lib/util.h: what every file may need and nothing more.
 *
 * What    Memory that aborts when there is none (style 17), ensure() for
 *         invariants in release builds (never for input), container_of, order of
 *         numbers.
 */
#ifndef EVPND_LIB_UTIL_H
#define EVPND_LIB_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* An invariant: aborts with file, line and text when it does not hold. */
#define ensure(x) ((x) ? (void)0 : ensure_failed(__FILE__, __LINE__, #x))
_Noreturn void ensure_failed(const char *file, int line, const char *what);

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
void *xmemdup(const void *p, size_t n);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whole-string decimal number in [min, max]. */
bool parse_u64(const char *s, unsigned long long min, unsigned long long max,
    unsigned long long *out);

/* For qsort() and bsearch(): the order of two uint32_t. */
int u32_cmp(const void *a, const void *b);

#endif
