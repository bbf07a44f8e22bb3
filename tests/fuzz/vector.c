/* SPDX-License-Identifier: ISC */
/* Reads vector files. */
#include "config.h"

#include "tests/fuzz/vector.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strbuf.h"
#include "lib/util.h"

#define NEST_MAX 8

struct parser {
	const char *path; /* for messages */
	unsigned line;	  /* where we are */
	struct vector_file *f;
	struct vector *v;    /* the case being read, NULL before the first */
	struct strbuf bytes; /* octets of the present in or enc */
	struct strbuf text;  /* of the present out */
	char key;	     /* 'i', 'e', 'o' or 0 */
	struct {
		size_t at;	/* where the length octets are */
		unsigned width; /* 1 or 2 */
	} nest[NEST_MAX];
	unsigned depth;
};

static _Noreturn void
wrong(const struct parser *p, const char *what, const char *where)
{
	fprintf(stderr, "%s:%u: %s: %s\n", p->path, p->line, what, where);
	exit(1);
}

static void
octet(struct parser *p, unsigned v)
{
	strbuf_putc(&p->bytes, (char)v);
}

static void
open_length(struct parser *p, const char *s)
{
	if (p->depth == NEST_MAX || (s[1] != '1' && s[1] != '2'))
		wrong(p, "bad length group", s);
	p->nest[p->depth].at = p->bytes.len;
	p->nest[p->depth].width = (unsigned)(s[1] - '0');
	for (unsigned i = 0; i < p->nest[p->depth].width; i++)
		octet(p, 0);
	p->depth++;
}

static void
close_length(struct parser *p)
{
	size_t at, n;

	if (p->depth == 0)
		wrong(p, "nothing to close", "}");
	p->depth--;
	at = p->nest[p->depth].at;
	n = p->bytes.len - at - p->nest[p->depth].width;
	if (n > (p->nest[p->depth].width == 1 ? 255u : 65535u))
		wrong(p, "group is too long", "}");
	if (p->nest[p->depth].width == 2)
		p->bytes.s[at++] = (char)(n >> 8);
	p->bytes.s[at] = (char)n;
}

static void
repeat(struct parser *p, const char *s)
{
	unsigned long n = strtoul(s + 1, NULL, 10);

	if (p->bytes.len == 0 || n == 0 || n > 65535)
		wrong(p, "bad repetition", s);
	while (--n > 0)
		octet(p, (uint8_t)p->bytes.s[p->bytes.len - 1]);
}

static void
word(struct parser *p, const char *s)
{
	unsigned q[4];
	char rest;

	if (sscanf(s, "%u.%u.%u.%u%c", &q[0], &q[1], &q[2], &q[3], &rest) == 4) {
		for (unsigned i = 0; i < 4; i++)
			octet(p, q[i]);
	} else if (s[0] == '{') {
		open_length(p, s);
	} else if (strcmp(s, "}") == 0) {
		close_length(p);
	} else if (s[0] == 'x') {
		repeat(p, s);
	} else if (strlen(s) == 2 && isxdigit((uint8_t)s[0]) && isxdigit((uint8_t)s[1])) {
		octet(p, (unsigned)strtoul(s, NULL, 16));
	} else {
		wrong(p, "not an octet", s);
	}
}

/* Octets of one line; closing braces may stick to what is before them. */
static void
octets(struct parser *p, char *s)
{
	while (*s) {
		char *end, keep;

		if (isspace((uint8_t)*s)) {
			s++;
			continue;
		}
		if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				octet(p, (uint8_t)*s);
			if (*s++ != '"')
				wrong(p, "text without end", "\"");
			continue;
		}
		end = s + 1;
		while (*s != '}' && *end && !isspace((uint8_t)*end) && *end != '}')
			end++;
		keep = *end;
		*end = '\0';
		word(p, s);
		*end = keep;
		s = end;
	}
}

/* Ends the key that is being read. */
static void
finish_key(struct parser *p)
{
	if (p->depth)
		wrong(p, "group without end", "{");
	if (p->key == 'i') {
		uint8_t *mem = xmalloc(p->bytes.len + 1);

		mem[0] = p->v->ctx;
		if (p->bytes.len)
			memcpy(mem + 1, p->bytes.s, p->bytes.len);
		p->v->in = mem + 1;
		p->v->len = p->bytes.len;
	} else if (p->key == 'e') {
		p->v->enc = xmemdup(p->bytes.s, p->bytes.len + 1);
		p->v->enclen = p->bytes.len;
		p->v->has_enc = true;
	} else if (p->key == 'o') {
		p->v->out = strbuf_take(&p->text);
	}
	strbuf_reset(&p->bytes);
	strbuf_reset(&p->text);
	p->key = 0;
}

static void
finish_case(struct parser *p)
{
	if (!p->v)
		return;
	finish_key(p);
	if (!p->v->in)
		wrong(p, "case without in", p->v->name);
	p->v = NULL;
}

static void
ctx_words(struct parser *p, char *s)
{
	static const struct {
		const char *word;
		uint8_t bit;
	} words[] = { { "as4", VECTOR_AS4 }, { "ibgp", VECTOR_IBGP },
		{ "ext", VECTOR_EXT }, { "first-as", VECTOR_FIRST_AS } };
	char *save = NULL;

	p->v->has_ctx = true;
	for (char *w = strtok_r(s, " \t", &save); w; w = strtok_r(NULL, " \t", &save)) {
		size_t i = 0;

		while (i < ARRAY_LEN(words) && strcmp(words[i].word, w) != 0)
			i++;
		if (i == ARRAY_LEN(words))
			wrong(p, "unknown ctx", w);
		p->v->ctx |= words[i].bit;
	}
}

static void
content(struct parser *p, char *s)
{
	if (p->key == 'e' && strcmp(s, "none") == 0) {
		p->v->enc_none = true;
	} else if (p->key == 'o') {
		if (p->text.len)
			strbuf_putc(&p->text, '\n');
		strbuf_put(&p->text, s);
	} else {
		octets(p, s);
	}
}

static void
new_case(struct parser *p, const char *name)
{
	struct vector_file *f = p->f;

	finish_case(p);
	f->v = xrealloc(f->v, (f->n + 1) * sizeof *f->v);
	p->v = &f->v[f->n++];
	*p->v = (struct vector){ .name = xstrdup(name), .line = p->line };
}

/* Cuts the comment and the blanks at both ends. */
static char *
trim(char *s)
{
	bool quoted = false;
	char *end;

	for (end = s; *end && (quoted || *end != '#'); end++)
		quoted ^= *end == '"';
	while (end > s && isspace((uint8_t)end[-1]))
		end--;
	*end = '\0';
	while (isspace((uint8_t)*s))
		s++;
	return s;
}

static void
parse_line(struct parser *p, char *line)
{
	bool indented = isspace((uint8_t)line[0]);
	char *s = trim(line), *colon = strchr(s, ':');

	if (*s == '\0')
		return;
	if (strncmp(s, "== ", 3) == 0) {
		new_case(p, s + 3);
		return;
	}
	if (!p->v)
		wrong(p, "nothing may stand before the first case", s);
	if (indented && p->key) {
		content(p, s);
		return;
	}
	if (!colon)
		wrong(p, "no key", s);
	finish_key(p);
	*colon = '\0';
	if (strcmp(s, "ctx") == 0)
		ctx_words(p, colon + 1);
	else if (strcmp(s, "in") == 0 || strcmp(s, "enc") == 0 || strcmp(s, "out") == 0)
		p->key = s[0];
	else
		wrong(p, "unknown key", s);
	if (p->key && *trim(colon + 1))
		content(p, trim(colon + 1));
}

void
vector_file_load(struct vector_file *f, const char *path)
{
	struct parser p = { .path = path, .f = f };
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;

	*f = (struct vector_file){ 0 };
	if (!in)
		wrong(&p, "cannot read", path);
	strbuf_init(&p.bytes);
	strbuf_init(&p.text);
	while (getline(&line, &cap, in) >= 0) {
		p.line++;
		parse_line(&p, line);
	}
	finish_case(&p);
	strbuf_fini(&p.bytes);
	strbuf_fini(&p.text);
	free(line);
	fclose(in);
}

void
vector_file_free(struct vector_file *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		free(f->v[i].out);
		free(f->v[i].in - 1);
		free(f->v[i].enc);
	}
	free(f->v);
}

static int
is_vectors(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".txt") == 0;
}

size_t
vector_folder(const char *folder, void (*fn)(const char *path, void *arg), void *arg)
{
	struct dirent **list;
	int n = scandir(folder, &list, is_vectors, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = xasprintf("%s/%s", folder, list[i]->d_name);

		fn(path, arg);
		free(path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return n > 0 ? (size_t)n : 0;
}
