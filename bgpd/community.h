/* SPDX-License-Identifier: ISC */
/* bgpd/community.h: standard and large communities as text.
 *
 * Rules   RFC 1997 (and the well-known ones that IANA lists), RFC 8092 4.
 */
#ifndef EVPND_BGPD_COMMUNITY_H
#define EVPND_BGPD_COMMUNITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/strbuf.h"

#define COMM_GRACEFUL_SHUTDOWN 0xffff0000u /* RFC 8326 */
#define COMM_LLGR_STALE 0xffff0006u	   /* RFC 9494 */
#define COMM_NO_LLGR 0xffff0007u
#define COMM_BLACKHOLE 0xffff029au /* RFC 7999 */
#define COMM_NO_EXPORT 0xffffff01u /* RFC 1997 */
#define COMM_NO_ADVERTISE 0xffffff02u
#define COMM_NO_EXPORT_SUBCONFED 0xffffff03u
#define COMM_NO_PEER 0xffffff04u /* RFC 3765 */

/* "65000:100", "no-export"; appends. */
void comm_format(struct strbuf *s, uint32_t comm);
void comms_format(struct strbuf *s, const uint32_t *comms, size_t n);
/* "65000:1:2"; appends. */
void lcomm_format(struct strbuf *s, const uint8_t lcomm[12]);
void lcomms_format(struct strbuf *s, const uint8_t (*lcomms)[12], size_t n);
/* What the above write; false for anything else. */
bool comm_parse(const char *text, uint32_t *comm);
bool lcomm_parse(const char *text, uint8_t lcomm[12]);

#endif
