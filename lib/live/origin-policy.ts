/** Which `Host` and `Origin` headers are ours. */
export interface OriginPolicy {
  /** DNS rebinding: a foreign name that resolves to this machine arrives with its own name in `Host`. */
  isAllowedHost(host: string | undefined): boolean;
  /** Equality with a configured origin. Missing and `null` are refused. */
  isAllowedOrigin(origin: string | undefined): boolean;
}

const HOST_PATTERN = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::\d{1,5})?$/;

/** @param allowedOrigins e.g. `http://127.0.0.1:3000`; anything after host and port is ignored. */
export function createOriginPolicy(allowedOrigins: readonly string[]): OriginPolicy {
  const allowed = allowedOrigins.map((origin) => new URL(origin));
  const origins = new Set(allowed.map((url) => url.origin));
  return {
    isAllowedHost(host) {
      if (host === undefined || !HOST_PATTERN.test(host)) return false;
      return allowed.some((url) => sameHost(url, host));
    },
    isAllowedOrigin(origin) {
      return origin !== undefined && origins.has(origin);
    },
  };
}

/** Parsed with the origin's own scheme, so that a spelled-out default port is equal to none. */
function sameHost(url: URL, host: string): boolean {
  try {
    return new URL(`${url.protocol}//${host}`).host === url.host;
  } catch {
    // A port above 65535 passes the pattern and is no URL.
    return false;
  }
}

/** The first value of this name in a `Cookie` header, null when absent or empty. */
export function cookieValue(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      const value = pair.slice(equals + 1).trim();
      return value === '' ? null : value;
    }
  }
  return null;
}
