# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/adjout.h \
	bgpd/decision.c \
	bgpd/policy.h \
	bgpd/rib.c \
	bgpd/rib_change.c \
	bgpd/rib_priv.h \
	bgpd/rib_sweep.c
