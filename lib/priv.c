/* SPDX-License-Identifier: ISC */
/* Turning to another user and dropping capabilities. */
#include "config.h"

#include "lib/priv.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Fills libcap-ng's state with what is to stay: the listed ones that we have now. */
static void
choose_caps(const int *keep)
{
	unsigned want[64], n = 0;

	for (; keep && *keep >= 0 && n < 64; keep++)
		if (capng_have_capability(CAPNG_PERMITTED, (unsigned)*keep))
			want[n++] = (unsigned)*keep;
	capng_clear(CAPNG_SELECT_ALL);
	while (n > 0)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, want[--n]);
}

static bool
same_ids(uid_t uid, gid_t gid)
{
	uid_t ru, eu, su;
	gid_t rg, eg, sg;

	if (uid == (uid_t)-1)
		return true;
	return getresuid(&ru, &eu, &su) == 0 && getresgid(&rg, &eg, &sg) == 0 &&
	       ru == uid && eu == uid && su == uid && rg == gid && eg == gid && sg == gid;
}

/* Asks the kernel again: nothing effective or permitted but what was to stay. */
static bool
caps_are_few(const int *keep)
{
	if (capng_get_caps_process() != 0)
		return false;
	for (unsigned c = 0; c <= CAP_LAST_CAP; c++) {
		const int *k = keep;

		while (k && *k >= 0 && (unsigned)*k != c)
			k++;
		if (k && *k >= 0)
			continue;
		if (capng_have_capability(CAPNG_EFFECTIVE, c) ||
		    capng_have_capability(CAPNG_PERMITTED, c))
			return false;
	}
	return true;
}

int
priv_drop_ids(uid_t uid, gid_t gid, const int *keep)
{
	bool set_pcap;
	int rc;

	if (capng_get_caps_process() != 0)
		return -EPERM;
	/* The bounding set can be emptied only by who may; without CAP_SETPCAP and with
	 * no_new_privs it gives nothing back anyway. */
	set_pcap = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	choose_caps(keep);
	if (same_ids(uid, gid))
		rc = capng_apply(set_pcap ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
	else
		rc = capng_change_id((int)uid, (int)gid,
		    CAPNG_DROP_SUPP_GRP | (set_pcap ? CAPNG_CLEAR_BOUNDING : 0));
	if (rc != 0)
		return -EPERM;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	if (!same_ids(uid, gid) || !caps_are_few(keep))
		return -EPERM;
	return 0;
}

int
priv_drop(const char *user, const int *keep)
{
	const struct passwd *pw;

	if (!user)
		return priv_drop_ids((uid_t)-1, (gid_t)-1, keep);
	errno = 0;
	pw = getpwnam(user);
	if (!pw)
		return errno ? -errno : -ENOENT;
	return priv_drop_ids(pw->pw_uid, pw->pw_gid, keep);
}
