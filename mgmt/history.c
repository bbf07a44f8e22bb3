/* SPDX-License-Identifier: ISC */
/* The directory of commits; the contract is in the header. */
#include "config.h"

#include "mgmt/history.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/util.h"
#include "mgmt/store.h"

#define HEADER_MAX 1024 /* bytes in which the header of a file is */

struct history {
	char *dir;		     /* owned; NULL: no files */
	struct history_entry *entry; /* owned; the oldest first */
	size_t n;		     /* of them */
	uint64_t number;	     /* the newest given out */
};

/* ---- the header of a text ---- */

const char *
history_time(int64_t when, char buf[32])
{
	time_t t = (time_t)when;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buf;
}

void
history_header(const struct history_entry *en, struct strbuf *out)
{
	char when[32];

	strbuf_put(out, "! " PACKAGE_NAME " " PACKAGE_VERSION "\n");
	strbuf_printf(out, "! commit %llu, %s, %s, session %u, %s\n",
	    (unsigned long long)en->number, history_time(en->when, when),
	    en->by.door[0] ? en->by.door : "engine", en->by.id, en->by.name);
	if (en->comment[0])
		strbuf_printf(out, "! comment: %s\n", en->comment);
}

/* The line after this one, NULL at the end of the text. */
static const char *
next_line(const char *s)
{
	s = strchr(s, '\n');
	return s && s[1] ? s + 1 : NULL;
}

static bool
parse_commit(const char *line, struct history_entry *en)
{
	unsigned long long number;
	struct tm tm = { 0 };
	int at = 0;

	if (sscanf(line,
		"! commit %20llu, %4d-%2d-%2dT%2d:%2d:%2dZ, %11[^,], session %10u,%n",
		&number, &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
		&tm.tm_sec, en->by.door, &en->by.id, &at) != 9 ||
	    at == 0)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	en->number = number;
	en->when = timegm(&tm);
	line += at;
	line += *line == ' ';
	snprintf(en->by.name, sizeof en->by.name, "%.*s",
	    (int)MIN(strcspn(line, "\n"), sizeof en->by.name - 1), line);
	return true;
}

struct history_entry
history_parse(const char *text)
{
	struct history_entry en = { .number = 0 };
	static const char comment[] = "! comment: ";

	for (int i = 0; text && text[0] == '!' && i < 4; i++, text = next_line(text)) {
		if (en.number == 0) {
			parse_commit(text, &en);
		} else if (strncmp(text, comment, sizeof comment - 1) == 0) {
			text += sizeof comment - 1;
			snprintf(en.comment, sizeof en.comment, "%.*s",
			    (int)MIN(strcspn(text, "\n"), sizeof en.comment - 1), text);
		}
	}
	if (en.number == 0)
		en = (struct history_entry){ .number = 0 };
	return en;
}

/* ---- files ---- */

static char *
file_of(const struct history *h, uint64_t number)
{
	return xasprintf("%s/%06llu.conf", h->dir, (unsigned long long)number);
}

/* The number of a file's name, 0 if it is not one of ours. */
static uint64_t
number_of(const char *name)
{
	unsigned long long n;
	char digits[24];
	size_t len = strspn(name, "0123456789");

	if (len == 0 || len >= sizeof digits || strcmp(name + len, ".conf") != 0)
		return 0;
	memcpy(digits, name, len);
	digits[len] = '\0';
	return parse_u64(digits, 1, UINT64_MAX, &n) ? n : 0;
}

static bool
read_header(const char *path, struct history_entry *en)
{
	FILE *f = fopen(path, "re");
	char buf[HEADER_MAX + 1];
	size_t n;

	if (!f)
		return false;
	n = fread(buf, 1, HEADER_MAX, f);
	fclose(f);
	buf[n] = '\0';
	*en = history_parse(buf);
	return en->number != 0;
}

static void
list_append(struct history *h, const struct history_entry *en)
{
	h->entry = xrealloc(h->entry, (h->n + 1) * sizeof h->entry[0]);
	h->entry[h->n++] = *en;
	h->number = MAX(h->number, en->number);
}

static int
entry_cmp(const void *pa, const void *pb)
{
	const struct history_entry *a = pa, *b = pb;

	return a->number < b->number ? -1 : a->number > b->number;
}

static void
read_dir(struct history *h)
{
	DIR *d = opendir(h->dir);
	const struct dirent *de;

	while (d && (de = readdir(d))) {
		uint64_t number = number_of(de->d_name);
		struct history_entry en;
		char *path;

		if (number == 0)
			continue;
		path = file_of(h, number);
		if (read_header(path, &en) && en.number == number)
			list_append(h, &en);
		free(path);
	}
	if (d)
		closedir(d);
	if (h->n)
		qsort(h->entry, h->n, sizeof h->entry[0], entry_cmp);
}

/* A commit that reached the startup file and not the history: the crash was in between. */
static void
adopt(struct history *h, const char *conf_file)
{
	struct history_entry en;
	struct err e = { 0 };
	struct strbuf text;
	char *s;

	if (!read_header(conf_file, &en))
		return;
	if (en.number <= h->number)
		return;
	h->number = en.number;
	s = store_read(conf_file, &e);
	if (!s)
		return;
	strbuf_init(&text);
	strbuf_put(&text, s);
	history_add(h, &en, &text, &e);
	strbuf_fini(&text);
	free(s);
}

struct history *
history_open(const char *conf_file)
{
	struct history *h = xcalloc(1, sizeof *h);

	if (!conf_file)
		return h;
	h->dir = xasprintf("%s.history", conf_file);
	read_dir(h);
	adopt(h, conf_file);
	return h;
}

void
history_close(struct history *h)
{
	if (!h)
		return;
	free(h->entry);
	free(h->dir);
	free(h);
}

/* ---- entries ---- */

size_t
history_count(const struct history *h)
{
	return h->n;
}

const struct history_entry *
history_get(const struct history *h, size_t back)
{
	return back < h->n ? &h->entry[h->n - 1 - back] : NULL;
}

uint64_t
history_number(const struct history *h)
{
	return h->number;
}

struct history_entry
history_next(struct history *h, const struct ds_user *by, const char *comment)
{
	struct history_entry en = { .number = h->number + 1,
		.when = (int64_t)time(NULL) };

	/* 1 is what ran before the first commit. */
	if (en.number == 1)
		en.number = 2;
	if (by)
		en.by = *by;
	snprintf(en.comment, sizeof en.comment, "%s", comment ? comment : "");
	for (char *c = en.comment; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	return en;
}

/* Those that are too many go, the oldest first. */
static void
trim(struct history *h)
{
	while (h->n > HISTORY_MAX) {
		char *path = file_of(h, h->entry[0].number);

		unlink(path);
		free(path);
		memmove(h->entry, h->entry + 1, --h->n * sizeof h->entry[0]);
	}
}

bool
history_add(struct history *h, const struct history_entry *en, const struct strbuf *text,
    struct err *e)
{
	char *path;
	int rc;

	h->number = MAX(h->number, en->number);
	if (!h->dir)
		return true;
	if (mkdir(h->dir, 0750) != 0 && errno != EEXIST)
		return err_set(e, "cannot make %s: %s", h->dir, strerror(errno));
	path = file_of(h, en->number);
	rc = store_write(path, text->s, text->len, false);
	if (rc < 0)
		err_set(e, "cannot write %s: %s", path, strerror(-rc));
	free(path);
	if (rc < 0)
		return false;
	list_append(h, en);
	trim(h);
	return true;
}

char *
history_text(const struct history *h, size_t back, struct err *e)
{
	const struct history_entry *en = history_get(h, back);
	char *path, *text;

	if (!en) {
		err_set(e, "the history has %zu commits", h->n);
		return NULL;
	}
	path = file_of(h, en->number);
	text = store_read(path, e);
	free(path);
	return text;
}
