/** One kind of request, as vast counts them: a least time between two of the same method and route. */
export interface VastRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Shown in failures, and what is paced together. */
  readonly name: string;
  /** Published in the `x-rate-limit` of the API's description; 1 s where it says nothing. */
  readonly thresholdMs: number;
  /** Whether it may be sent again after an answer that leaves open what happened. */
  readonly isRepeatable: boolean;
}

const route = (method: VastRoute['method'], name: string, thresholdMs: number, isRepeatable = true): VastRoute => ({
  method,
  name,
  thresholdMs,
  isRepeatable,
});

export const ROUTES = {
  searchOffers: route('POST', 'bundles', 1000),
  // Sent twice it rents twice. Coming too early costs 12 s.
  rent: route('PUT', 'asks', 4500, false),
  list: route('GET', 'v1/instances', 1000),
  find: route('GET', 'instances/id', 2000),
  change: route('PUT', 'instances/id', 1000),
  destroy: route('DELETE', 'instances/id', 3000),
  // Sent twice it ends what was begun after the first.
  reboot: route('PUT', 'instances/reboot', 1000, false),
  accountKeys: route('GET', 'ssh', 1000),
  addAccountKey: route('POST', 'ssh', 1000),
  removeAccountKey: route('DELETE', 'ssh/id', 1000),
  instanceKeys: route('GET', 'instances/id/ssh', 1000),
  attachKey: route('POST', 'instances/id/ssh', 1000),
  requestLogs: route('PUT', 'instances/request_logs', 1000),
  account: route('GET', 'users/current', 1000),
  charges: route('GET', 'charges', 1000),
} as const;
