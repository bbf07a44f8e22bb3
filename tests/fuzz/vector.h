/* SPDX-License-Identifier: ISC */
/* tests/fuzz/vector.h: the vector files of tests/vectors, read for tests and fuzz targets.
 *
 * Form    A file holds cases; `#` starts a comment anywhere but inside quotes.
 *
 *           == name of the case
 *           ctx: as4 ibgp             words; make one octet in front of the input
 *           in:  40 01 {1 00}         octets of the message or part
 *                10.0.0.1 "text"      indented lines continue
 *           out: what the decoder should say, compared line by line
 *           enc: 40 01 01 00          what encoding it gives; without it: the input again
 *
 * Octets  Two hex digits each; {1 ...} and {2 ...} put the length of what is inside in
 *         front, in one or two octets; a dotted quad is four octets; quoted text is its
 *         octets; x10 after an octet repeats it.
 * Owns    A struct vector_file owns its cases.  A file that is wrong ends the program.
 */
#ifndef EVPND_TESTS_FUZZ_VECTOR_H
#define EVPND_TESTS_FUZZ_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VECTOR_AS4 = 1,
	VECTOR_IBGP = 2,
	VECTOR_EXT = 4,
	VECTOR_FIRST_AS = 8
}; /* ctx words */

struct vector {
	char *name;    /* of the case */
	char *out;     /* expected text, lines joined by newlines; NULL: none given */
	bool has_ctx;  /* a ctx line was there */
	uint8_t ctx;   /* VECTOR_* */
	uint8_t *in;   /* octets; in[-1] is the ctx octet */
	size_t len;    /* of in */
	bool has_enc;  /* an enc line was there */
	bool enc_none; /* it said "none": encoding is not compared */
	uint8_t *enc;  /* octets */
	size_t enclen; /* of enc */
	unsigned line; /* where the case begins */
};

struct vector_file {
	struct vector *v; /* owned */
	size_t n;	  /* cases */
};

void vector_file_load(struct vector_file *f, const char *path);
void vector_file_free(struct vector_file *f);

/* Calls fn for every *.txt of the folder, in order of name; returns how many. */
size_t vector_folder(
    const char *folder, void (*fn)(const char *path, void *arg), void *arg);

/* What a fuzz target gets for the case: the ctx octet if there is one, then the octets. */
static inline const uint8_t *
vector_input(const struct vector *v, size_t *len)
{
	*len = v->len + v->has_ctx;
	return v->in - v->has_ctx;
}

#endif
