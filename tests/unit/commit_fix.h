/* SPDX-License-Identifier: ISC */
/* tests/unit/commit_fix.h: an engine with configuration, disk and sessions, and nothing else.
 *
 * What    A directory of its own, a kernel that says yes, no, or nothing yet, and
 *         operators whose lines are typed without a socket.
 */
#ifndef EVPND_TESTS_UNIT_COMMIT_FIX_H
#define EVPND_TESTS_UNIT_COMMIT_FIX_H

#include "mgmt/commit.h"
#include "mgmt/session.h"
#include "tests/unit/cli_fix.h"

/* run_tests() with schema and grammar, and no log. */
int commit_tests(const char *name, const struct unit_test *tests);

struct fix {
	struct engine eng;
	char dir[64];	/* of everything */
	char conf[96];	/* the configuration file */
	unsigned asked; /* of the kernel */
	bool slow;	/* the kernel's answer comes later */
	bool refuse;	/* and is no */
	preflight_done *done;
	void *done_arg;
};

void fix_init(struct fix *f);
void fix_fini(struct fix *f); /* the directory too */
/* The engine alone; the directory stays. */
void engine_init(struct fix *f);
void engine_fini(struct fix *f);
void remove_dir(const char *dir);

/* What the file has is what runs; restart: after another engine. */
void load(struct fix *f, bool restart);
char *running(struct fix *f); /* the caller frees */
bool runs(struct fix *f, const char *line);
bool file_has(const char *path, const char *line);
void pass(struct fix *f, int64_t seconds); /* time */

void open_session(struct session *s, struct fix *f, const char *name);
void step_all(struct session *s);
bool type(struct session *s, const char *line); /* true if it worked */
bool says(const struct session *s, const char *text);
void typed(struct session *s, const char *line); /* it works */
void refused(struct session *s, const char *line, const char *why);

#endif
