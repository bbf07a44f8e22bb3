/* SPDX-License-Identifier: ISC */
/* What runs, for the engine that comes after one that dies: a snapshot, and the lines since. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit_priv.h"
#include "mgmt/store.h"

LOG_MODULE("mgmt.journal");

#define RUNNING_FILE "running.conf"
#define LINES_FILE "running.lines"
#define LINES_MAX (256 << 10) /* bytes of lines until there is another snapshot */
#define HEAD "! after "

static char *
file_of(const struct engine *eng, const char *name)
{
	return eng->rundir ? xasprintf("%s/%s", eng->rundir, name) : NULL;
}

/* FNV-1a: the same in every process, and nobody's attack. */
static uint64_t
fingerprint(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 0x100000001b3u;
	return h;
}

/* ---- writing ---- */

void
commit_journal_init(struct commits *c)
{
	c->journal = -1;
}

void
commit_journal_fini(struct commits *c)
{
	if (c->journal >= 0)
		close(c->journal);
	c->journal = -1;
}

/* The next lines are said after this text. */
static void
begin_lines(struct commits *c, const char *text, size_t len)
{
	char *path = file_of(c->eng, LINES_FILE), head[64];
	int n = snprintf(head, sizeof head, HEAD "%016llx\n",
	    (unsigned long long)fingerprint(text, len));

	commit_journal_fini(c);
	c->journal = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (c->journal < 0 || write(c->journal, head, (size_t)n) != n) {
		log_warn("%s: cannot be written (%s)", path, strerror(errno));
		commit_journal_fini(c);
	}
	c->journal_size = 0;
	free(path);
}

void
commit_snapshot_text(struct commits *c, const char *text, size_t len)
{
	char *path = file_of(c->eng, RUNNING_FILE);
	int rc;

	if (!path)
		return;
	rc = store_write(path, text, len, false);
	if (rc < 0)
		log_warn("%s: cannot be written (%s)", path, strerror(-rc));
	/* Lines after an old snapshot would be without a base. */
	if (rc == 0)
		begin_lines(c, text, len);
	else
		commit_journal_fini(c);
	free(path);
}

/* The header has the number of the last commit: a startup file with a greater one is newer. */
void
commit_snapshot(struct commits *c)
{
	struct history_entry en;
	struct strbuf text;

	if (!c->eng->rundir || c->waiting.before)
		return;
	en = history_next(commit_history(c->eng), &c->eng->ds->last, "not saved yet");
	en.number = history_number(commit_history(c->eng));
	strbuf_init(&text);
	history_header(&en, &text);
	commit_running_text(c->eng, &text);
	commit_snapshot_text(c, text.s, text.len);
	strbuf_fini(&text);
}

/* A death of the process loses nothing that was written, so nothing is synced here. */
void
commit_journal_line(struct commits *c, const struct cli_pos *pos, const char *line)
{
	struct strbuf b;
	ssize_t n = -1;

	if (!c->eng->rundir || c->replaying)
		return;
	strbuf_init(&b);
	for (size_t i = 1; i < pos->n; i++)
		strbuf_printf(&b, "%s\n", pos->level[i].line);
	strbuf_printf(&b, "=%s\n", line);
	if (c->journal >= 0 && c->journal_size + b.len <= LINES_MAX)
		n = write(c->journal, b.s, b.len);
	c->journal_size += b.len;
	if (n != (ssize_t)b.len)
		commit_snapshot(c);
	strbuf_fini(&b);
}

/* ---- coming back ---- */

char *
commit_rescued(struct engine *eng)
{
	struct err e = { 0 };
	char *path = file_of(eng, RUNNING_FILE), *text = NULL;
	char *startup = eng->conf_file ? store_read(eng->conf_file, &e) : NULL;

	e = (struct err){ 0 };
	if (path)
		text = store_read(path, &e);
	if (text && startup &&
	    history_parse(startup).number > history_parse(text).number) {
		free(text);
		text = NULL;
	}
	free(startup);
	free(path);
	return text;
}

/* Words of a node that is entered again are no edits: they are tried on a tree of their own. */
static void
enter_again(struct engine *eng, struct cli_pos *pos, const char *line)
{
	struct lyd_node *none = NULL;
	struct err e = { 0 };

	cli_line(eng->cli, eng->ds->nb, pos, &none, line, NULL, &e);
	nb_tree_free(none);
}

/* A line that was written by half is none that anybody was told of. */
static void
say_again(struct engine *eng, const char *lines)
{
	static const struct ds_user by = { .door = "file" };
	struct cli_pos pos;
	struct err e;

	cli_pos_init(&pos);
	for (const char *end; (end = strchr(lines, '\n')); lines = end + 1) {
		char *line = xasprintf("%.*s", (int)(end - lines), lines);

		e = (struct err){ 0 };
		if (line[0] != '=') {
			enter_again(eng, &pos, line);
		} else {
			if (commit_line(eng, &pos, line + 1, &by, &e) == CLI_FAILED)
				log_error("%s: %s", line + 1, e.text);
			cli_pos_fini(&pos);
			cli_pos_init(&pos);
		}
		free(line);
	}
	cli_pos_fini(&pos);
}

void
commit_rescue_lines(struct engine *eng, const char *text)
{
	char *path = file_of(eng, LINES_FILE);
	unsigned long long base;
	struct err e = { 0 };
	char *lines = path ? store_read(path, &e) : NULL;

	if (lines && sscanf(lines, HEAD "%llx", &base) == 1 &&
	    base == fingerprint(text, strlen(text))) {
		eng->commits->replaying = true;
		say_again(eng, lines + strcspn(lines, "\n") + 1);
		eng->commits->replaying = false;
	}
	free(lines);
	free(path);
}

void
commit_loaded(struct engine *eng)
{
	commit_snapshot(eng->commits);
}

void
commit_forget_rescued(struct engine *eng)
{
	static const char *const files[] = { RUNNING_FILE, LINES_FILE };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *path = file_of(eng, files[i]);

		if (path)
			unlink(path);
		free(path);
	}
}
