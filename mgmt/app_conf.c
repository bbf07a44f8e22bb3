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

/* True unless the file was asked for by name and cannot be read. */
bool
app_load_at_start(struct app *a, bool named)
{
	struct cli_report rep = { .fn = log_report, .arg = a };
	const char *file = a->eng.conf_file;

	if (access(file, R_OK) != 0) {
		log_error("%s: %s", file, strerror(errno));
		return !named && errno == ENOENT &&
		       commit_text(&a->eng, "", LOAD_GOOD_LINES, &by_file, &rep);
	}
	if (!commit_file(&a->eng, file, LOAD_GOOD_LINES, &by_file, &rep))
		log_error(
		    "%s: %zu errors; what they are about was left out, the rest applies",
		    file, rep.errors);
	return true;
}

void
app_reload(int signo, void *arg)
{
	struct app *a = arg;
	struct cli_report rep = { .fn = log_report, .arg = a };

	(void)signo;
	if (commit_file(&a->eng, a->eng.conf_file, LOAD_REPLACE, &by_signal, &rep))
		log_info("%s: loaded again", a->eng.conf_file);
	else
		log_error("%s: not loaded again (%zu errors); what ran runs on",
		    a->eng.conf_file, rep.errors);
}

int
app_check(struct app *a)
{
	struct cli_report rep = { .fn = print_report, .arg = a };

	return commit_file(&a->eng, a->eng.conf_file, LOAD_CHECK, &by_file, &rep) ? EXIT_SUCCESS
									: EXIT_FAILURE;
}
