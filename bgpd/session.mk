# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/bgp.h \
	bgpd/bgp_conf.h
