/* SPDX-License-Identifier: ISC */
/* Operations that change configuration (RFC 6241 7, 8; RFC 8526 3.2), as questions to the engine. */
#include "config.h"

#include <libnetconf2/messages_server.h>
#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"

#define CONFIRM_DEFAULT 600 /* seconds; RFC 6241 8.4.5.1 */
#define WRITES (NACM_CREATE | NACM_UPDATE | NACM_DELETE)

/* ---- rights (RFC 8341 3.4.5) ---- */

/* One line of CTL_OP_DIFF; NULL if it may be done, else the path in it. */
static const char *
line_denied(struct netconf *s, char *line)
{
	enum nacm_access a = line[0] == '+'   ? NACM_CREATE
			     : line[0] == '-' ? NACM_DELETE
					      : NACM_UPDATE;
	const char *path = line + 1;
	const struct lysc_node *schema;
	char *plain = xstrdup(path), *to = plain;
	bool ok;

	/* The schema's path is the data's without predicates. */
	for (const char *p = path; *p; p++) {
		if (*p == '[') {
			char quote = '\0';

			for (; *p && (quote || *p != ']'); p++) {
				if (quote)
					quote = *p == quote ? '\0' : quote;
				else if (*p == '\'' || *p == '"')
					quote = *p;
			}
			if (!*p)
				break;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	schema = lys_find_path(s->ly, NULL, plain, 0);
	free(plain);
	ok = schema && nacm_data(s->nacm, a, path, schema);
	return ok ? NULL : path;
}

/* The reply that refuses, or NULL if each of these changes may be made. */
static struct nc_server_reply *
diff_denied(struct netconf *s, struct strbuf *diff)
{
	char *line, *next;

	for (line = diff->s; line && *line; line = next) {
		const char *path;

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (line[0] == '=')
			continue;
		path = line_denied(s, line);
		if (path)
			return reply_fail(s->ly, "access-denied", path,
			    "%s may not change this (NACM)", s->opts->user);
	}
	return NULL;
}

/* Asks what would change between two datastores, and whether the user may change that. */
static struct nc_server_reply *
change_denied(
    struct netconf *s, enum ctl_store source, enum ctl_store target, const char *payload)
{
	struct ctl_rpc m = { .op = CTL_OP_DIFF, .source = source, .target = target };
	struct nc_server_reply *no;
	struct strbuf diff;

	if (nacm_all(s->nacm, WRITES))
		return NULL;
	strbuf_init(&diff);
	no = engine_ask(&s->eng, &m, payload, &diff) ? diff_denied(s, &diff)
						     : op_engine_error(s);
	strbuf_fini(&diff);
	return no;
}

/* The same of an edit.  m is then bound to the candidate that was looked at. */
static struct nc_server_reply *
edit_denied(struct netconf *s, struct ctl_rpc *m, const char *payload)
{
	struct nc_server_reply *no;
	struct ctl_rpc dry = *m;
	struct strbuf diff;

	if (nacm_all(s->nacm, WRITES))
		return NULL;
	dry.flags |= CTL_RPC_DRY;
	strbuf_init(&diff);
	if (!engine_ask(&s->eng, &dry, payload, &diff)) {
		no = op_engine_error(s);
	} else {
		if (diff.s[0] == '=') {
			m->number = (uint32_t)strtoul(diff.s + 1, NULL, 10);
			m->flags |= CTL_RPC_GENERATION;
		}
		no = diff_denied(s, &diff);
	}
	strbuf_fini(&diff);
	return no;
}

/* ---- edit ---- */

static uint8_t
default_operation(const struct lyd_node *rpc)
{
	const char *op = op_leaf(rpc, "default-operation");

	if (op && strcmp(op, "replace") == 0)
		return 1;
	return op && strcmp(op, "none") == 0 ? 2 : 0;
}

static struct nc_server_reply *
not_writable(struct netconf *s, const char *what)
{
	return reply_fail(s->ly, "operation-not-supported", NULL,
	    "%s cannot be written to: edit the candidate and commit", what);
}

static struct nc_server_reply *
edit(struct netconf *s, struct ctl_rpc *m, const struct lyd_node *config)
{
	char *payload = op_payload(config);
	struct nc_server_reply *reply = edit_denied(s, m, payload);

	if (!reply)
		reply = op_ask(s, m, payload);
	free(payload);
	return reply;
}

static struct nc_server_reply *
op_edit_config(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_EDIT,
		.target = op_store(rpc, "target"),
		.edit = default_operation(rpc) };
	const char *test = op_leaf(rpc, "test-option");
	const char *error = op_leaf(rpc, "error-option");

	if (m.target != CTL_STORE_CANDIDATE)
		return not_writable(
		    s, m.target == CTL_STORE_RUNNING ? "running" : "this datastore");
	if (!op_child(rpc, "config"))
		return reply_fail(
		    s->ly, "operation-not-supported", NULL, "a url is not supported");
	/* stop-on-error is done as rollback-on-error: what stops leaves nothing behind. */
	if (error && strcmp(error, "continue-on-error") == 0)
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "continue-on-error is not supported");
	if (test && strcmp(test, "test-then-set") == 0)
		m.flags |= CTL_RPC_TEST;
	else if (test && strcmp(test, "test-only") == 0)
		m.flags |= CTL_RPC_TEST_ONLY;
	return edit(s, &m, op_child(rpc, "config"));
}

static struct nc_server_reply *
op_edit_data(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_EDIT,
		.target = op_datastore(op_leaf(rpc, "datastore")),
		.edit = default_operation(rpc) };

	/* RFC 8526 3.1.2 */
	if (m.target != CTL_STORE_CANDIDATE)
		return reply_fail(s->ly, "invalid-value", NULL,
		    "%s cannot be written to: edit the candidate and commit",
		    op_leaf(rpc, "datastore"));
	if (!op_child(rpc, "config"))
		return reply_fail(
		    s->ly, "operation-not-supported", NULL, "a url is not supported");
	return edit(s, &m, op_child(rpc, "config"));
}

/* ---- whole datastores ---- */

/* The payload of <source><config>, NULL if the source is another. */
static char *
source_payload(const struct lyd_node *rpc)
{
	const struct lyd_node *config = op_child(op_child(rpc, "source"), "config");

	return config ? op_payload(config) : NULL;
}

static struct nc_server_reply *
op_copy_config(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_COPY,
		.source = op_store(rpc, "source"),
		.target = op_store(rpc, "target") };
	struct nc_server_reply *reply;
	char *payload;

	if (m.target == CTL_STORE_RUNNING)
		return not_writable(s, "running");
	if (m.target == CTL_STORE_NONE || m.source == CTL_STORE_NONE)
		return reply_fail(
		    s->ly, "operation-not-supported", NULL, "a url is not supported");
	payload = source_payload(rpc);
	reply = change_denied(s, m.source, m.target, payload);
	if (!reply)
		reply = op_ask(s, &m, payload);
	free(payload);
	return reply;
}

static struct nc_server_reply *
op_delete_config(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_DELETE, .target = op_store(rpc, "target") };

	if (m.target != CTL_STORE_STARTUP)
		return reply_fail(s->ly, "operation-not-supported", NULL,
		    "only startup can be deleted");
	return op_ask(s, &m, NULL);
}

static struct nc_server_reply *
op_validate(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_VALIDATE, .source = op_store(rpc, "source") };
	char *payload = source_payload(rpc);
	struct nc_server_reply *reply = op_ask(s, &m, payload);

	free(payload);
	return reply;
}

static struct nc_server_reply *
op_lock(struct netconf *s, const struct lyd_node *rpc)
{
	bool lock = strcmp(LYD_NAME(rpc), "lock") == 0;
	struct ctl_rpc m = { .op = lock ? CTL_OP_LOCK : CTL_OP_UNLOCK,
		.target = op_store(rpc, "target") };

	return op_ask(s, &m, NULL);
}

/* ---- commit ---- */

static bool
take_text(char *to, size_t size, const char *from)
{
	int n = snprintf(to, size, "%s", from ? from : "");

	return n >= 0 && (size_t)n < size;
}

static struct nc_server_reply *
op_commit(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_COMMIT };
	const char *seconds = op_leaf(rpc, "confirm-timeout");
	struct nc_server_reply *no;

	if (op_child(rpc, "confirmed")) {
		m.flags = CTL_RPC_CONFIRMED;
		m.number =
		    seconds ? (uint32_t)strtoul(seconds, NULL, 10) : CONFIRM_DEFAULT;
	}
	if (!take_text(m.text, sizeof m.text, op_leaf(rpc, "persist")) ||
	    !take_text(m.text2, sizeof m.text2, op_leaf(rpc, "persist-id")))
		return reply_fail(
		    s->ly, "invalid-value", NULL, "the persist token is too long");
	no = change_denied(s, CTL_STORE_CANDIDATE, CTL_STORE_RUNNING, NULL);
	return no ? no : op_ask(s, &m, NULL);
}

static struct nc_server_reply *
op_cancel_commit(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_CANCEL };

	if (!take_text(m.text2, sizeof m.text2, op_leaf(rpc, "persist-id")))
		return reply_fail(
		    s->ly, "invalid-value", NULL, "the persist token is too long");
	return op_ask(s, &m, NULL);
}

static struct nc_server_reply *
op_discard(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_DISCARD };

	(void)rpc;
	return op_ask(s, &m, NULL);
}

static struct nc_server_reply *
op_kill(struct netconf *s, const struct lyd_node *rpc)
{
	struct ctl_rpc m = { .op = CTL_OP_KILL };
	const char *id = op_leaf(rpc, "session-id");

	m.number = id ? (uint32_t)strtoul(id, NULL, 10) : 0;
	/* RFC 6241 7.9: one's own session is an invalid value. */
	if (m.number == s->eng.session)
		return reply_fail(s->ly, "invalid-value", NULL,
		    "this is your own session: use close-session");
	return op_ask(s, &m, NULL);
}

const struct op ops_config[] = {
	{ "ietf-netconf", "edit-config", op_edit_config },
	{ "ietf-netconf", "copy-config", op_copy_config },
	{ "ietf-netconf", "delete-config", op_delete_config },
	{ "ietf-netconf", "lock", op_lock },
	{ "ietf-netconf", "unlock", op_lock },
	{ "ietf-netconf", "validate", op_validate },
	{ "ietf-netconf", "commit", op_commit },
	{ "ietf-netconf", "cancel-commit", op_cancel_commit },
	{ "ietf-netconf", "discard-changes", op_discard },
	{ "ietf-netconf", "kill-session", op_kill },
	{ "ietf-netconf-nmda", "edit-data", op_edit_data },
	{ NULL, NULL, NULL },
};
