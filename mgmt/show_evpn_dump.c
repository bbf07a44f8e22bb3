/* SPDX-License-Identifier: ISC */
/* The walk that `show evpn mac` and `show evpn arp-cache` share, and small things of theirs. */
#include "config.h"

#include "mgmt/show_evpn_dump.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/show_sort.h"
#include "mgmt/show_util.h"

bool
show_evpn_absent(struct show_ctx *c)
{
	if (c->eng->evpn)
		return false;
	show_fail(c, "EVPN is not running");
	return true;
}

bool
show_evpn_nothing(struct show_ctx *c, const char *fmt, ...)
{
	char text[120];
	va_list ap;

	if (!c->json) {
		va_start(ap, fmt);
		vsnprintf(text, sizeof text, fmt, ap);
		va_end(ap);
		return show_fail(c, "%s", text);
	}
	out_obj_begin(c->out, NULL);
	out_obj_end(c->out);
	return false;
}

bool
show_evpn_vni_arg(struct show_ctx *c, struct evpn_show_evi *evi)
{
	const uint32_t vni = (uint32_t)cli_arg_num(c->args, "vni", 0);

	if (!evpn_show_evi(c->eng->evpn, vni, evi))
		return show_evpn_nothing(c, "VNI %u does not exist", vni);
	if (!evi->observed)
		return show_evpn_nothing(
		    c, "VNI %u is configured but has no VXLAN device", vni);
	return true;
}

char
show_evpn_install_flag(enum evpn_install st)
{
	return st == EVPN_FAILED			   ? 'F'
	       : st == EVPN_PENDING || st == EVPN_REMOVING ? 'W'
							   : '\0';
}

enum out_tone
show_evpn_install_tone(enum evpn_install st)
{
	return st == EVPN_FAILED			   ? OUT_BAD
	       : st == EVPN_PENDING || st == EVPN_REMOVING ? OUT_WARN
	       : st == EVPN_INSTALLED			   ? OUT_GOOD
							   : OUT_PLAIN;
}

static void
format_error(char *buf, size_t size, int error, const char *text)
{
	snprintf(buf, size, "%s%s%s", strerror(error), *text ? ": " : "", text);
}

void
show_evpn_json_install(
    struct out *o, enum evpn_install st, int error, const char *error_text)
{
	char why[160];

	if (st == EVPN_NOT_WANTED)
		return;
	out_str(o, "installState", evpn_install_name(st));
	if (!error)
		return;
	format_error(why, sizeof why, error, error_text);
	out_str(o, "installError", why);
}

void
show_evpn_text_install(
    struct out *o, enum evpn_install st, int error, const char *error_text)
{
	char why[160];

	if (st == EVPN_NOT_WANTED)
		return;
	out_puts(o, " Install: ");
	out_toned(o, show_evpn_install_tone(st), "%s", evpn_install_name(st));
	if (error) {
		format_error(why, sizeof why, error, error_text);
		out_printf(o, " (%s)", why);
	}
	out_puts(o, "\n");
}

/* --- the walk --- */

static void
read_arguments(const struct show_ctx *c, struct evpn_dump *d)
{
	const char *vtep = cli_arg(c->args, "vtep"), *mac = cli_arg(c->args, "mac"),
		   *ip = cli_arg(c->args, "ip"), *type = cli_arg(c->args, "type");

	d->all = strcmp(cli_arg(c->args, "vni"), "all") == 0;
	d->detail = cli_arg(c->args, "detail") != NULL;
	d->duplicate = cli_arg(c->args, "duplicate") != NULL;
	/* The patterns have checked the values. */
	if (vtep)
		ip_parse(vtep, &d->vtep);
	if (mac)
		mac_parse(mac, &d->mac);
	if (ip)
		ip_parse(ip, &d->ip);
	if (type)
		d->type = show_route_type(type);
}

/* Goes to the next VNI that the data plane has; false after the last. */
static bool
next_vni(const struct show_ctx *c, struct evpn_dump *d)
{
	struct evpn_show_evi evi;

	if (!d->all && d->vni)
		return false;
	if (!d->all) {
		d->vni = (uint32_t)cli_arg_num(c->args, "vni", 0);
	} else {
		do {
			if (!evpn_show_evi_next(c->eng->evpn, d->vni, &evi))
				return false;
			d->vni = evi.vni;
		} while (!evi.observed);
	}
	evpn_walk_begin(c->eng->evpn, &d->walk, d->vni, d->ops->kind);
	d->keys = show_sort_new(d->ops->keysize);
	d->collected = d->headed = false;
	d->width = d->phase = d->prefixes = d->paths = 0;
	return true;
}

/* One slice of it; true when all keys of the VNI are there. */
static bool
collect(const struct show_ctx *c, struct evpn_dump *d)
{
	uint8_t key[EVPN_KEY_MAX];
	bool keep;

	if (d->collected)
		return true;
	for (unsigned i = 1; d->ops->next(d, key, &keep); i++) {
		if (keep)
			show_sort_add(d->keys, key);
		if (i % 64 == 0 && loop_slice_over(c->eng->loop))
			return false;
	}
	evpn_walk_end(&d->walk);
	show_sort_end(d->keys);
	d->collected = true;
	return true;
}

/* One slice of what is written for the VNI; true at its end. */
static bool
write_vni(const struct show_ctx *c, struct evpn_dump *d)
{
	const uint8_t *key;

	if (!d->headed) {
		d->headed = true;
		d->ops->head(c, d, show_sort_count(d->keys));
	}
	for (unsigned i = 1; (key = show_sort_next(d->keys)) != NULL; i++) {
		d->ops->item(c, d, key);
		if (out_full(c->out) || (i % 64 == 0 && loop_slice_over(c->eng->loop)))
			return false;
	}
	d->ops->tail(c, d);
	show_sort_free(d->keys);
	d->keys = NULL;
	return true;
}

static bool
dump_slice(const struct show_ctx *c, struct evpn_dump *d)
{
	while (d->keys || next_vni(c, d)) {
		if (!collect(c, d) || !write_vni(c, d))
			return true;
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json && d->all)
		out_obj_end(c->out);
	return false;
}

bool
evpn_dump_run(struct show_ctx *c, const struct evpn_dump_ops *ops)
{
	struct evpn_dump *d = c->state;
	struct evpn_show_evi evi;

	if (!d) {
		c->state = d = xcalloc(1, sizeof *d);
		d->ops = ops;
		d->evpn = c->eng->evpn;
		read_arguments(c, d);
		if (show_evpn_absent(c) || (!d->all && !show_evpn_vni_arg(c, &evi)))
			return false;
		if (c->json && d->all)
			out_obj_begin(c->out, NULL);
	}
	return dump_slice(c, d);
}

void
evpn_dump_done(struct show_ctx *c)
{
	struct evpn_dump *d = c->state;

	if (!d)
		return;
	evpn_walk_end(&d->walk);
	show_sort_free(d->keys);
	free(d);
}
