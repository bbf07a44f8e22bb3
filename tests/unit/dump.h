/* SPDX-License-Identifier: ISC */
/* tests/unit/dump.h: decoded BGP messages as text, for the `out:` of vectors.
 *
 * Each function appends lines without the last newline.  "ok" first where all is well, else the
 * verdict with its code and subcode.
 */
#ifndef EVPND_TESTS_UNIT_DUMP_H
#define EVPND_TESTS_UNIT_DUMP_H

#include "bgpd/open.h"
#include "bgpd/refresh.h"
#include "bgpd/update.h"
#include "lib/strbuf.h"

void dump_nlri_field(struct strbuf *s, const struct afi_safi *f, struct rbuf r);
void dump_attrs(struct strbuf *s, const struct attrs *a);
void dump_upd_fault(struct strbuf *s, const struct upd_fault *f);
void dump_update(struct strbuf *s, const struct update *u);
void dump_open(struct strbuf *s, const struct open_msg *o);
void dump_fault(struct strbuf *s, const struct bgp_fault *f);
void dump_notification(struct strbuf *s, const struct notification *n);

#endif
