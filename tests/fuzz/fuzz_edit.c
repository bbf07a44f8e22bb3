/* SPDX-License-Identifier: ISC */
/* Fuzz target: NETCONF's edits.  What was taken prints as XML that reads as the same tree; what was refused has a tag. */
#include "config.h"

#include <stdlib.h>

#include "mgmt/cli.h"
#include "mgmt/nb_edit.h"
#include "tests/fuzz/fuzz.h"

static const char base[] =
    "<system xmlns='urn:evpnd:evpnd'><hostname>h</hostname><kept>a</kept><kept>b</kept>"
    "</system><bgp xmlns='urn:evpnd:evpnd'><as>65001</as><neighbor><address>10.0.0.1"
    "</address><description>x</description></neighbor><l2vpn-evpn><vni><id>5</id>"
    "<route-target-import>1:1</route-target-import></vni></l2vpn-evpn></bgp>";

static struct nb *nb;
static struct lyd_node *first; /* the tree of base */

static void
setup(void)
{
	struct err e = { 0 };

	if (nb)
		return;
	nb = nb_new(NULL, &e);
	oracle(nb && nb_parse(nb, base, NB_XML, &first, &e));
}

static void
check_identity(const struct lyd_node *tree)
{
	struct lyd_node *again = NULL;
	struct err e = { 0 };
	struct strbuf xml;

	strbuf_init(&xml);
	oracle(!tree || nb_print(tree, NB_XML, &xml, &e));
	strbuf_put(&xml, "");
	oracle(!xml.len || nb_parse(nb, xml.s, NB_XML, &again, &e));
	oracle(nb_equal(tree, again));
	nb_tree_free(again);
	strbuf_fini(&xml);
}

/* The first byte is the default operation, the rest the payload. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum nb_edit_op ops[] = { NB_EDIT_MERGE, NB_EDIT_REPLACE,
		NB_EDIT_NONE };
	struct nb_edit_error e;
	struct lyd_node *tree;
	char *xml;

	setup();
	if (size == 0)
		return 0;
	xml = fuzz_text(data + 1, size - 1);
	tree = nb_dup(first);
	if (nb_edit(nb, &tree, xml, ops[data[0] % 3], &e)) {
		check_identity(tree);
		cli_normalise(nb, &tree);
		check_identity(tree);
	} else {
		oracle(e.tag && e.tag[0] && e.text[0]);
	}
	nb_tree_free(tree);
	free(xml);
	return 0;
}
