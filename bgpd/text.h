/* SPDX-License-Identifier: ISC */
/* bgpd/text.h: text that peers send, made safe to print.
 *
 * What    Hostnames, software versions and shutdown communications are UTF-8 chosen
 *         by a stranger: terminals and logs must not see its control octets.
 */
#ifndef EVPND_BGPD_TEXT_H
#define EVPND_BGPD_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Copies len octets as a string of at most size - 1.  Control characters and octets that are not
 * valid UTF-8 become '?'; a character that does not fit whole is left out. */
void text_sanitize(char *dst, size_t size, const uint8_t *src, size_t len);
/* The longest part of s of at most max octets that does not cut a character. */
size_t text_utf8_cut(const char *s, size_t max);

#endif
