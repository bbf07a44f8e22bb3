/* SPDX-License-Identifier: ISC */
/* lib/hash.h: keyed hashing (SipHash-1-3) for data that strangers choose.
 *
 * What    hash32() over bytes with a random key of this process.
 * Why     Tenants choose MACs and peers choose routes: an unkeyed hash lets them
 *         choose our collisions.
 * Rules   hash_seed() once at start (getrandom); hash_seed_fixed() in tests and
 *         the simulator, for repeatable runs.
 */
#ifndef EVPND_LIB_HASH_H
#define EVPND_LIB_HASH_H

#include <stddef.h>
#include <stdint.h>

void hash_seed(void);
void hash_seed_fixed(uint64_t k0, uint64_t k1);
uint64_t hash64(const void *data, size_t len);

static inline uint32_t
hash32(const void *data, size_t len)
{
	return (uint32_t)hash64(data, len);
}

#endif
