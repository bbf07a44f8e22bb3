/* SPDX-License-Identifier: ISC */
/* Exec commands about the configuration and the session. */
#include "config.h"

#include "mgmt/show_config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/commit.h"
#include "mgmt/datastore.h"
#include "mgmt/session.h"
#include "mgmt/show_text.h"
#include "mgmt/show_tree.h"
#include "mgmt/store.h"

static bool
show_running(struct show_ctx *c)
{
	struct strbuf *text;

	if (c->state)
		return show_text_slice(c);
	if (c->json)
		return show_tree_json(c, c->eng->ds->running);
	text = show_text_new(c);
	if (!cli_arg(c->args, "no-header"))
		strbuf_put(text, "Building configuration...\n\nCurrent configuration:\n");
	commit_running_text(c->eng, text);
	return show_text_slice(c);
}

static bool
show_startup(struct show_ctx *c)
{
	struct err e = { 0 };
	char *text;

	if (c->state)
		return show_text_slice(c);
	text = c->eng->conf_file ? store_read(c->eng->conf_file, &e) : NULL;
	if (!text)
		return show_fail(
		    c, "%s", e.text[0] ? e.text : "there is no configuration file");
	return show_tree_text(c, text);
}

static bool
write_file(struct show_ctx *c)
{
	struct err e = { 0 };

	if (!commit_write(c->eng, c->session ? &c->session->by : NULL, &e))
		return show_fail(c, "%s", e.text);
	out_printf(c->out, "Configuration saved to %s\n[OK]\n", c->eng->conf_file);
	return false;
}

static bool
do_exit(struct show_ctx *c)
{
	if (c->session)
		c->session->closing = true;
	return false;
}

static bool
do_list(struct show_ctx *c)
{
	if (c->session)
		session_list(c->session);
	return false;
}

static bool
do_nothing(struct show_ctx *c)
{
	(void)c;
	return false;
}

static bool
do_color(struct show_ctx *c)
{
	c->out->marked = cli_arg(c->args, "on") != NULL;
	return false;
}

static bool
set_level(struct show_ctx *c, enum log_level level)
{
	const char *module = cli_arg(c->args, "module");

	if (strcmp(module, "all") == 0)
		module = NULL;
	if (!log_set_level(module, level))
		return show_fail(c, "there is no module %s", module ? module : "at all");
	return false;
}

static bool
do_debug(struct show_ctx *c)
{
	return set_level(c, LOG_LVL_DEBUG);
}

static bool
do_no_debug(struct show_ctx *c)
{
	return set_level(c, LOG_LVL_INFO);
}

static const struct show_cmd rows[] = {
	{ "show running-config [bgpd|zebra|staticd] [no-header] [json]",
	    "The configuration that runs", show_running, show_text_done },
	{ "show startup-config [json]", "The configuration file", show_startup,
	    show_text_done },
	{ "write [file|memory]", "Write the running configuration to its file",
	    write_file, NULL },
	{ "write terminal [no-header] [json]", "The configuration that runs",
	    show_running, show_text_done },
	{ "copy running-config startup-config",
	    "Write the running configuration to its file", write_file, NULL },
	{ "exit", "End the session", do_exit, NULL },
	{ "quit", "End the session", do_exit, NULL },
	{ "end", "Back to exec mode, which this is", do_nothing, NULL },
	{ "enable", "Nothing: every session may do everything", do_nothing, NULL },
	{ "disable", "Nothing: every session may do everything", do_nothing, NULL },
	{ "list", "All commands", do_list, NULL },
	{ "terminal length (0-512)", "Lines of a page", do_nothing, NULL },
	{ "terminal color <on|off>",
	    "Whether good and bad news have colours, on a terminal", do_color, NULL },
	{ "terminal monitor", "Nothing: the log is in the journal", do_nothing, NULL },
	{ "debug WORD$module", "Log every step of a module, such as bgp, evpn.mac or all",
	    do_debug, NULL },
	{ "debug bgp$module [LINE...]", "All of BGP: it is not told apart further",
	    do_debug, NULL },
	{ "no debug WORD$module", "Stop that", do_no_debug, NULL },
	{ "no debug bgp$module [LINE...]", "Stop that", do_no_debug, NULL },
	{ "undebug WORD$module", "Stop that", do_no_debug, NULL },
};

const struct show_table show_config_table = SHOW_TABLE(rows);
