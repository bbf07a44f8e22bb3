/* SPDX-License-Identifier: ISC */
/* Sections of text compared with each other; the contract is in the header. */
#include "config.h"

#include "mgmt/text_diff.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

/* A line with what stands below it. */
struct line {
	const char *s;	/* first byte that is no space; borrowed from the text */
	size_t len;	/* without the newline */
	unsigned depth; /* spaces before it */
	size_t next;	/* index behind its section */
	size_t end;	/* of the line that ends its section, 0 none */
	size_t other;	/* its counterpart plus one, 0 none */
	size_t chain;	/* hash table: next of the bucket plus one */
	uint64_t hash;	/* of the line's text */
};

struct text {
	struct line *l; /* owned */
	size_t n;	/* lines */
	size_t cap;	/* room */
};

static bool
begins(const struct line *l, const char *word)
{
	size_t n = strlen(word);

	return l->len >= n && memcmp(l->s, word, n) == 0;
}

/* Lines that only end something. */
static bool
is_end(const struct line *l)
{
	return (begins(l, "exit") && !memchr(l->s, ' ', l->len)) ||
	       (begins(l, "end") && l->len == 3 && l->depth == 0);
}

static void
add_line(struct text *t, const char *s, size_t len)
{
	struct line *l;
	size_t lead = 0;

	while (lead < len && s[lead] == ' ')
		lead++;
	if (lead == len || s[lead] == '!')
		return;
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 256;
		t->l = xrealloc(t->l, t->cap * sizeof t->l[0]);
	}
	l = &t->l[t->n++];
	*l = (struct line){ .s = s + lead, .len = len - lead, .depth = (unsigned)lead };
	l->hash = hash64(l->s, l->len);
}

/* Where the section of each line ends, from the last to the first. */
static void
find_sections(struct text *t)
{
	for (size_t i = t->n; i-- > 0;) {
		struct line *l = &t->l[i];
		size_t k = i + 1;

		while (k < t->n && t->l[k].depth > l->depth)
			k = t->l[k].next;
		if (k < t->n && k > i && t->l[k].depth == l->depth && is_end(&t->l[k]) &&
		    !is_end(l)) {
			l->end = k;
			k++;
		}
		l->next = k;
	}
}

static struct text
split(const char *s)
{
	struct text t = { NULL, 0, 0 };

	while (*s) {
		size_t len = strcspn(s, "\n");

		add_line(&t, s, len);
		s += len + (s[len] == '\n');
	}
	find_sections(&t);
	return t;
}

/* ---- counterparts ---- */

static bool
same(const struct line *a, const struct line *b)
{
	return a->hash == b->hash && a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static size_t
count(const struct text *t, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i = t->l[i].next)
		n++;
	return n;
}

/* Joins the lines of one section of a with those of one of b. */
static void
pair(struct text *a, size_t a0, size_t a1, struct text *b, size_t b0, size_t b1)
{
	size_t room = count(b, b0, b1) * 2 + 1;
	size_t *bucket = xcalloc(room, sizeof *bucket);

	for (size_t i = b0; i < b1; i = b->l[i].next) {
		size_t *head = &bucket[b->l[i].hash % room];

		b->l[i].chain = *head;
		*head = i + 1;
	}
	for (size_t i = a0; i < a1; i = a->l[i].next)
		for (size_t k = bucket[a->l[i].hash % room]; k; k = b->l[k - 1].chain)
			if (!b->l[k - 1].other && same(&a->l[i], &b->l[k - 1])) {
				a->l[i].other = k;
				b->l[k - 1].other = i + 1;
				break;
			}
	free(bucket);
}

/* ---- printing ---- */

struct printer {
	struct strbuf *out;	     /* borrowed */
	const struct line *lead[16]; /* sections around, not yet printed */
	unsigned n;		     /* of them */
	bool any;		     /* a difference was found */
};

static void
put(struct printer *p, char sign, const struct line *l)
{
	strbuf_putc(p->out, sign);
	for (unsigned i = 0; i < l->depth; i++)
		strbuf_putc(p->out, ' ');
	strbuf_putn(p->out, l->s, l->len);
	strbuf_putc(p->out, '\n');
}

static void
put_whole(struct printer *p, char sign, const struct text *t, size_t i)
{
	for (unsigned k = 0; k < p->n; k++)
		put(p, ' ', p->lead[k]);
	p->n = 0;
	p->any = true;
	for (size_t k = i; k < t->l[i].next; k++)
		put(p, sign, &t->l[k]);
}

static void section(struct printer *p, struct text *a, size_t a0, size_t a1,
    struct text *b, size_t b0, size_t b1);

static size_t
inside(const struct text *t, size_t i)
{
	return t->l[i].end ? t->l[i].end : t->l[i].next;
}

static void
both(struct printer *p, struct text *a, size_t i, struct text *b, size_t k)
{
	unsigned n = p->n;

	if (n == ARRAY_LEN(p->lead))
		return;
	p->lead[p->n++] = &b->l[k];
	section(p, a, i + 1, inside(a, i), b, k + 1, inside(b, k));
	/* Whatever was printed has printed the leads, too. */
	if (p->n > n)
		p->n = n;
}

static void
section(struct printer *p, struct text *a, size_t a0, size_t a1, struct text *b,
    size_t b0, size_t b1)
{
	size_t i = a0;

	pair(a, a0, a1, b, b0, b1);
	for (size_t k = b0; k < b1; k = b->l[k].next) {
		for (; i < a1 && !a->l[i].other; i = a->l[i].next)
			put_whole(p, '-', a, i);
		if (!b->l[k].other) {
			put_whole(p, '+', b, k);
			continue;
		}
		both(p, a, b->l[k].other - 1, b, k);
		if (i < a1 && b->l[k].other == i + 1)
			i = a->l[i].next;
	}
	for (; i < a1; i = a->l[i].next)
		if (!a->l[i].other)
			put_whole(p, '-', a, i);
}

bool
text_diff(const char *from, const char *to, struct strbuf *out)
{
	struct text a = split(from), b = split(to);
	struct printer p = { .out = out };

	section(&p, &a, 0, a.n, &b, 0, b.n);
	free(a.l);
	free(b.l);
	return p.any;
}
