/* SPDX-License-Identifier: ISC */
/* lib/asan.h: tells AddressSanitizer about memory that our own allocators hold back.
 *
 * What    asan_hide() makes a range untouchable in sanitizer builds, asan_show()
 *         gives it back.  Both are nothing in ordinary builds.
 * Why     Slabs and arenas recycle memory that malloc never sees freed; without
 *         this a stale handle would read the next owner's data unnoticed.
 */
#ifndef EVPND_LIB_ASAN_H
#define EVPND_LIB_ASAN_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EVPND_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define EVPND_ASAN 1
#endif

#ifdef EVPND_ASAN
#include <sanitizer/asan_interface.h>
#endif

static inline void
asan_hide(const void *p, size_t n)
{
#ifdef EVPND_ASAN
	__asan_poison_memory_region(p, n);
#else
	(void)p;
	(void)n;
#endif
}

static inline void
asan_show(const void *p, size_t n)
{
#ifdef EVPND_ASAN
	__asan_unpoison_memory_region(p, n);
#else
	(void)p;
	(void)n;
#endif
}

#endif
