/* SPDX-License-Identifier: ISC */
/* mgmt/show_evpn_dump.h: MACs or neighbours of one VNI or of all, sorted, in slices.
 *
 * What    For mgmt/show_evpn_mac.c, mgmt/show_evpn_arp.c and mgmt/show_bgp_route_vni.c, which
 *         differ in what they write and not in how they walk.  Of each VNI the keys that the filters let
 *         through are collected first, so the count is known before the first line.
 * Slices  Between two of them only the number of the VNI and the keys are kept.
 */
#ifndef EVPND_MGMT_SHOW_EVPN_DUMP_H
#define EVPND_MGMT_SHOW_EVPN_DUMP_H

#include "evpn/evpn_show.h"
#include "mgmt/show.h"

struct show_sort;

#define EVPN_KEY_MAX 18 /* a type and an address as a key: type, length, octets */

struct evpn_dump;

/* What a kind of object does in the walk. */
struct evpn_dump_ops {
	enum zl_kind kind; /* which list of the VNI */
	size_t keysize;	   /* bytes of a key */
	/* The next object of the walk, false at the end; *keep and its key if it is to be shown. */
	bool (*next)(struct evpn_dump *d, uint8_t *key, bool *keep);
	void (*head)(const struct show_ctx *c, struct evpn_dump *d, uint32_t count);
	void (*item)(const struct show_ctx *c, struct evpn_dump *d, const uint8_t *key);
	void (*tail)(const struct show_ctx *c, struct evpn_dump *d);
};

struct evpn_dump {
	const struct evpn_dump_ops *ops; /* what is shown; static */
	struct evpn *evpn;		 /* borrowed */
	bool all;			 /* every VNI, not one */
	bool detail, duplicate;		 /* as typed */
	struct ip vtep;			 /* only what is behind it; none: all */
	uint32_t vni;			 /* being shown, or shown last */
	struct evpn_walk walk;		 /* while keys are collected */
	struct show_sort *keys;		 /* of the VNI; NULL: not begun; owned */
	bool collected, headed;		 /* how far the VNI is */
	unsigned width;			 /* of the first column */
	unsigned phase;			 /* of `next` */
	unsigned prefixes, paths;	 /* written of the VNI */
	uint8_t type;			 /* only this route type, 0: all */
	struct mac mac;			 /* only this MAC, zero: all */
	struct ip ip;			 /* only this address, none: all */
};

/* The first slice makes the state and reads the arguments; later ones go on. */
bool evpn_dump_run(struct show_ctx *c, const struct evpn_dump_ops *ops);
void evpn_dump_done(struct show_ctx *c);

/* For commands about one object: the VNI of the arguments; false (and said) if there is none. */
bool show_evpn_vni_arg(struct show_ctx *c, struct evpn_show_evi *evi);
/* {} or the error. */
bool show_evpn_nothing(struct show_ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* True, and said, without an EVPN engine (a test of something else). */
bool show_evpn_absent(struct show_ctx *c);
/* "installState" and, if it failed, "installError". */
void show_evpn_json_install(
    struct out *o, enum evpn_install st, int error, const char *error_text);
/* " Install: failed (Cannot allocate memory)" */
void show_evpn_text_install(
    struct out *o, enum evpn_install st, int error, const char *error_text);
/* 'W' waiting, 'F' failed, 0 when all is well. */
char show_evpn_install_flag(enum evpn_install st);
enum out_tone show_evpn_install_tone(enum evpn_install st);
/* What of our own stands in a table's flags, beside the dialect's. */
#define SHOW_EVPN_FLAGS "S=own SVI, W=install waiting, F=install failed"

#endif
