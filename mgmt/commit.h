/* SPDX-License-Identifier: ISC */
/* mgmt/commit.h: from a candidate to what runs, whole or not at all.
 *
 * Steps   the schema (types, references, must), the semantics (conf_compile()), then
 *         apply: engine->apply() converges to the new struct conf, which cannot fail.
 *         An error in a step before the last changes nothing.
 * Files   A configuration file is text of the dialect.  At start every line that can
 *         be applied is, and what cannot is told with its line, loudly; a reload is a
 *         transaction.  Writing is done beside the file, synced, then renamed; the
 *         file before it stays as FILE.sav.
 */
#ifndef EVPND_MGMT_COMMIT_H
#define EVPND_MGMT_COMMIT_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/strbuf.h"
#include "mgmt/cli_text.h"
#include "mgmt/engine.h"

/* Commits the owner's candidate; with an error it is kept, to be mended or discarded. */
bool commit(struct engine *eng, struct err *e);

enum commit_load {
	LOAD_GOOD_LINES, /* replace by what is good of it */
	LOAD_CHECK,	 /* as if replacing; nothing is applied */
	LOAD_REPLACE,	 /* replace by all of it, or nothing */
	LOAD_MERGE,	 /* add all of it to what runs, or nothing */
};

/* Reads text; every error and note goes to rep, with its line.  True if there was no error. */
bool commit_text(
    struct engine *eng, const char *text, enum commit_load how, struct cli_report *rep);
/* The same of a file; a file that cannot be read is one error. */
bool commit_file(
    struct engine *eng, const char *path, enum commit_load how, struct cli_report *rep);

/* The running configuration as a whole file's text. */
void commit_running_text(struct engine *eng, struct strbuf *out);
/* Writes it to eng->conf_file. */
bool commit_write(struct engine *eng, struct err *e);

#endif
