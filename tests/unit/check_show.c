/* SPDX-License-Identifier: ISC */
/* Show commands on a small fabric: texts and shapes of JSON against tests/vectors/show.
 *
 * A vector is "> command", then what is expected: in *.txt the lines of the text, in *.shape each
 * member of the JSON and its type.  `*` in a shape stands for any key or index, `?` marks
 * what may be missing, `+` what the dialect does not have.  With EVPND_SHOW_WRITE set
 * the *.txt files are written instead of compared. */
#include "config.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "tests/unit/run.h"
#include "tests/unit/show_fab.h"

static struct fab fab;

/* --- vectors --- */

struct vector {
	char command[160];
	char *text; /* owned: lines up to the next vector */
};

static FILE *
open_vectors(const char *name, const char *mode)
{
	const char *dir = getenv("srcdir");
	char *path = xasprintf("%s/tests/vectors/show/%s", dir ? dir : ".", name);
	FILE *f = fopen(path, mode);

	ck_assert_msg(f != NULL, "%s", path);
	free(path);
	return f;
}

/* The next "> command" and what follows; comments begin with '#'. */
static bool
next_vector(FILE *f, struct vector *v)
{
	struct strbuf b;
	char line[512];
	long at = 0;

	do
		if (!fgets(line, sizeof line, f))
			return false;
	while (line[0] != '>');
	snprintf(v->command, sizeof v->command, "%.*s", (int)strcspn(line + 2, "\n"),
	    line + 2);
	strbuf_init(&b);
	for (;;) {
		at = ftell(f);
		if (!fgets(line, sizeof line, f) || line[0] == '>')
			break;
		if (line[0] != '#')
			strbuf_put(&b, line);
	}
	if (line[0] == '>')
		fseek(f, at, SEEK_SET);
	v->text = strbuf_take(&b);
	return true;
}

/* What differs from run to run: dates and sizes. */
static char *
masked(const char *text)
{
	struct strbuf b;

	strbuf_init(&b);
	while (*text) {
		const char *date = "      Last update: ", *size = ", using ";
		const size_t len = strcspn(text, "\n");
		const char *using = memmem(text, len, size, strlen(size));

		if (strncmp(text, date, strlen(date)) == 0)
			strbuf_printf(&b, "%sDATE", date);
		else if (using)
			strbuf_printf(
			    &b, "%.*s%sSIZE of memory", (int)(using - text), text, size);
		else
			strbuf_putn(&b, text, len);
		strbuf_putc(&b, '\n');
		text += len + (text[len] == '\n');
	}
	return strbuf_take(&b);
}

static void
write_texts(const char *name)
{
	FILE *in = open_vectors(name, "r"), *out = open_vectors("new", "w");
	char line[512];
	struct vector v;

	while (fgets(line, sizeof line, in) && line[0] == '#')
		fputs(line, out);
	rewind(in);
	while (next_vector(in, &v)) {
		struct fab_run r = fab_run(&fab, 0, v.command);
		char *text = masked(r.text ? r.text : "NOT A COMMAND\n");

		fprintf(out, "> %s\n%s", v.command, text);
		free(text);
		free(r.text);
		free(v.text);
	}
	fclose(in);
	fclose(out);
}

START_TEST(texts)
{
	struct vector v;
	unsigned n = 0;
	FILE *f;

	fab_open_full(&fab);
	if (getenv("EVPND_SHOW_WRITE"))
		write_texts("text.txt");
	f = open_vectors("text.txt", "r");
	for (; next_vector(f, &v); n++) {
		struct fab_run r = fab_run(&fab, 0, v.command);
		char *text;

		ck_assert_msg(r.text != NULL, "not a command: %s", v.command);
		text = masked(r.text);
		ck_assert_msg(strcmp(text, v.text) == 0,
		    "%s\n--- is\n%s--- should be\n%s", v.command, text, v.text);
		free(text);
		free(r.text);
		free(v.text);
	}
	fclose(f);
	ck_assert_uint_gt(n, 20);
	fab_close(&fab);
}
END_TEST

/* --- shapes --- */

struct shape {
	const char *command; /* for messages */
	char *path[200];     /* patterns; owned */
	char type[200];	     /* s n b { [ */
	bool optional[200];  /* may be missing */
	bool seen[200];	     /* was there */
	unsigned n;	     /* of them */
};

static void
shape_parse(struct shape *s, const char *text)
{
	char path[120], type[8], mark[8];
	int len;

	while (sscanf(text, "%119s %7s%n", path, type, &len) == 2) {
		ck_assert_uint_lt(s->n, ARRAY_LEN(s->path));
		text += len;
		s->path[s->n] = xstrdup(path);
		s->type[s->n] = type[0];
		mark[0] = '\0';
		if (sscanf(text, "%*[ ]%7[?+]", mark) == 1)
			text += strcspn(text, "\n");
		s->optional[s->n++] = strchr(mark, '?') != NULL;
	}
}

static char
type_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return '{';
	case JSON_ARRAY:
		return '[';
	case JSON_STRING:
		return 's';
	case JSON_INTEGER:
	case JSON_REAL:
		return 'n';
	default:
		return 'b';
	}
}

/* Keys have brackets, which fnmatch() would read: here only a whole component is a `*`. */
static bool
path_fits(const char *pattern, const char *path)
{
	for (;;) {
		const size_t a = strcspn(pattern, "/"), b = strcspn(path, "/");

		if (!(a == 1 && pattern[0] == '*') &&
		    (a != b || memcmp(pattern, path, a) != 0))
			return false;
		if (!pattern[a] || !path[b])
			return !pattern[a] && !path[b];
		pattern += a + 1;
		path += b + 1;
	}
}

static void
shape_member(struct shape *s, const char *path, const json_t *v)
{
	bool known = false;

	for (unsigned i = 0; i < s->n; i++) {
		if (s->type[i] != type_of(v) || !path_fits(s->path[i], path))
			continue;
		s->seen[i] = known = true;
	}
	ck_assert_msg(
	    known, "%s: %s %c is not in the shape", s->command, path, type_of(v));
}

static void
shape_walk(struct shape *s, const char *path, json_t *v)
{
	const char *key;
	char *sub;
	json_t *m;
	size_t i;

	if (path[0])
		shape_member(s, path, v);
	if (json_is_object(v)) {
		json_object_foreach(v, key, m)
		{
			sub = xasprintf("%s%s%s", path, path[0] ? "/" : "", key);
			/* A prefix is one component of the path. */
			for (char *c = sub + strlen(path) + (path[0] != '\0'); *c; c++)
				*c = *c == '/' ? '_' : *c;
			shape_walk(s, sub, m);
			free(sub);
		}
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, m)
		{
			sub = xasprintf("%s%s%zu", path, path[0] ? "/" : "", i);
			shape_walk(s, sub, m);
			free(sub);
		}
	}
}

static json_t *
run_json(const char *command)
{
	struct fab_run r = fab_run(&fab, 0, command);
	json_error_t e;
	json_t *v;

	ck_assert_msg(r.text != NULL, "not a command: %s", command);
	v = json_loads(r.text, JSON_REJECT_DUPLICATES, &e);
	ck_assert_msg(v != NULL, "%s: %s\n%s", command, e.text, r.text);
	free(r.text);
	return v;
}

START_TEST(shapes)
{
	struct vector v;
	unsigned n = 0;
	FILE *f;

	fab_open_full(&fab);
	f = open_vectors("json.shape", "r");
	for (; next_vector(f, &v); n++) {
		struct shape s = { .command = v.command };
		json_t *j = run_json(v.command);

		shape_parse(&s, v.text);
		shape_walk(&s, "", j);
		for (unsigned i = 0; i < s.n; i++) {
			ck_assert_msg(s.seen[i] || s.optional[i], "%s: %s %c is missing",
			    v.command, s.path[i], s.type[i]);
			free(s.path[i]);
		}
		json_decref(j);
		free(v.text);
	}
	fclose(f);
	ck_assert_uint_gt(n, 20);
	fab_close(&fab);
}
END_TEST

/* Every command of the tables has a vector. */
START_TEST(coverage)
{
	static const char *const files[] = { "text.txt", "json.shape" };
	struct vector v;
	bool *seen;

	fab_open(&fab);
	seen = xcalloc(fab.cli->nexec, sizeof *seen);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		FILE *f = open_vectors(files[i], "r");

		while (next_vector(f, &v)) {
			const struct show_cmd *cmd = fab_command(&fab, v.command);

			for (size_t k = 0; k < fab.cli->nexec; k++)
				seen[k] |= fab.cli->exec[k] == cmd;
			free(v.text);
		}
		fclose(f);
	}
	for (size_t k = 0; k < fab.cli->nexec; k++) {
		const char *p = fab.cli->exec[k]->pattern;

		/* Those of the session and of the configuration are tested with it. */
		if (strncmp(p, "show bgp", 8) == 0 || strncmp(p, "show evpn", 9) == 0)
			ck_assert_msg(seen[k], "no vector for: %s", p);
	}
	free(seen);
	fab_close(&fab);
}
END_TEST

static enum log_level
level_of(const char *module)
{
	for (const struct log_module *m = log_first(); m; m = m->next)
		if (strcmp(m->name, module) == 0)
			return m->level;
	ck_abort_msg("no module %s", module);
}

/* How much is logged: by our names of the parts, and as operators of FRR type it. */
START_TEST(debugging)
{
	static const struct {
		const char *line;
		enum log_level bgp, mac; /* of bgp.session and evpn.mac, afterwards */
		bool failed;
	} rows[] = {
		{ "debug bgp updates in", LOG_LVL_DEBUG, LOG_LVL_INFO, false },
		{ "no debug bgp updates", LOG_LVL_INFO, LOG_LVL_INFO, false },
		{ "debug evpn.mac", LOG_LVL_INFO, LOG_LVL_DEBUG, false },
		{ "debug bgp", LOG_LVL_DEBUG, LOG_LVL_DEBUG, false },
		{ "undebug evpn", LOG_LVL_DEBUG, LOG_LVL_INFO, false },
		{ "debug nowhere", LOG_LVL_DEBUG, LOG_LVL_INFO, true },
		{ "undebug all", LOG_LVL_INFO, LOG_LVL_INFO, false },
	};

	fab_open(&fab);
	log_set_level(NULL, LOG_LVL_INFO);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fab_run r = fab_run(&fab, 0, rows[i].line);

		ck_assert_msg(r.text != NULL, "not a command: %s", rows[i].line);
		ck_assert_msg(r.failed == rows[i].failed &&
				  level_of("bgp.session") == rows[i].bgp &&
				  level_of("evpn.mac") == rows[i].mac,
		    "%s: %s", rows[i].line, r.text);
		free(r.text);
	}
	fab_close(&fab);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ texts, 0, 0 },
		{ shapes, 0, 0 },
		{ coverage, 0, 0 },
		{ debugging, 0, 0 },
		{ 0 },
	};

	return run_tests("show", tests);
}
