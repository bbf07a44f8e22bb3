/* SPDX-License-Identifier: ISC */
/* zebra-lite/sysctl.h: settings of the kernel that netlink does not tell.
 *
 * What    A number from a file of /proc or /sys; those of a device by name.
 * Cost    Opens and reads a file each time: for few questions, not for each entry.
 */
#ifndef EVPND_ZEBRA_LITE_SYSCTL_H
#define EVPND_ZEBRA_LITE_SYSCTL_H

/* -1 if there is no such file, or no number in it. */
long sysctl_number(const char *path);
/* net.FAMILY.conf.IFNAME.NAME; the same. */
long sysctl_conf(const char *family, const char *ifname, const char *name);

#endif
