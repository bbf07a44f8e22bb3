/* SPDX-License-Identifier: ISC */
/* mgmt/history.h: the last commits on the disk: who, when, why, and the configuration.
 *
 * What    One file a commit in the directory FILE.history beside the configuration
 *         file, named by its number: text of the dialect behind a comment that says
 *         who and when.  The startup file carries the same comment, so that one that
 *         was written just before a crash finds its way into the history later.
 * Bounds  The last HISTORY_MAX commits.
 * Owns    The list of entries; texts are read when somebody asks.
 */
#ifndef EVPND_MGMT_HISTORY_H
#define EVPND_MGMT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/strbuf.h"
#include "mgmt/datastore.h"

#define HISTORY_MAX 50
#define HISTORY_COMMENT_MAX 256

struct history_entry {
	uint64_t number;		   /* of the commit, from 1; 0: no entry */
	int64_t when;			   /* seconds since 1970 */
	struct ds_user by;		   /* who */
	char comment[HISTORY_COMMENT_MAX]; /* "" none */
};

struct history;

/* Reads what is there; conf_file NULL: a history without files. */
struct history *history_open(const char *conf_file);
void history_close(struct history *h);

size_t history_count(const struct history *h);
/* back: 0 is the newest; NULL if there is none. */
const struct history_entry *history_get(const struct history *h, size_t back);
/* The newest number that was given out. */
uint64_t history_number(const struct history *h);

/* A new entry with the next number; it is not in the history before history_add(). */
struct history_entry history_next(
    struct history *h, const struct ds_user *by, const char *comment);
/* The comment that says it all, before the configuration. */
void history_header(const struct history_entry *en, struct strbuf *out);
/* Reads such a comment at the beginning of a text; number 0 if there is none. */
struct history_entry history_parse(const char *text);

/* Keeps a text that begins with the entry's header; false and *e if the disk does not. */
bool history_add(struct history *h, const struct history_entry *en,
    const struct strbuf *text, struct err *e);
/* The whole text of an entry, for the caller to free; NULL and *e. */
char *history_text(const struct history *h, size_t back, struct err *e);

/* "2026-11-22T14:44:00Z" */
const char *history_time(int64_t when, char buf[32]);

#endif
