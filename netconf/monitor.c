/* SPDX-License-Identifier: ISC */
/* What the server says of itself: RFC 6022 (monitoring), RFC 8525 (library), RFC 5277 (streams), /nacm. */
#include "config.h"

#include <libnetconf2/messages_server.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

#define NS_MONITORING "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
#define NS_LIBRARY "urn:ietf:params:xml:ns:yang:ietf-yang-library"
#define NS_STREAMS "urn:ietf:params:xml:ns:netmod:notification"
#define NS_NACM "urn:ietf:params:xml:ns:yang:ietf-netconf-acm"
#define TIME_MAX 40 /* of a time as text */

static void
format_time(char *buf, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(buf, TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* A leaf below parent; what libyang does not take is left out. */
static void
put(struct lyd_node *parent, const char *name, const char *value)
{
	if (parent && value)
		lyd_new_term(parent, NULL, name, value, 0, NULL);
}

static void
put_number(struct lyd_node *parent, const char *name, unsigned long v)
{
	char text[24];

	snprintf(text, sizeof text, "%lu", v);
	put(parent, name, text);
}

static struct lyd_node *
inner(struct lyd_node *parent, const char *name)
{
	struct lyd_node *n = NULL;

	lyd_new_inner(parent, NULL, name, 0, &n);
	return n;
}

/* ---- RFC 6022 ---- */

static void
put_capabilities(struct netconf *s, struct lyd_node *top)
{
	const char **all = nc_server_get_cpblts(s->ly);
	struct lyd_node *c = inner(top, "capabilities");

	for (size_t i = 0; all && all[i]; i++) {
		put(c, "capability", all[i]);
		lydict_remove(s->ly, all[i]);
	}
	free(all);
}

static void
put_lock(struct lyd_node *store, unsigned session, const char *since)
{
	struct lyd_node *locks = inner(store, "locks"), *g = inner(locks, "global-lock");

	put_number(g, "locked-by-session", session);
	put(g, "locked-time", since);
}

static void
put_datastores(struct lyd_node *top, const char *lines)
{
	static const char *const names[] = { "running", "candidate", "startup" };
	struct lyd_node *stores = inner(top, "datastores"), *d;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *mark = xasprintf("\nlock %s ", names[i]);
		const char *lock = strstr(lines, mark);
		unsigned session;
		long long ms;

		d = NULL;
		lyd_new_list(stores, NULL, "datastore", 0, &d, names[i]);
		if (lock && sscanf(lock + strlen(mark), "%u %lld", &session, &ms) == 2) {
			char since[TIME_MAX];

			format_time(since, ms);
			put_lock(d, session, since);
		}
		free(mark);
	}
}

static void
put_schemas(struct netconf *s, struct lyd_node *top)
{
	struct lyd_node *schemas = inner(top, "schemas"), *n;
	const struct lys_module *m;
	uint32_t i = 0;

	while ((m = ly_ctx_get_module_iter(s->ly, &i))) {
		n = NULL;
		if (lyd_new_list(schemas, NULL, "schema", 0, &n, m->name,
			m->revision ? m->revision : "",
			"ietf-netconf-monitoring:yang") != LY_SUCCESS)
			continue;
		put(n, "namespace", m->ns);
		put(n, "location", "NETCONF");
	}
}

/* One line of CTL_OP_SESSIONS: "session ID DOOR MS NAME". */
static void
put_session(struct netconf *s, struct lyd_node *sessions, const char *line)
{
	char door[16], name[64], login[TIME_MAX], id[16];
	struct lyd_node *n = NULL;
	unsigned number;
	long long ms;

	if (sscanf(line, "session %u %15s %lld %63[^\n]", &number, door, &ms, name) !=
		4 ||
	    strcmp(door, "netconf") != 0)
		return;
	snprintf(id, sizeof id, "%u", number);
	format_time(login, ms);
	if (lyd_new_list(sessions, NULL, "session", 0, &n, id) != LY_SUCCESS)
		return;
	put(n, "transport", "ietf-netconf-monitoring:netconf-ssh");
	put(n, "username", name);
	put(n, "login-time", login);
	if (number != s->eng.session)
		return;
	if (s->opts->host[0])
		put(n, "source-host", s->opts->host);
	put_number(n, "in-rpcs", s->in_rpcs);
	put_number(n, "in-bad-rpcs", s->in_bad);
	put_number(n, "out-rpc-errors", s->out_errors);
	put_number(n, "out-notifications", s->out_notifs);
}

static void
put_sessions(struct netconf *s, struct lyd_node *top, const char *lines)
{
	struct lyd_node *sessions = inner(top, "sessions");

	for (const char *p = lines; p; p = strchr(p + 1, '\n'))
		put_session(s, sessions, p + (p[0] == '\n'));
}

static struct lyd_node *
monitoring(struct netconf *s)
{
	const struct lys_module *mod =
	    ly_ctx_get_module_implemented(s->ly, "ietf-netconf-monitoring");
	struct ctl_rpc m = { .op = CTL_OP_SESSIONS };
	struct lyd_node *top = NULL;
	struct strbuf lines;

	if (lyd_new_inner(NULL, mod, "netconf-state", 0, &top) != LY_SUCCESS)
		return NULL;
	strbuf_init(&lines);
	strbuf_put(&lines, "\n");
	engine_ask(&s->eng, &m, NULL, &lines);
	put_capabilities(s, top);
	put_datastores(top, lines.s);
	put_schemas(s, top);
	put_sessions(s, top, lines.s);
	strbuf_fini(&lines);
	return top;
}

/* ---- the others ---- */

static struct lyd_node *
streams(struct netconf *s)
{
	const struct lys_module *mod =
	    ly_ctx_get_module_implemented(s->ly, "nc-notifications");
	struct lyd_node *top = NULL, *stream = NULL;

	if (lyd_new_inner(NULL, mod, "netconf", 0, &top) != LY_SUCCESS)
		return NULL;
	lyd_new_list(inner(top, "streams"), NULL, "stream", 0, &stream, "NETCONF");
	put(stream, "description", "What happens to sessions, VNIs, MACs and commits.");
	put(stream, "replaySupport", "true");
	return top;
}

static struct lyd_node *
library(struct netconf *s)
{
	struct lyd_node *top = NULL;

	if (ly_ctx_get_yanglib_data(s->ly, &top, "%u", ly_ctx_get_change_count(s->ly)) !=
	    LY_SUCCESS)
		return NULL;
	return top;
}

static struct lyd_node *
rules(struct netconf *s)
{
	return nacm_tree(s->nacm);
}

void
monitor_add(struct netconf *s, struct lyd_node **tree, const struct filter *f)
{
	static const struct {
		const char *module, *ns;
		struct lyd_node *(*make)(struct netconf *s);
	} parts[] = {
		{ "ietf-netconf-monitoring", NS_MONITORING, monitoring },
		{ "ietf-yang-library", NS_LIBRARY, library },
		{ "nc-notifications", NS_STREAMS, streams },
		{ "ietf-netconf-acm", NS_NACM, rules },
	};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct lyd_node *part;

		if (!filter_may(f, parts[i].module, parts[i].ns))
			continue;
		part = parts[i].make(s);
		if (part)
			lyd_merge_siblings(tree, part, LYD_MERGE_DESTRUCT);
	}
}

/* ---- get-schema (RFC 6022 3.1) ---- */

static LY_ERR
print_schema(struct netconf *s, struct ly_out *out, const char *name,
    const char *revision, LYS_OUTFORMAT format)
{
	const struct lys_module *m;
	const struct lysp_submodule *sub;

	if (revision && revision[0]) {
		m = ly_ctx_get_module(s->ly, name, revision);
		sub = m ? NULL : ly_ctx_get_submodule(s->ly, name, revision);
	} else {
		m = ly_ctx_get_module_implemented(s->ly, name);
		m = m ? m : ly_ctx_get_module_latest(s->ly, name);
		sub = m ? NULL : ly_ctx_get_submodule_latest(s->ly, name);
	}
	if (m)
		return lys_print_module(out, m, format, 0, 0);
	return sub ? lys_print_submodule(out, sub, format, 0, 0) : LY_ENOTFOUND;
}

static struct nc_server_reply *
op_get_schema(struct netconf *s, const struct lyd_node *rpc)
{
	const char *name = op_leaf(rpc, "identifier"), *format = op_leaf(rpc, "format");
	struct lyd_node *out = NULL, *data = NULL;
	struct ly_out *to = NULL;
	char *text = NULL;
	LY_ERR rc = LY_EMEM;

	if (format && !strstr(format, "yang") && !strstr(format, "yin"))
		return reply_fail(s->ly, "invalid-value", NULL,
		    "schemas are here as yang and yin alone");
	if (ly_out_new_memory(&text, 0, &to) == LY_SUCCESS)
		rc = print_schema(s, to, name, op_leaf(rpc, "version"),
		    format && strstr(format, "yin") ? LYS_OUT_YIN : LYS_OUT_YANG);
	ly_out_free(to, NULL, 0);
	if (rc == LY_SUCCESS && lyd_dup_single(rpc, NULL, 0, &out) == LY_SUCCESS)
		rc =
		    lyd_new_any(out, NULL, "data", text, 1, LYD_ANYDATA_STRING, 1, &data);
	if (rc == LY_SUCCESS && data)
		return nc_server_reply_data(out, NC_WD_EXPLICIT, NC_PARAMTYPE_FREE);
	lyd_free_all(out);
	free(text);
	/* RFC 6022 3.1: the tag for a schema that is not there. */
	return reply_fail(
	    s->ly, "invalid-value", NULL, "there is no such schema %s", name);
}

const struct op ops_monitor[] = {
	{ "ietf-netconf-monitoring", "get-schema", op_get_schema },
	{ NULL, NULL, NULL },
};
