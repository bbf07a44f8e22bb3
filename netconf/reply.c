/* SPDX-License-Identifier: ISC */
/* Errors of RFC 6241 as replies. */
#include "config.h"

#include "netconf/reply.h"

#include <libnetconf2/messages_server.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/util.h"

/* What nc_err() wants beside the tag. */
enum shape {
	WITH_TYPE,
	WITH_ELEMENT,
	WITH_ATTRIBUTE,
	WITH_NAMESPACE,
	WITH_SESSION,
	ALONE
};

static const struct tag {
	const char *name;
	NC_ERR code;
	enum shape shape;
	NC_ERR_TYPE type;
} tags[] = {
	{ "in-use", NC_ERR_IN_USE, WITH_TYPE, NC_ERR_TYPE_PROT },
	{ "invalid-value", NC_ERR_INVALID_VALUE, WITH_TYPE, NC_ERR_TYPE_APP },
	{ "too-big", NC_ERR_TOO_BIG, WITH_TYPE, NC_ERR_TYPE_PROT },
	{ "missing-attribute", NC_ERR_MISSING_ATTR, WITH_ATTRIBUTE, NC_ERR_TYPE_APP },
	{ "bad-attribute", NC_ERR_BAD_ATTR, WITH_ATTRIBUTE, NC_ERR_TYPE_APP },
	{ "unknown-attribute", NC_ERR_UNKNOWN_ATTR, WITH_ATTRIBUTE, NC_ERR_TYPE_APP },
	{ "missing-element", NC_ERR_MISSING_ELEM, WITH_ELEMENT, NC_ERR_TYPE_APP },
	{ "bad-element", NC_ERR_BAD_ELEM, WITH_ELEMENT, NC_ERR_TYPE_APP },
	{ "unknown-element", NC_ERR_UNKNOWN_ELEM, WITH_ELEMENT, NC_ERR_TYPE_APP },
	{ "unknown-namespace", NC_ERR_UNKNOWN_NS, WITH_NAMESPACE, NC_ERR_TYPE_APP },
	{ "access-denied", NC_ERR_ACCESS_DENIED, WITH_TYPE, NC_ERR_TYPE_APP },
	{ "lock-denied", NC_ERR_LOCK_DENIED, WITH_SESSION, NC_ERR_TYPE_PROT },
	{ "resource-denied", NC_ERR_RES_DENIED, WITH_TYPE, NC_ERR_TYPE_APP },
	{ "data-exists", NC_ERR_DATA_EXISTS, ALONE, NC_ERR_TYPE_APP },
	{ "data-missing", NC_ERR_DATA_MISSING, ALONE, NC_ERR_TYPE_APP },
	{ "operation-not-supported", NC_ERR_OP_NOT_SUPPORTED, WITH_TYPE,
	    NC_ERR_TYPE_PROT },
	{ "malformed-message", NC_ERR_MALFORMED_MSG, ALONE, NC_ERR_TYPE_RPC },
	{ "operation-failed", NC_ERR_OP_FAILED, WITH_TYPE, NC_ERR_TYPE_APP },
};

static const struct tag *
tag_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (strcmp(tags[i].name, name) == 0)
			return &tags[i];
	return &tags[ARRAY_LEN(tags) - 1];
}

static struct lyd_node *
make(const struct ly_ctx *ly, const struct tag *t, NC_ERR_TYPE type,
    const struct ctl_rpc_error *e)
{
	switch (t->shape) {
	case WITH_ELEMENT:
		return nc_err(ly, t->code, type, e->element);
	case WITH_ATTRIBUTE:
		return nc_err(ly, t->code, type, e->attribute, e->element);
	case WITH_NAMESPACE:
		return nc_err(ly, t->code, type, e->element, e->ns);
	case WITH_SESSION:
		return nc_err(ly, t->code, e->session);
	case WITH_TYPE:
		return nc_err(ly, t->code, type);
	case ALONE:
		break;
	}
	return nc_err(ly, t->code);
}

struct lyd_node *
reply_error_tree(const struct ly_ctx *ly, const struct ctl_rpc_error *e, bool protocol)
{
	const struct tag *t = tag_find(e->tag);
	struct lyd_node *err = make(ly, t, protocol ? NC_ERR_TYPE_PROT : t->type, e);

	if (!err)
		return NULL;
	if (e->text[0])
		nc_err_set_msg(err, e->text, "en");
	if (e->path[0])
		nc_err_set_path(err, e->path);
	if (e->app_tag[0])
		nc_err_set_app_tag(err, e->app_tag);
	return err;
}

struct nc_server_reply *
reply_error(const struct ly_ctx *ly, const struct ctl_rpc_error *e)
{
	struct lyd_node *err = reply_error_tree(ly, e, false);

	return err ? nc_server_reply_err(err) : NULL;
}

struct nc_server_reply *
reply_fail(
    const struct ly_ctx *ly, const char *tag, const char *path, const char *fmt, ...)
{
	struct ctl_rpc_error e = { 0 };
	va_list ap;

	snprintf(e.tag, sizeof e.tag, "%s", tag);
	snprintf(e.path, sizeof e.path, "%s", path ? path : "");
	va_start(ap, fmt);
	vsnprintf(e.text, sizeof e.text, fmt, ap);
	va_end(ap);
	return reply_error(ly, &e);
}
