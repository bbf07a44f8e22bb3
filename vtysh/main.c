/* SPDX-License-Identifier: ISC */
/* vtysh: commands from the command line, a file, a pipe or a person to the running engine. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/strbuf.h"
#include "lib/util.h"
#include "vtysh/client.h"
#include "vtysh/edit.h"
#include "vtysh/filter.h"
#include "vtysh/pager.h"
#include "vtysh/paint.h"

#define COMMANDS_MAX 1024
#define COLOR_ON "terminal color on"

struct options {
	const char *rundir;		    /* --vty_socket */
	const char *file;		    /* -f, NULL none */
	const char *commands[COMMANDS_MAX]; /* -c, in order */
	unsigned ncommands;		    /* of them */
	bool check;			    /* -C: load nothing */
	bool replace;			    /* --replace: -f is all of it */
	bool echo;			    /* -E: say the command before its answer */
};

static void
usage(FILE *out)
{
	fputs("usage: vtysh [--vty_socket DIR] [-E] [-c COMMAND]... [-f FILE [-C | "
	      "--replace]]\n",
	    out);
}

static void
take_option(struct options *o, int c)
{
	switch (c) {
	case 'c':
		if (o->ncommands == COMMANDS_MAX) {
			fputs("vtysh: too many commands\n", stderr);
			exit(2);
		}
		o->commands[o->ncommands++] = optarg;
		break;
	case 'f':
		o->file = optarg;
		break;
	case 'C':
		o->check = true;
		break;
	case 'r':
		o->replace = true;
		break;
	case 'E':
		o->echo = true;
		break;
	case 's':
		o->rundir = optarg;
		break;
	case 'V':
		puts("vtysh (" PACKAGE_NAME ") " PACKAGE_VERSION);
		exit(EXIT_SUCCESS);
	case 'h':
		usage(stdout);
		exit(EXIT_SUCCESS);
	default:
		usage(stderr);
		exit(2);
	}
}

static void
take_options(struct options *o, int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "vty_socket", required_argument, NULL, 's' },
		{ "command", required_argument, NULL, 'c' },
		{ "inputfile", required_argument, NULL, 'f' },
		{ "dryrun", no_argument, NULL, 'C' },
		{ "replace", no_argument, NULL, 'r' },
		{ "echo", no_argument, NULL, 'E' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*o = (struct options){ .rundir = EVPND_RUNDIR };
	while ((c = getopt_long(argc, argv, "c:f:CEh", longopts, NULL)) != -1)
		take_option(o, c);
	if (optind < argc) {
		usage(stderr);
		exit(2);
	}
}

static bool
to_stdout(void *arg, const char *text, size_t len)
{
	(void)arg;
	return fwrite(text, 1, len, stdout) == len;
}

static bool
fits(const char *line)
{
	if (strlen(line) < CTL_LINE_MAX)
		return true;
	fprintf(stderr, "vtysh: the line is too long\n");
	return false;
}

/* The command of a line and its filters; NULL (and said) if it cannot be run.  The caller frees. */
static char *
take_line(struct filter *f, const char *line)
{
	struct err e = { 0 };
	char *command = filter_split(f, line, &e);

	if (!command) {
		fprintf(stderr, "%% %s\n", e.text);
	} else if (!fits(command)) {
		free(command);
		command = NULL;
	}
	return command;
}

/* "monitor ..." goes on and on: each line is to be seen when it comes. */
static bool
goes_on(const char *command)
{
	size_t n;

	command += strspn(command, " \t");
	n = strcspn(command, " \t");
	return n >= 3 && n <= strlen("monitor") && strncmp(command, "monitor", n) == 0;
}

/* True when the answer came. */
static bool
request(struct client *c, const char *command, struct filter *f)
{
	struct client_sink sink = { filter_write, NULL, f };
	bool ok;

	client_doing(c, goes_on(command) ? NULL : "Waiting for evpnd");
	ok = client_request(c, CTL_EXEC, command, strlen(command), &sink);

	return filter_end(f) && ok;
}

static bool
to_stdout_now(void *arg, const char *text, size_t len)
{
	return to_stdout(arg, text, len) && fflush(stdout) == 0;
}

static struct paint
painter(struct client *c)
{
	return (
	    struct paint){ .terminal = isatty(STDOUT_FILENO), .progress = &c->progress };
}

/* True when it worked. */
static bool
run_plain(struct client *c, const char *line)
{
	struct filter f;
	char *command = take_line(&f, line);
	struct paint paint = painter(c);
	bool ok;

	paint.out = command && goes_on(command) ? to_stdout_now : to_stdout;
	filter_to(&f, paint_write, &paint);
	ok = command && request(c, command, &f) && c->done.status == 0;
	ok &= fflush(stdout) == 0 && !ferror(stdout);
	filter_fini(&f);
	free(command);
	return ok;
}

/* ---- a person ---- */

static bool
to_pager(void *arg, const char *text, size_t len)
{
	return pager_write(arg, text, len);
}

/* "terminal length N" concerns this program alone. */
static void
note_terminal(struct client *c, const char *line)
{
	int n;

	if (sscanf(line, " terminal length %d", &n) == 1 && n >= 0)
		c->page = n;
}

static bool
run_interactive(struct client *c, const char *line)
{
	struct paint paint = painter(c);
	struct pager pager;
	struct filter f;
	char *command = take_line(&f, line);
	int page = c->page >= 0 ? c->page : pager_terminal_lines();

	if (command) {
		note_terminal(c, command);
		pager_begin(&pager, f.no_more || goes_on(command) ? 0 : page);
		paint.out = to_pager;
		paint.arg = &pager;
		filter_to(&f, paint_write, &paint);
		request(c, command, &f);
		pager_end(&pager);
	}
	filter_fini(&f);
	free(command);
	return !client_lost(c) && !c->done.closing;
}

/* ---- not a person ---- */

/* One -c may hold several lines. */
static bool
run_lines(struct client *c, const char *text, bool echo)
{
	bool ok = true;

	while (ok && *text && !c->done.closing) {
		size_t len = strcspn(text, "\n");
		char *line = xmalloc(len + 1);

		memcpy(line, text, len);
		line[len] = '\0';
		if (echo)
			printf("%s%s\n", c->done.prompt, line);
		ok = run_plain(c, line);
		free(line);
		text += len + (text[len] == '\n');
	}
	return ok;
}

/* Every line is run; the exit status tells whether one failed. */
static bool
run_stdin(struct client *c)
{
	char *line = NULL;
	size_t cap = 0;
	bool ok = true;
	ssize_t n;

	while (!c->done.closing && !client_lost(c) &&
	       (n = getline(&line, &cap, stdin)) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		ok &= run_plain(c, line);
	}
	free(line);
	return ok;
}

static bool
run_file(struct client *c, const char *path, enum ctl_load how)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct paint paint = painter(c);
	struct client_sink sink = { paint_write, NULL, &paint };
	char *doing = xasprintf("Loading %s", path);
	struct strbuf text;
	char buf[8192];
	size_t n;
	bool ok;

	if (!f) {
		fprintf(stderr, "vtysh: cannot open %s (%s)\n", path, strerror(errno));
		free(doing);
		return false;
	}
	paint.out = to_stdout;
	strbuf_init(&text);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		strbuf_putn(&text, buf, n);
	if (f != stdin)
		fclose(f);
	client_doing(c, doing);
	ok = client_load(c, text.s, text.len, how, &sink) && c->done.status == 0 &&
	     fflush(stdout) == 0;
	strbuf_fini(&text);
	free(doing);
	return ok;
}

static bool
run_commands(struct client *c, const struct options *o)
{
	for (unsigned i = 0; i < o->ncommands; i++)
		if (!run_lines(c, o->commands[i], o->echo))
			return false;
	return true;
}

int
main(int argc, char **argv)
{
	static struct options o;
	struct client c;
	bool ok;

	take_options(&o, argc, argv);
	signal(SIGPIPE, SIG_IGN);
	if (!client_open(&c, o.rundir)) {
		client_close(&c);
		return EXIT_FAILURE;
	}
	if (paint_wanted())
		client_request(&c, CTL_EXEC, COLOR_ON, strlen(COLOR_ON), NULL);
	if (o.file)
		ok = run_file(&c, o.file,
		    o.check	? CTL_LOAD_CHECK
		    : o.replace ? CTL_LOAD_REPLACE
				: CTL_LOAD_MERGE);
	else if (o.ncommands)
		ok = run_commands(&c, &o);
	else if (!isatty(STDIN_FILENO))
		ok = run_stdin(&c);
	else {
		edit_run(&c, run_interactive);
		ok = true;
	}
	client_close(&c);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
