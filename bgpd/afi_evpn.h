/* SPDX-License-Identifier: ISC */
/* bgpd/afi_evpn.h: the functions of the EVPN row; for afi.c alone.
 *
 * Contract of each as struct afi_safi (bgpd/afi.h) has it.
 */
#ifndef EVPND_BGPD_AFI_EVPN_H
#define EVPND_BGPD_AFI_EVPN_H

#include "bgpd/afi.h"

bool afi_evpn_walk(struct rbuf r);
enum nlri_result afi_evpn_decode(struct rbuf *r, struct afi_nlri *out);
void afi_evpn_encode(struct wbuf *w, const struct rib_key_head *head, const uint8_t *tail,
    size_t len, const struct rib_path *path, const struct path_aux *aux);
char *afi_evpn_format(const struct rib_key_head *head, const uint8_t *tail, size_t len,
    char buf[EVPN_NLRI_STRLEN]);

#endif
