/* SPDX-License-Identifier: ISC */
/* lib/log.h: one way to say what happened.
 *
 * Form    subject: fact (cause).  Logged where the decision to act is made, once.
 * Levels  error: our fault or our machine's; warning: a peer's or an operator's
 *         input; info: state changes; debug: off unless asked for per module.
 * Where   stderr (with <N> prefixes when the journal listens, JOURNAL_STREAM),
 *         or a file, or syslog.  log_set_sink() lets tests collect.
 *         A line is one write(2); control characters in it are escaped, so
 *         that no peer can forge lines.
 * Limits  Anything a remote can trigger goes through log_rl(): a token bucket
 *         of 10 lines, one more a second, and a count of what was not said.
 *         The simulator lends its clock (log_set_clock) to keep runs equal.
 */
#ifndef EVPND_LIB_LOG_H
#define EVPND_LIB_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/mono.h"

enum log_level { LOG_LVL_ERROR, LOG_LVL_WARN, LOG_LVL_INFO, LOG_LVL_DEBUG };

struct log_module {
	const char *name;	 /* "evpn.mac" */
	enum log_level level;	 /* most detailed level that is printed */
	struct log_module *next; /* list of all modules */
};

/* One per file, at file scope: LOG_MODULE("evpn.mac"); */
#define LOG_MODULE(n)                                                                    \
	static struct log_module log_this = { (n), LOG_LVL_INFO, 0 };                    \
	__attribute__((constructor)) static void log_register_this(void)                 \
	{                                                                                \
		log_register(&log_this);                                                 \
	}                                                                                \
	_Static_assert(1, "")

struct log_rate {
	int64_t last_us;     /* when tokens were last added */
	uint32_t tokens;     /* lines that may be said now */
	uint32_t suppressed; /* lines not said since the last one */
	bool init;	     /* false until first use */
};

void log_register(struct log_module *m);
/* All modules, by `next`. */
const struct log_module *log_first(void);
/* Level by module name or prefix ("evpn"); NULL = all.  False if none matched. */
bool log_set_level(const char *module, enum log_level level);
/* NULL = stderr.  False (and unchanged) if the file cannot be opened. */
bool log_open_file(const char *path);
void log_open_syslog(void); /* facility daemon, under the name of log_set_ident() */
void log_set_ident(
    const char *ident); /* program name in front of lines; borrowed, static */
/* The sink gets "module: text" in place of all outputs; NULL ends it. */
void log_set_sink(void (*fn)(enum log_level, const char *line, void *arg), void *arg);
/* For the limits; NULL = the machine's monotonic clock. */
void log_set_clock(struct mono (*fn)(void *arg), void *arg);

void log_msg(struct log_module *m, enum log_level lvl, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
bool log_rate_ok(struct log_rate *r, uint32_t *suppressed);

#define log_on(lvl) ((lvl) <= log_this.level)
#define log_error(...) log_msg(&log_this, LOG_LVL_ERROR, __VA_ARGS__)
#define log_warn(...) log_msg(&log_this, LOG_LVL_WARN, __VA_ARGS__)
#define log_info(...) log_msg(&log_this, LOG_LVL_INFO, __VA_ARGS__)
#define log_debug(...)                                                                   \
	do {                                                                             \
		if (log_on(LOG_LVL_DEBUG))                                               \
			log_msg(&log_this, LOG_LVL_DEBUG, __VA_ARGS__);                  \
	} while (0)
#define log_warn_rl(rl, ...)                                                             \
	do {                                                                             \
		uint32_t log_sup_;                                                       \
		if (log_rate_ok((rl), &log_sup_)) {                                      \
			log_msg(&log_this, LOG_LVL_WARN, __VA_ARGS__);                   \
			if (log_sup_)                                                    \
				log_msg(&log_this, LOG_LVL_WARN,                         \
				    "%u more such lines were not printed", log_sup_);    \
		}                                                                        \
	} while (0)

#endif
