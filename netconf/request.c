/* SPDX-License-Identifier: ISC */
/* From what libyang says of a bad request to the errors of RFC 6241; the contract is in the header. */
#include "config.h"

#include "netconf/request.h"

#include <libyang/libyang.h>
#include <stdio.h>
#include <string.h>

#include "lib/util.h"

/* What the first text in quotes of a message is. */
enum quoted { NOTHING, ELEMENT, ATTRIBUTE, NAMESPACE };

/* How libyang 2's messages begin; the first that fits. */
static const struct meaning {
	const char *begins;
	const char *tag;
	enum quoted first; /* what is in the first quotes */
} meanings[] = {
	{ "Mandatory node", "missing-element", ELEMENT },
	{ "Mandatory choice", "missing-element", ELEMENT },
	{ "List instance is missing its key", "missing-element", ELEMENT },
	{ "No module with namespace", "unknown-namespace", NAMESPACE },
	{ "Missing XML namespace", "unknown-namespace", NOTHING },
	{ "Unknown XML prefix", "unknown-namespace", NOTHING },
	{ "Unknown (or not implemented) YANG module with namespace", "unknown-attribute",
	    NAMESPACE },
	{ "Annotation definition for attribute", "unknown-attribute", ATTRIBUTE },
	{ "Missing mandatory prefix for XML metadata", "unknown-attribute", ATTRIBUTE },
	{ "Duplicate instance of", "bad-element", ELEMENT },
	{ "Data for both cases", "bad-element", ELEMENT },
	{ "Missing the operation node", "malformed-message", NOTHING },
	{ "Unexpected sibling node", "bad-element", NOTHING },
	/* RFC 7950 8.3.1: a node whose `when` is false is none that is known. */
	{ "When condition", "unknown-element", NOTHING },
	{ "Must condition", "operation-failed", NOTHING },
};

/* The text in the next quotes; *at moves behind it. */
static void
take_quoted(const char **at, char *out, size_t size)
{
	const char *from = strchr(*at, '"'), *to = from ? strchr(from + 1, '"') : NULL;

	out[0] = '\0';
	if (!to)
		return;
	snprintf(
	    out, size, "%.*s", (int)MIN((size_t)(to - from - 1), size - 1), from + 1);
	*at = to + 1;
}

/* The last step of a path, without prefix and predicates. */
static void
last_step(const char *path, char *out, size_t size)
{
	const char *step = strrchr(path, '/'), *colon;

	step = step ? step + 1 : path;
	colon = strchr(step, ':');
	step = colon ? colon + 1 : step;
	snprintf(out, size, "%.*s", (int)MIN(strcspn(step, "["), size - 1), step);
}

/* libyang tells where as sentence: Schema location "...", data location "...", line number N. */
static void
take_path(const char *where, struct ctl_rpc_error *e)
{
	const char *at = where ? strstr(where, "ata location") : NULL;

	if (!at)
		at = where ? strstr(where, "chema location") : NULL;
	if (at)
		take_quoted(&at, e->path, sizeof e->path);
	else if (where && where[0] == '/' && strlen(where) < sizeof e->path)
		snprintf(e->path, sizeof e->path, "%s", where);
}

static void
take_meaning(const struct meaning *m, const char *text, struct ctl_rpc_error *e)
{
	snprintf(e->tag, sizeof e->tag, "%s", m->tag);
	if (m->first == ELEMENT)
		take_quoted(&text, e->element, sizeof e->element);
	else if (m->first == ATTRIBUTE)
		take_quoted(&text, e->attribute, sizeof e->attribute);
	else if (m->first == NAMESPACE)
		take_quoted(&text, e->ns, sizeof e->ns);
	/* "ietf-netconf:colour", or a namespace and then the attribute. */
	if (m->first == NAMESPACE && strcmp(m->tag, "unknown-attribute") == 0)
		take_quoted(&text, e->attribute, sizeof e->attribute);
	/* With the name of a module for a prefix. */
	if (strchr(e->attribute, ':'))
		memmove(e->attribute, strchr(e->attribute, ':') + 1,
		    strlen(strchr(e->attribute, ':')));
}

/* The name of the operation as the client wrote it, for errors that libyang finds before it knows. */
static void
operation_name(const char *msg, char *out, size_t size)
{
	const char *p = strstr(msg, "rpc");

	p = p ? strchr(p, '>') : NULL;
	p = p ? strchr(p, '<') : NULL;
	if (p)
		snprintf(out, size, "%.*s",
		    (int)MIN(strcspn(p + 1, " \t\r\n/>"), size - 1), p + 1);
}

/* An attribute's value is wrong: libyang names the operation, which has none itself. */
static void
take_attribute(struct ly_ctx *ly, struct ctl_rpc_error *e)
{
	const struct lysc_node *s =
	    e->path[0] ? lys_find_path(ly, NULL, e->path, 0) : NULL;
	/* Those with names as values, and XPath. */
	bool word = strncmp(e->text, "Invalid enumeration", 19) == 0, edit;

	if (!s || !(s->nodetype & (LYS_RPC | LYS_CONTAINER)))
		return;
	edit = strncmp(s->name, "edit-", strlen("edit-")) == 0;
	snprintf(e->tag, sizeof e->tag, "bad-attribute");
	snprintf(e->attribute, sizeof e->attribute,
	    edit   ? "operation"
	    : word ? "type"
		   : "select");
	snprintf(e->element, sizeof e->element, edit ? "config" : "filter");
}

/* 'Node "x" not found as a child of "y" node.', or in a module: then it is no operation. */
static bool
take_not_found(const char *text, struct ctl_rpc_error *e)
{
	bool child = strstr(text, "not found as a child of") != NULL;

	if (strncmp(text, "Node \"", 6) != 0 || !strstr(text, "not found"))
		return false;
	snprintf(e->tag, sizeof e->tag, "%s",
	    child ? "unknown-element" : "operation-not-supported");
	take_quoted(&text, e->element, sizeof e->element);
	return true;
}

static void
judge(struct ly_ctx *ly, const char *msg, struct ctl_rpc_error *e)
{
	const struct ly_err_item *err = ly_err_first(ly);
	const char *text;

	while (err && err->next)
		err = err->next;
	text = err && err->msg ? err->msg : "the request is not valid";
	snprintf(e->text, sizeof e->text, "%s", text);
	if (err) {
		take_path(err->path, e);
		snprintf(
		    e->app_tag, sizeof e->app_tag, "%s", err->apptag ? err->apptag : "");
	}
	if (!take_not_found(text, e)) {
		for (size_t i = 0; i < ARRAY_LEN(meanings) && !e->tag[0]; i++)
			if (strncmp(text, meanings[i].begins,
				strlen(meanings[i].begins)) == 0)
				take_meaning(&meanings[i], text, e);
	}
	if (!e->tag[0])
		snprintf(e->tag, sizeof e->tag, "%s",
		    err && (err->vecode == LYVE_SYNTAX || err->vecode == LYVE_SYNTAX_XML)
			? "malformed-message"
			: "invalid-value");
	ly_err_clean(ly, NULL);
	if (strcmp(e->tag, "invalid-value") == 0)
		take_attribute(ly, e);
	/* RFC 8526 3.1.1: parameters that do not go with the datastore. */
	if (strcmp(e->tag, "unknown-element") == 0 && !e->element[0] &&
	    strstr(e->path, ":get-data"))
		snprintf(e->tag, sizeof e->tag, "invalid-value");
	/* RFC 6241 appendix A: these name an element in any case. */
	if (!e->element[0])
		last_step(e->path, e->element, sizeof e->element);
	if (!e->element[0])
		operation_name(msg, e->element, sizeof e->element);
	ly_err_clean(ly, NULL);
}

/* ---- the envelope ---- */

static void
put_escaped(struct strbuf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '&')
			strbuf_put(b, "&amp;");
		else if (*s == '<')
			strbuf_put(b, "&lt;");
		else if (*s == '"')
			strbuf_put(b, "&quot;");
		else
			strbuf_putn(b, s, 1);
	}
}

/* Those without a prefix: others would need their namespaces too. */
static void
put_attrs(struct strbuf *b, const struct lyd_node *envp)
{
	const struct lyd_node_opaq *o = (const struct lyd_node_opaq *)envp;

	for (const struct lyd_attr *a = o->attr; a; a = a->next) {
		if (a->name.prefix)
			continue;
		strbuf_printf(b, " %s=\"", a->name.name);
		put_escaped(b, a->value);
		strbuf_put(b, "\"");
	}
}

static bool
has_id(const struct lyd_node *envp)
{
	const struct lyd_node_opaq *o = (const struct lyd_node_opaq *)envp;
	const struct lyd_attr *a = o->attr;

	while (a && strcmp(a->name.name, "message-id") != 0)
		a = a->next;
	return a != NULL;
}

static void
no_id(struct ctl_rpc_error *e)
{
	*e = (struct ctl_rpc_error){ .tag = "missing-attribute",
		.element = "rpc",
		.attribute = "message-id",
		.text = "a request needs a message-id" };
}

enum request
request_check(
    struct ly_ctx *ly, const char *msg, struct ctl_rpc_error *e, struct strbuf *attrs)
{
	struct lyd_node *envp = NULL, *op = NULL;
	enum request v = REQUEST_FINE;
	struct ly_in *in = NULL;
	LY_ERR rc;

	*e = (struct ctl_rpc_error){ 0 };
	if (ly_in_new_memory(msg, &in) != LY_SUCCESS)
		return REQUEST_FINE;
	ly_err_clean(ly, NULL);
	rc = lyd_parse_op(ly, NULL, in, LYD_XML, LYD_TYPE_RPC_NETCONF, &envp, &op);
	ly_in_free(in, 0);
	if (rc != LY_SUCCESS && !envp) {
		v = REQUEST_NONE;
	} else if (!has_id(envp)) {
		v = REQUEST_WRONG;
		no_id(e);
	} else if (rc != LY_SUCCESS || (op && lyd_validate_op(op, NULL, LYD_TYPE_RPC_YANG,
						  NULL) != LY_SUCCESS)) {
		v = REQUEST_WRONG;
		judge(ly, msg, e);
	}
	if (envp)
		put_attrs(attrs, envp);
	ly_err_clean(ly, NULL);
	lyd_free_all(op);
	lyd_free_all(envp);
	return v;
}
