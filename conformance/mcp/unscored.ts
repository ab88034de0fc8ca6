/** Scenarios that no revision requires and that we fail, with why. It may only shrink. */
export const UNSCORED: Readonly<Record<string, string>> = {
  "auth/dpop": "extension: tokens bound to a key of the client (RFC 9449) are not asked for; no server of those that we know demands them",
  "auth/dpop-nonce": "extension: as auth/dpop",
  "auth/wif-jwt-bearer": "extension: workload identity (a platform's own token as the grant) is not a way of `auth` yet",
};
