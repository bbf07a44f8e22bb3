/* SPDX-License-Identifier: ISC */
/* Log lines: levels per module, one output, and the limit on what strangers can trigger. */
#include "config.h"

#include "lib/log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "lib/util.h"

enum { RATE_BURST = 10, LINE_MAX_LEN = 1024 };

static const struct {
	const char *name; /* as printed */
	int syslog;	  /* syslog(3) priority */
} levels[] = {
	[LOG_LVL_ERROR] = { "error", LOG_ERR },
	[LOG_LVL_WARN] = { "warning", LOG_WARNING },
	[LOG_LVL_INFO] = { "info", LOG_INFO },
	[LOG_LVL_DEBUG] = { "debug", LOG_DEBUG },
};

static struct log_module *modules;
static const char *log_ident;
static int log_fd = STDERR_FILENO;
static bool to_syslog;
static void (*sink)(enum log_level, const char *, void *);
static void *sink_arg;
static struct mono (*clock_fn)(void *);
static void *clock_arg;

void
log_register(struct log_module *m)
{
	m->next = modules;
	modules = m;
}

const struct log_module *
log_first(void)
{
	return modules;
}

static bool
module_matches(const char *name, const char *want)
{
	size_t n;

	if (!want)
		return true;
	n = strlen(want);
	return strncmp(name, want, n) == 0 && (name[n] == '\0' || name[n] == '.');
}

bool
log_set_level(const char *module, enum log_level level)
{
	bool any = false;

	for (struct log_module *m = modules; m; m = m->next) {
		if (module_matches(m->name, module)) {
			m->level = level;
			any = true;
		}
	}
	return any;
}

static void
use_fd(int fd)
{
	if (log_fd != STDERR_FILENO)
		close(log_fd);
	if (to_syslog)
		closelog();
	to_syslog = false;
	log_fd = fd;
}

bool
log_open_file(const char *path)
{
	int fd = STDERR_FILENO;

	if (path) {
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
		if (fd < 0)
			return false;
	}
	use_fd(fd);
	return true;
}

void
log_open_syslog(void)
{
	use_fd(STDERR_FILENO);
	openlog(log_ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
	to_syslog = true;
}

void
log_set_ident(const char *ident)
{
	log_ident = ident;
}

void
log_set_sink(void (*fn)(enum log_level, const char *, void *), void *arg)
{
	sink = fn;
	sink_arg = arg;
}

void
log_set_clock(struct mono (*fn)(void *), void *arg)
{
	clock_fn = fn;
	clock_arg = arg;
}

/* Copies text with control characters as \xNN; cuts what does not fit. */
static void
escape(const char *text, char *out, size_t size)
{
	char *end = out + size - sizeof("\\xNN");

	for (; *text && out < end; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			out += sprintf(out, "\\x%02x", c);
		else
			*out++ = *text;
	}
	*out = '\0';
}

/* "2025-01-31 23:59:59.123 " for people; the journal and syslog have their own. */
static void
timestamp(char *buf, size_t size)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	localtime_r(&ts.tv_sec, &tm);
	n = strftime(buf, size, "%F %T", &tm);
	snprintf(buf + n, size - n, ".%03ld ", ts.tv_nsec / 1000000);
}

static void
emit(enum log_level lvl, const char *line)
{
	char out[LINE_MAX_LEN + 128], head[64];
	int n;

	if (to_syslog) {
		syslog(levels[lvl].syslog, "%s", line);
		return;
	}
	if (log_fd == STDERR_FILENO && getenv("JOURNAL_STREAM"))
		snprintf(head, sizeof(head), "<%d>", levels[lvl].syslog);
	else
		timestamp(head, sizeof(head));
	n = snprintf(out, sizeof(out), "%s%s%s%s: %s\n", head, log_ident ? log_ident : "",
	    log_ident ? ": " : "", levels[lvl].name, line);
	if ((size_t)n >= sizeof(out))
		n = sizeof(out) - 1;
	/* Nothing to be done about a log that cannot be written. */
	if (write(log_fd, out, (size_t)n) < 0)
		return;
}

void
log_msg(struct log_module *m, enum log_level lvl, const char *fmt, ...)
{
	char text[LINE_MAX_LEN], line[LINE_MAX_LEN];
	va_list ap;
	int n;

	if (lvl > m->level)
		return;
	n = snprintf(text, sizeof(text), "%s: ", m->name);
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, ap);
	va_end(ap);
	escape(text, line, sizeof(line));
	if (sink)
		sink(lvl, line, sink_arg);
	else
		emit(lvl, line);
}

static int64_t
now_us(void)
{
	struct timespec ts;

	if (clock_fn)
		return clock_fn(clock_arg).us;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * MONO_SEC(1) + ts.tv_nsec / 1000;
}

bool
log_rate_ok(struct log_rate *r, uint32_t *suppressed)
{
	int64_t now = now_us(), secs;

	if (!r->init) {
		*r = (struct log_rate){
			.last_us = now, .tokens = RATE_BURST, .init = true
		};
	}
	secs = (now - r->last_us) / MONO_SEC(1);
	if (secs > 0) {
		r->tokens = secs > RATE_BURST
				? RATE_BURST
				: MIN(r->tokens + (uint32_t)secs, RATE_BURST);
		r->last_us += secs * MONO_SEC(1);
	}
	*suppressed = r->suppressed;
	if (r->tokens == 0) {
		r->suppressed++;
		return false;
	}
	r->tokens--;
	r->suppressed = 0;
	return true;
}
