/* SPDX-License-Identifier: ISC */
/* `show version`: which program answers, and since when. */
#include "config.h"

#include "mgmt/show_version.h"

#include "lib/util.h"

static bool
show_version(struct show_ctx *c)
{
	int64_t up = mono_diff(loop_now(c->eng->loop), c->eng->started) / MONO_SEC(1);

	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_str(c->out, "program", PACKAGE_NAME);
		out_str(c->out, "version", PACKAGE_VERSION);
		out_int(c->out, "uptimeSec", up);
		out_obj_end(c->out);
		return false;
	}
	out_printf(c->out, "%s %s\nRunning for %lld s\n", PACKAGE_NAME, PACKAGE_VERSION,
	    (long long)up);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show version [json]", "Which program answers, and since when", show_version,
	    NULL },
};

const struct show_table show_version_table = SHOW_TABLE(rows);
