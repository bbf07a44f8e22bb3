# SPDX-License-Identifier: ISC
dist_man_MANS += doc/evpnd.8 doc/evpnd.conf.5 doc/vtysh.1
EXTRA_DIST += doc/architecture.md doc/guide.md doc/kernel-writes.md doc/tour.md

# The guide's examples are loaded by the program.
dist_check_SCRIPTS += tests/doc_examples.sh
TESTS += tests/doc_examples.sh
