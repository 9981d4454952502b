import type { ServerResponse } from 'node:http';
import type { FakeHubFault } from './fake-hub-fault';
import type { FakeRepository } from './fake-repository';

/** What the request handlers share. */
export interface FakeHubState {
  readonly repos: Map<string, FakeRepository>;
  readonly renamed: Map<string, string>;
  readonly tokens: ReadonlySet<string>;
  readonly pageSize: number;
  url: string;
  cdnUrl: string;
  /** The fault for this request; taking it counts it down. */
  takeFault(request: string, kinds: readonly FakeHubFault['kind'][]): FakeHubFault | null;
}

export interface FoundRepo {
  readonly name: string;
  readonly repository: FakeRepository;
  /** What follows the repository's name in the path, without a slash before it. */
  readonly rest: string;
  /** Whether the caller may fetch its files, which for a gated model is more than seeing it. */
  readonly mayFetch: boolean;
}

/** An error as the hub writes it: code and sentence in headers, the sentence as JSON too. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      ...(code === '' ? {} : { 'x-error-code': code }),
      'x-error-message': message,
      ...headers,
    })
    .end(JSON.stringify({ error: message }));
}
