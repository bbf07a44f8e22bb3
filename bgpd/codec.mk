# SPDX-License-Identifier: ISC
libbgp_a_SOURCES += \
	bgpd/afi.c \
	bgpd/afi.h \
	bgpd/nlri.c \
	bgpd/nlri_text.c
