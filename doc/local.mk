# SPDX-License-Identifier: ISC
dist_man_MANS += doc/evpnd.8 doc/evpnd-netconf.8 doc/evpnd.conf.5 doc/vtysh.1
EXTRA_DIST += doc/architecture.md doc/evpnd.tree doc/guide.md doc/kernel-writes.md doc/tools.md doc/tour.md

# The guide's examples are loaded by the program.
dist_check_SCRIPTS += tests/doc_examples.sh
TESTS += tests/doc_examples.sh

# Configurations of tools that write the dialect, and what is said of them.
TOOLS_CONF = das-schiff frr-k8s neutron openperouter ovn-bgp-agent proxmox vyos
dist_check_SCRIPTS += tests/tools_conf.sh
TESTS += tests/tools_conf.sh
EXTRA_DIST += tests/conf/tools/expected.txt $(TOOLS_CONF:%=tests/conf/tools/%.conf)
