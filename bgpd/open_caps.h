/* SPDX-License-Identifier: ISC */
/* bgpd/open_caps.h: capabilities of an OPEN, by one table; used by open.c alone.
 *
 * Rules   RFC 5492 4 and each capability's own, cited in open_caps.c.
 */
#ifndef EVPND_BGPD_OPEN_CAPS_H
#define EVPND_BGPD_OPEN_CAPS_H

#include "bgpd/open.h"

/* False if we know the capability and its length is impossible; unknown ones are skipped. */
bool open_cap_decode(uint8_t code, struct rbuf v, struct open_msg *o);
/* All that o has, in ascending order of code. */
void open_caps_encode(struct wbuf *w, const struct open_msg *o);

#endif
