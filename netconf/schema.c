/* SPDX-License-Identifier: ISC */
/* Loading the modules. */
#include "config.h"

#include "netconf/schema.h"

#include <libyang/libyang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "netconf/defaults.h"

struct wanted {
	const char *name;
	const char *features[8]; /* NULL ends */
};

static const struct wanted modules[] = {
	{ "ietf-netconf", { "candidate", "confirmed-commit", "rollback-on-error",
			      "validate", "startup", "xpath", NULL } },
	{ "ietf-netconf-monitoring", { NULL } },
	{ "ietf-netconf-with-defaults", { NULL } },
	{ "ietf-datastores", { NULL } },
	{ "ietf-origin", { NULL } },
	{ "ietf-netconf-nmda", { "origin", "with-defaults", NULL } },
	{ "ietf-netconf-acm", { NULL } },
	{ "nc-notifications", { NULL } },
	{ "notifications", { NULL } },
	{ "evpnd", { NULL } },
};

static const char *
place(const char *variable, const char *otherwise)
{
	const char *s = getenv(variable);

	return s && s[0] ? s : otherwise;
}

struct ly_ctx *
schema_new(struct err *e)
{
	const char *ours = place("EVPND_YANG_PATH", EVPND_YANGDIR);
	const char *theirs = place("EVPND_IETF_YANG_PATH", EVPND_IETFYANGDIR);
	struct ly_ctx *ly;

	ly_log_options(LY_LOSTORE_LAST);
	if (ly_ctx_new(ours, LY_CTX_DISABLE_SEARCHDIR_CWD, &ly) != LY_SUCCESS) {
		err_set(e, "cannot read YANG modules in %s", ours);
		return NULL;
	}
	if (ly_ctx_set_searchdir(ly, theirs) != LY_SUCCESS) {
		err_set(e, "cannot read the IETF's YANG modules in %s", theirs);
		ly_ctx_destroy(ly);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(modules); i++) {
		const struct wanted *w = &modules[i];

		if (ly_ctx_load_module(ly, w->name, NULL,
			w->features[0] ? (const char **)w->features : NULL))
			continue;
		err_set(e, "no YANG module %s in %s or %s: %s", w->name, ours, theirs,
		    ly_errmsg(ly) ? ly_errmsg(ly) : "not found");
		ly_ctx_destroy(ly);
		return NULL;
	}
	if (!wd_load(ly, e)) {
		ly_ctx_destroy(ly);
		return NULL;
	}
	return ly;
}
