# SPDX-License-Identifier: ISC
noinst_LIBRARIES += libbgp.a
libbgp_a_SOURCES = \
	bgpd/attr.h \
	bgpd/attrset.h \
	bgpd/decision.h \
	bgpd/nlri.h \
	bgpd/rib.h \
	bgpd/rib_key.h \
	bgpd/rib_path.h
include bgpd/codec.mk
include bgpd/rib.mk
include bgpd/session.mk
