/* SPDX-License-Identifier: ISC */
/* Commands at the top of the configuration: profile, name, log, kernel. */
#include "config.h"

#include "mgmt/cli_table.h"

#include <stddef.h>

#define LEVEL                                                                            \
	"<emergencies|alerts|critical|errors|warnings|notifications|informational|"      \
	"debugging>$level"

static const struct cli_row rows[] = {
	{ NODE_CONFIG, NODE_NONE, CLI_SILENT, "frr version LINE...", NULL,
	    "Version of the program that wrote the configuration", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "frr defaults <traditional|datacenter>$profile",
	    "system/defaults=$profile",
	    "Profile: where unsaid things get their values from", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "hostname WORD$name", "system/hostname=$name",
	    "Name of this router", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "log file WORD$path [" LEVEL "]",
	    "system/log/file system/log/file/path=$path system/log/file/level=$level",
	    "Log into a file", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "log stdout [" LEVEL "]",
	    "system/log/stdout system/log/stdout/level=$level",
	    "Log to standard error, where the journal listens", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "log syslog [" LEVEL "]",
	    "system/log/syslog system/log/syslog/level=$level", "Log to syslog", NULL },
	{ NODE_CONFIG, NODE_NONE, 0, "evpn fdb-nexthop-ids",
	    "system/kernel/fdb-nexthop-ids=true",
	    "Forwarding entries of the kernel name nexthop groups, not VTEPs", NULL },
	{ NODE_CONFIG, NODE_NONE, CLI_NOEFFECT,
	    "log "
	    "<timestamp|record-priority|facility|commands|monitor|unique-id|error-"
	    "category"
	    "|immediate-mode|trap|daemon> [LINE...]",
	    NULL, "Details of logging", NULL },
	{ NODE_CONFIG, NODE_NONE, CLI_SILENT, "service integrated-vtysh-config", NULL,
	    "One file holds the configuration: it always does", NULL },
	{ NODE_CONFIG, NODE_NONE, CLI_NOEFFECT,
	    "service "
	    "<password-encryption|advanced-vty|terminal-length|cputime-warning|walltime-"
	    "warning>"
	    " [LINE...]",
	    NULL, "Details of terminals", NULL },
	{ NODE_CONFIG, NODE_NONE, CLI_SILENT, "<password|enable> LINE...", NULL,
	    "Passwords of terminals: access is by the socket's permissions", NULL },
};

const struct cli_table cli_table_system = CLI_TABLE(rows);
