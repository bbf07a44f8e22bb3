/* SPDX-License-Identifier: ISC */
/* evpn/show_priv.h: what the files of evpn_show.h and evpn_show_l3.h share.
 *
 * What    Install state and last error of an object.
 */
#ifndef EVPND_EVPN_SHOW_PRIV_H
#define EVPND_EVPN_SHOW_PRIV_H

#include "evpn/evpn_show.h"

enum evpn_install show_install_of(const struct obj *o);
/* errno and text of its last failure; 0 and "" without. */
void show_error_of(const struct evpn *e, uint32_t ref, int *error, const char **text);

/* What an object is, as a record of failures says it; without its failure. */
void show_describe(struct evpn *e, uint32_t ref, struct evpn_show_failure *out);

#endif
