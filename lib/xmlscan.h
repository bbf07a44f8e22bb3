/* SPDX-License-Identifier: ISC */
/* lib/xmlscan.h: is a text from a stranger fit to be given to an XML parser?
 *
 * What    One pass over the text, without memory of its own: how deep elements nest,
 *         how many things there are, for a parser's tree takes memory by them and not
 *         by bytes, and whether there is a document type, which is where entities that
 *         expand without end are declared.  Not a parser: what it lets pass may still
 *         be no XML, and what is XML without these three it always lets pass.
 * Cost    One look at each byte.
 */
#ifndef EVPND_LIB_XMLSCAN_H
#define EVPND_LIB_XMLSCAN_H

#include <stddef.h>

enum xmlscan {
	XMLSCAN_OK,
	XMLSCAN_DEEP, /* more than max_depth elements inside each other */
	XMLSCAN_MANY, /* more than max_items elements and attributes */
	XMLSCAN_DTD,  /* <!DOCTYPE or another declaration */
	XMLSCAN_NUL,  /* a NUL byte */
	XMLSCAN_TORN, /* ends inside markup, or more ends than starts */
};

enum xmlscan xmlscan(const char *text, size_t len, unsigned max_depth, size_t max_items);
/* Half a sentence on the verdict: "is nested too deep". */
const char *xmlscan_text(enum xmlscan v);

#endif
