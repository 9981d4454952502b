export interface HubConnection {
  /** Origin and path prefix without a slash at its end, e.g. `https://hub.example`. */
  readonly endpoint: string;
  readonly token: string | null;
  readonly fetch: typeof fetch;
  /** Silence after which a request is given up. */
  readonly timeoutMs: number;
  /** Counts the bytes of all bodies. */
  readonly meter: { bytes: number };
}

/** What a request is about, so that a refusal can be told in those words. */
export interface HubSubject {
  readonly repo: string;
  readonly revision: string | null;
}
