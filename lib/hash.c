/* SPDX-License-Identifier: ISC */
/* SipHash-1-3 (Aumasson and Bernstein, 2012): one round a word, three at the end. */
#include "config.h"

#include "lib/hash.h"

#include <endian.h>
#include <string.h>
#include <sys/random.h>

#include "lib/util.h"

static uint64_t hash_key[2];

void
hash_seed(void)
{
	ensure(getrandom(hash_key, sizeof(hash_key), 0) == (ssize_t)sizeof(hash_key));
}

void
hash_seed_fixed(uint64_t k0, uint64_t k1)
{
	hash_key[0] = k0;
	hash_key[1] = k1;
}

static inline uint64_t
rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

struct sip {
	uint64_t v0, v1, v2, v3; /* the state */
};

static inline void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 = rotl(s->v2, 32);
}

static inline void
sip_word(struct sip *s, uint64_t m)
{
	s->v3 ^= m;
	sip_round(s);
	s->v0 ^= m;
}

uint64_t
hash64(const void *data, size_t len)
{
	/* The constants spell "somepseudorandomlygeneratedbytes". */
	struct sip s = { hash_key[0] ^ 0x736f6d6570736575,
		hash_key[1] ^ 0x646f72616e646f6d, hash_key[0] ^ 0x6c7967656e657261,
		hash_key[1] ^ 0x7465646279746573 };
	const uint8_t *p = data, *end = p + len / 8 * 8;
	uint64_t m, tail = 0;

	for (; p != end; p += 8) {
		memcpy(&m, p, 8);
		sip_word(&s, le64toh(m));
	}
	if (len > 8 && len % 8) {
		/* All of the rest at once, with what comes before it shifted out. */
		memcpy(&m, p + len % 8 - 8, 8);
		tail = le64toh(m) >> (64 - len % 8 * 8);
	} else {
		for (size_t i = 0; i < len % 8; i++)
			tail |= (uint64_t)p[i] << (8 * i);
	}
	sip_word(&s, tail | (uint64_t)len << 56);
	s.v2 ^= 0xff;
	sip_round(&s);
	sip_round(&s);
	sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
