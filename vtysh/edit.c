/* SPDX-License-Identifier: ISC */
/* Line editing over libedit. */
#include "config.h"

#include "vtysh/edit.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "lib/asan.h"
#include "lib/strbuf.h"
#include "lib/util.h"
#include "vtysh/filter.h"

#define HISTORY_SIZE 1000

#ifdef EVPND_ASAN
/* el_end() forgets the names of added functions; that is not ours to free. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libedit";
}
#endif

struct editor {
	struct client *client; /* borrowed */
	EditLine *el;	       /* owned */
	History *history;      /* owned */
	char *history_file;    /* owned, NULL none */
};

/* What TAB has learnt. */
struct completion {
	char common[CTL_WORD_MAX]; /* what all words begin with */
	unsigned n;		   /* words */
	char more[CTL_HELP_MAX];   /* that there are more than these; "" these are all */
	struct strbuf list;	   /* all of them, for the eye */
};

static struct editor *
editor_of(EditLine *el)
{
	struct editor *ed = NULL;

	el_get(el, EL_CLIENTDATA, &ed);
	return ed;
}

static char *
prompt(EditLine *el)
{
	return editor_of(el)->client->done.prompt;
}

/* The line up to the cursor; the caller frees. */
static char *
line_to_cursor(EditLine *el)
{
	const LineInfo *li = el_line(el);
	size_t len = (size_t)(li->cursor - li->buffer);
	char *s = xmalloc(len + 1);

	memcpy(s, li->buffer, len);
	s[len] = '\0';
	return s;
}

/* ---- TAB ---- */

static void
on_word(void *arg, const struct ctl_choice *c)
{
	struct completion *k = arg;
	size_t i = 0;

	if (c->is_value) {
		snprintf(k->more, sizeof k->more, "%s", c->help);
		return;
	}
	if (k->n++ == 0) {
		snprintf(k->common, sizeof k->common, "%s", c->word);
	} else {
		while (k->common[i] && k->common[i] == c->word[i])
			i++;
		k->common[i] = '\0';
	}
	strbuf_printf(&k->list, "%s  ", c->word);
}

/* Bytes of the word that the cursor is in or behind. */
static size_t
last_word_len(const char *line)
{
	const char *s = strrchr(line, ' ');

	return strlen(s ? s + 1 : line);
}

/* What stands behind the cursor is passed, not typed again. */
static void
insert_or_pass(EditLine *el, const char *text)
{
	const LineInfo *li = el_line(el);
	size_t len = strlen(text);

	if ((size_t)(li->lastchar - li->cursor) >= len &&
	    memcmp(li->cursor, text, len) == 0)
		el_cursor(el, (int)len);
	else
		el_insertstr(el, text);
}

static void
insert_rest(EditLine *el, const struct completion *k, size_t typed)
{
	if (strlen(k->common) > typed)
		insert_or_pass(el, k->common + typed);
	if (k->n == 1)
		insert_or_pass(el, " ");
}

/* Filter words that begin with what stands behind the bar; false when the cursor is elsewhere. */
static bool
filter_choices(
    const char *line, void (*fn)(void *arg, const struct ctl_choice *c), void *arg)
{
	const char *typed = filter_cursor(line);

	if (!typed)
		return false;
	for (const struct filter_word *w = filter_words; w->word; w++) {
		struct ctl_choice c = { .is_value = false };

		if (strncmp(w->word, typed, strlen(typed)) != 0)
			continue;
		snprintf(c.word, sizeof c.word, "%s", w->word);
		snprintf(c.help, sizeof c.help, "%s", w->help);
		fn(arg, &c);
	}
	return true;
}

/* What can stand at the end of the line, from here or from the engine. */
static bool
choices(struct editor *ed, enum ctl_type ask, const char *line,
    void (*fn)(void *arg, const struct ctl_choice *c), void *arg)
{
	struct client_sink sink = { NULL, fn, arg };

	return filter_choices(line, fn, arg) ||
	       client_request(ed->client, ask, line, strlen(line), &sink);
}

static unsigned char
on_tab(EditLine *el, int ch)
{
	struct editor *ed = editor_of(el);
	char *line = line_to_cursor(el);
	struct completion k = { .more = "" };
	size_t typed = last_word_len(line);
	unsigned char result = CC_ERROR;

	(void)ch;
	strbuf_init(&k.list);
	if (choices(ed, CTL_COMPLETE, line, on_word, &k) && k.n > 0) {
		result = CC_REFRESH;
		if (!k.more[0] && (k.n == 1 || strlen(k.common) > typed)) {
			insert_rest(el, &k, typed);
		} else {
			printf("\n%s%s%s\n", k.list.s, k.more[0] ? "\n" : "", k.more);
			fflush(stdout);
			result = CC_REDISPLAY;
		}
	}
	strbuf_fini(&k.list);
	free(line);
	return result;
}

/* ---- ? ---- */

static void
on_help_choice(void *arg, const struct ctl_choice *c)
{
	(void)arg;
	printf("  %-24s %s\n", c->word, c->help);
}

static unsigned char
on_help(EditLine *el, int ch)
{
	struct editor *ed = editor_of(el);
	char *line = line_to_cursor(el);

	(void)ch;
	printf("?\n");
	choices(ed, CTL_HELP, line, on_help_choice, NULL);
	fflush(stdout);
	free(line);
	return CC_REDISPLAY;
}

/* ---- keys ---- */

static volatile sig_atomic_t interrupted;

static void
on_sigint(int signo)
{
	(void)signo;
	interrupted = 1;
}

/* SIGINT is let in here and nowhere else while a line is edited: true if ^C was typed. */
static bool
was_interrupted(void)
{
	sigset_t sigint;

	sigemptyset(&sigint);
	sigaddset(&sigint, SIGINT);
	sigprocmask(SIG_UNBLOCK, &sigint, NULL);
	sigprocmask(SIG_BLOCK, &sigint, NULL);
	return interrupted;
}

/* Waits for something to read, or ^C.  Of both, ^C came first: it empties the terminal's queue. */
static bool
wait_for_input(void)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t open;
	int n;

	sigprocmask(SIG_SETMASK, NULL, &open);
	sigdelset(&open, SIGINT);
	do
		n = ppoll(&pfd, 1, NULL, &open);
	while (!was_interrupted() && n < 0 && errno == EINTR);
	return !interrupted;
}

/* One character of the terminal, for libedit; whatever TAB or `?` was doing, a ^C that came
 * meanwhile is seen first. */
static int
read_char(EditLine *el, wchar_t *out)
{
	mbstate_t state = { 0 };
	ssize_t n;
	char c;

	(void)el;
	while (wait_for_input()) {
		n = read(STDIN_FILENO, &c, 1);
		if (n <= 0)
			return (int)n;
		switch (mbrtowc(out, &c, 1, &state)) {
		case (size_t)-2: /* there is more of it */
			break;
		case (size_t)-1: /* no character: dropped */
			memset(&state, 0, sizeof state);
			break;
		default:
			return 1;
		}
	}
	return -1;
}

/* ---- life ---- */

static void
open_history(struct editor *ed)
{
	const char *home = getenv("HOME");
	HistEvent ev;

	ed->history = history_init();
	history(ed->history, &ev, H_SETSIZE, HISTORY_SIZE);
	history(ed->history, &ev, H_SETUNIQUE, 1);
	if (!home || !home[0])
		return;
	ed->history_file = xasprintf("%s/.history_evpnd", home);
	history(ed->history, &ev, H_LOAD, ed->history_file);
}

static void
open_editor(struct editor *ed)
{
	ed->el = el_init("vtysh", stdin, stdout, stderr);
	el_set(ed->el, EL_CLIENTDATA, ed);
	el_set(ed->el, EL_PROMPT, prompt);
	el_set(ed->el, EL_EDITOR, "emacs");
	el_set(ed->el, EL_SIGNAL, 1);
	el_set(ed->el, EL_GETCFN, read_char);
	el_set(ed->el, EL_HIST, history, ed->history);
	el_set(ed->el, EL_ADDFN, "evpnd-complete", "complete the word", on_tab);
	el_set(ed->el, EL_ADDFN, "evpnd-help", "what may come next", on_help);
	el_set(ed->el, EL_BIND, "^I", "evpnd-complete", NULL);
	el_set(ed->el, EL_BIND, "?", "evpnd-help", NULL);
	el_source(ed->el, NULL);
}

static void
remember(struct editor *ed, const char *line)
{
	HistEvent ev;

	if (line[strspn(line, " \t")] == '\0')
		return;
	history(ed->history, &ev, H_ENTER, line);
	if (ed->history_file)
		history(ed->history, &ev, H_SAVE, ed->history_file);
}

/* The next line, NULL at the end of file.  ^C throws away what is typed and nothing else. */
static const char *
next_line(struct editor *ed)
{
	sigset_t sigint, before;
	const char *got;
	int n;

	sigemptyset(&sigint);
	sigaddset(&sigint, SIGINT);
	sigprocmask(SIG_BLOCK, &sigint, &before);
	do {
		interrupted = 0;
		got = el_gets(ed->el, &n);
		if (interrupted) {
			el_reset(ed->el);
			printf("\n");
		}
	} while (interrupted && !(got && n > 0));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return got && n > 0 ? got : NULL;
}

void
edit_run(struct client *c, bool (*run)(struct client *c, const char *line))
{
	struct editor ed = { .client = c };
	struct sigaction sa = { .sa_handler = on_sigint };
	const char *got;

	setlocale(LC_CTYPE, "");
	sigaction(SIGINT, &sa, NULL);
	open_history(&ed);
	open_editor(&ed);
	while ((got = next_line(&ed))) {
		char *line = xstrdup(got);
		bool more;

		line[strcspn(line, "\r\n")] = '\0';
		remember(&ed, line);
		more = run(c, line);
		free(line);
		if (!more)
			break;
	}
	el_end(ed.el);
	history_end(ed.history);
	free(ed.history_file);
}
