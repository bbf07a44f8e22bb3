/* SPDX-License-Identifier: ISC */
/* The list of all tables of exec commands: one line a file. */
#include "config.h"

#include "mgmt/show.h"

#include "mgmt/show_config.h"
#include "mgmt/show_version.h"

const struct show_table *const show_tables[] = {
	&show_config_table,
	&show_version_table,
	NULL,
};
