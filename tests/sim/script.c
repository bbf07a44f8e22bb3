/* SPDX-License-Identifier: ISC */
/* Scenarios: commands to the simulated fabric, and the transcript that must come out.
 *
 * A file is a list of commands, one a line; lines that begin with "| " are what the command before
 * them printed.  The program runs the commands, writes the file anew with what they print now and
 * compares.  With -u the file is replaced.
 */
#include "config.h"

#include "tests/sim/script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"

void
script_fail(struct script *x, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", x->file, x->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	x->failed = true;
}

/* --- files --- */

static void
on_log(enum log_level lvl, const char *line, void *arg)
{
	struct script *x = arg;

	if (lvl <= LOG_LVL_WARN && strncmp(line, "evpn", 4) == 0)
		strbuf_printf(&x->said, "| log %s\n", line);
}

static struct mono
sim_clock(void *arg)
{
	struct script *x = arg;

	return loop_now(x->sim.loop);
}

static void
run_line(struct script *x, const char *line)
{
	char *copy = xstrdup(line), *w[SCRIPT_WORDS + 1] = { NULL }, *save = NULL, *s;
	int n = 0;

	for (s = strtok_r(copy, " \t", &save); s && n < SCRIPT_WORDS;
	     s = strtok_r(NULL, " \t", &save))
		w[n++] = s;
	if (n)
		script_command(x, w);
	strbuf_put(&x->out, x->said.s);
	strbuf_reset(&x->said);
	free(copy);
}

static char *
read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	struct strbuf b;
	char buf[4096];
	size_t n;

	if (!f) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		exit(2);
	}
	strbuf_init(&b);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		strbuf_putn(&b, buf, n);
	fclose(f);
	return strbuf_take(&b);
}

/* The first line that differs. */
static void
tell_difference(const struct script *x, const char *want)
{
	const char *have = x->out.s;
	int line = 1;

	for (;;) {
		size_t a = strcspn(want, "\n"), b = strcspn(have, "\n");

		if (a != b || memcmp(want, have, a) != 0) {
			fprintf(stderr, "%s:%d: expected: %.*s\n%s:%d:   but got: %.*s\n",
			    x->file, line, (int)a, want, x->file, line, (int)b, have);
			return;
		}
		if (!want[a] || !have[b])
			return;
		want += a + 1;
		have += b + 1;
		line++;
	}
}

static bool
run_file(const char *name, bool update)
{
	struct script x = { .file = name };
	char *text = read_file(name), *copy = xstrdup(text), *line, *next;
	bool ok;

	strbuf_init(&x.out);
	strbuf_init(&x.said);
	sim_init(&x.sim, 1);
	log_set_sink(on_log, &x);
	log_set_clock(sim_clock, &x);
	for (line = copy; *line && !x.failed; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		x.line++;
		if (line[0] == '|')
			continue;
		strbuf_printf(&x.out, "%s\n", line);
		if (line[0] != '#')
			run_line(&x, line);
	}
	log_set_sink(NULL, NULL);
	log_set_clock(NULL, NULL);
	ok = !x.failed && strcmp(text, x.out.s) == 0;
	if (!x.failed && update && !ok) {
		FILE *f = fopen(name, "w");

		ensure(f && fputs(x.out.s, f) >= 0 && fclose(f) == 0);
		ok = true;
	} else if (!x.failed && !ok) {
		tell_difference(&x, text);
	}
	sim_fini(&x.sim);
	strbuf_fini(&x.out);
	strbuf_fini(&x.said);
	free(copy);
	free(text);
	return ok;
}

int
main(int argc, char **argv)
{
	bool update = argc > 1 && strcmp(argv[1], "-u") == 0;
	int i, failed = 0;

	for (i = 1 + update; i < argc; i++)
		failed += !run_file(argv[i], update);
	printf("%d scenarios, %d failed\n", argc - 1 - update, failed);
	return failed != 0;
}
