/* SPDX-License-Identifier: ISC */
/* bgpd/family.h: the address families by number.
 *
 * What    Rows of afi_table (bgpd/afi.h), and places in whatever has one of each:
 *         configuration and state of a neighbour, the RIBs of the speaker.
 */
#ifndef EVPND_BGPD_FAMILY_H
#define EVPND_BGPD_FAMILY_H

enum { AFI_SAFI_EVPN, AFI_SAFI_IPV4, AFI_SAFI_IPV6, AFI_SAFI_COUNT };

#endif
