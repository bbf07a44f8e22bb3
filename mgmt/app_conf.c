/* SPDX-License-Identifier: ISC */
/* Configuration files into the engine, and what they say out to its parts. */
#include "config.h"

#include "mgmt/app.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bgpd/bgp.h"
#include "evpn/evpn.h"
#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/conf.h"
#include "mgmt/store.h"
#include "underlay/underlay.h"

LOG_MODULE("engine.conf");

/* One destination: the file, else syslog, else standard error. */
static void
apply_log(struct app *a, const struct conf *c)
{
	const char *now = c->log_file ? c->log_file : c->log_syslog ? "syslog" : "";

	log_set_level(NULL, (enum log_level)c->log_level);
	if (a->log_now && strcmp(a->log_now, now) == 0)
		return;
	if (!c->log_file && c->log_syslog) {
		log_open_syslog();
	} else if (!log_open_file(c->log_file)) {
		log_error("log: cannot open %s (%s)", c->log_file, strerror(errno));
		return;
	}
	free(a->log_now);
	a->log_now = xstrdup(now);
}

void
app_apply(struct engine *eng, const struct conf *c)
{
	struct app *a = eng->priv;

	apply_log(a, c);
	app_dp_config(a, c);
	app_prov_apply(a, c);
	bgp_apply(eng->bgp, &c->bgp);
	underlay_apply(eng->underlay, &c->underlay);
	app_router_id(a);
	evpn_apply(eng->evpn, &c->evpn);
}

/* "FILE:12: text", as compilers say it. */
static char *
report_text(const struct app *a, const struct err *e, const char *kind)
{
	char line[16] = "";

	if (e->line)
		snprintf(line, sizeof line, "%d:", e->line);
	return xasprintf("%s:%s %s%s%s%s%s", a->eng.conf_file, line, kind, e->text,
	    e->path[0] ? " (" : "", e->path, e->path[0] ? ")" : "");
}

static void
log_report(void *arg, const struct err *e, bool error)
{
	char *text = report_text(arg, e, "");

	if (error)
		log_error("%s", text);
	else
		log_warn("%s", text);
	free(text);
}

static void
print_report(void *arg, const struct err *e, bool error)
{
	char *text = report_text(arg, e, error ? "error: " : "note: ");

	fprintf(stderr, "%s\n", text);
	free(text);
}

static const struct ds_user by_file = { .door = "file" };
static const struct ds_user by_signal = { .door = "signal" };

/* What ran when the engine before this one died, if that is what is wanted. */
static bool
load_rescued(struct app *a, bool restart)
{
	struct cli_report rep = { .fn = log_report, .arg = a };
	char *text = restart ? commit_rescued(&a->eng) : NULL;

	if (!text) {
		commit_forget_rescued(&a->eng);
		return false;
	}
	log_info("configuration: what ran before the engine died");
	commit_text(&a->eng, text, LOAD_GOOD_LINES, &by_file, &rep);
	commit_rescue_lines(&a->eng, text);
	free(text);
	return true;
}

static bool
load_at_start(struct app *a, bool named, bool restart)
{
	struct cli_report rep = { .fn = log_report, .arg = a };
	const char *file = a->eng.conf_file;
	struct err e = { 0 };
	char *text;

	if (load_rescued(a, restart))
		return true;
	text = store_read(file, &e);
	if (!text) {
		log_error("%s", e.text);
		return !named && access(file, F_OK) != 0 && errno == ENOENT &&
		       commit_text(&a->eng, "", LOAD_GOOD_LINES, &by_file, &rep);
	}
	if (!commit_text(&a->eng, text, LOAD_GOOD_LINES, &by_file, &rep))
		log_error(
		    "%s: %zu errors; what they are about was left out, the rest applies",
		    file, rep.errors);
	free(text);
	return true;
}

/* True unless the file was asked for by name and cannot be read. */
bool
app_load_at_start(struct app *a, bool named, bool restart)
{
	const bool ok = load_at_start(a, named, restart);

	if (ok)
		commit_loaded(&a->eng);
	return ok;
}

/* A file on its way in. */
struct reload {
	struct app *app;       /* borrowed */
	struct cli_report rep; /* to the log */
};

static void
on_reloaded(void *arg, bool ok, const struct err *e)
{
	struct reload *r = arg;
	const char *file = r->app->eng.conf_file;

	(void)e;
	if (ok)
		log_info("%s: loaded again", file);
	else
		log_error("%s: not loaded again (%zu errors); what ran runs on", file,
		    r->rep.errors);
	free(r);
}

void
app_reload(int signo, void *arg)
{
	const struct commit_opts opts = { .by = &by_signal, .unsaved = true };
	struct app *a = arg;
	struct reload *r = xcalloc(1, sizeof *r);
	struct err e = { 0 };
	char *text = store_read(a->eng.conf_file, &e);

	(void)signo;
	*r = (struct reload){ a, { .fn = log_report, .arg = a } };
	if (text) {
		commit_text_start(
		    &a->eng, text, LOAD_REPLACE, &opts, &r->rep, on_reloaded, r);
	} else {
		log_report(a, &e, true);
		r->rep.errors++;
		on_reloaded(r, false, &e);
	}
	free(text);
}

int
app_check(struct app *a)
{
	struct cli_report rep = { .fn = print_report, .arg = a };
	struct err e = { 0 };
	char *text = store_read(a->eng.conf_file, &e);
	bool ok;

	if (!text) {
		print_report(a, &e, true);
		return EXIT_FAILURE;
	}
	ok = commit_text(&a->eng, text, LOAD_CHECK, &by_file, &rep);
	free(text);
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
