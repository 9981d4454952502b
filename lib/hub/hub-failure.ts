import { FailureError } from '../domain/failure';
import type { HubConnection, HubSubject } from './hub-connection';

const MAX_EVIDENCE = 300;

/** A refusal by the hub in words. It answers 401 for missing and for private models alike, so both are named. */
export async function hubAnswerFailure(
  response: Response,
  connection: Pick<HubConnection, 'endpoint' | 'token'>,
  subject: HubSubject,
): Promise<FailureError> {
  const said = await whatItSaid(response);
  const reason = response.headers.get('x-error-code') ?? '';
  const evidence = [`HTTP ${response.status}${reason ? ` ${reason}` : ''}${said ? `: ${said}` : ''}`];
  if (response.status === 429) return rateLimited(response, connection, evidence);
  if (response.status >= 500) {
    return new FailureError(
      'hub-unreachable',
      `The hub at ${connection.endpoint} answered with an error of its own (${response.status}).`,
      {
        remedy: 'Wait a few minutes and try again; status.huggingface.co tells when the hub is down.',
        evidence,
        isTransient: true,
      },
    );
  }
  if (reason === 'RevisionNotFound' || (response.status === 404 && /revision/i.test(said))) {
    return new FailureError('revision-not-found', `${subject.repo} has no revision "${subject.revision ?? ''}".`, {
      remedy: 'Give a branch, tag or commit that the model has; leave it empty for "main".',
      evidence,
    });
  }
  if (reason === 'GatedRepo' || response.status === 403) return gated(response.status, connection, subject, evidence);
  if (response.status === 401 && connection.token !== null && reason !== 'RepoNotFound') {
    return new FailureError('hub-unauthorized', 'The hub does not accept the Hugging Face token.', {
      remedy: "Make a new token with read access in the hub's settings and enter it in Quantdeck's settings.",
      evidence,
    });
  }
  if (response.status === 401 || response.status === 404) return notFound(connection, subject, evidence);
  return new FailureError(
    'hub-unreachable',
    `The hub at ${connection.endpoint} refused the request (${response.status}).`,
    {
      remedy: 'Check HF_ENDPOINT and try again.',
      evidence,
    },
  );
}

/** No answer at all: name, connection or silence, whatever the cause chain says. */
export function hubUnreachable(
  error: unknown,
  connection: Pick<HubConnection, 'endpoint' | 'timeoutMs'>,
): FailureError {
  const { code, evidence } = rootCause(error);
  const host = new URL(connection.endpoint).host;
  const what =
    code === 'ENOTFOUND' || code === 'EAI_AGAIN'
      ? `The name ${host} cannot be resolved`
      : code === 'ECONNREFUSED'
        ? `Nothing answers at ${host} (connection refused)`
        : code === 'TimeoutError'
          ? `The hub at ${host} did not answer within ${Math.round(connection.timeoutMs / 1000)} s`
          : `The connection to the hub at ${host} failed`;
  return new FailureError('hub-unreachable', `${what}.`, {
    remedy:
      'Check the network of this machine and HF_ENDPOINT, then try again. A folder works as a source without a hub.',
    evidence,
    isTransient: true,
    cause: error,
  });
}

function notFound(connection: Pick<HubConnection, 'token'>, subject: HubSubject, evidence: string[]): FailureError {
  const remedy =
    connection.token === null
      ? 'Check the spelling of owner/name. If the model is private, enter a Hugging Face token with access to it in the settings.'
      : 'Check the spelling of owner/name. If the model is private, its owner must give your Hugging Face account access.';
  return new FailureError(
    'model-not-found',
    `There is no model ${subject.repo} on the hub, or it is private: the hub gives the same answer for both.`,
    { remedy, evidence },
  );
}

function gated(
  status: number,
  connection: Pick<HubConnection, 'endpoint' | 'token'>,
  subject: HubSubject,
  evidence: string[],
): FailureError {
  const isAnonymous = status === 401 && connection.token === null;
  const page = `${connection.endpoint}/${subject.repo}`;
  return new FailureError(
    'model-gated',
    isAnonymous
      ? `${subject.repo} is gated: the hub gives it only to accounts that accepted its terms, and Quantdeck has no token.`
      : `${subject.repo} is gated, and the account of the Hugging Face token has no access to it.`,
    {
      remedy: isAnonymous
        ? `Accept the terms at ${page} while logged in, then enter a token of that account in the settings.`
        : `Accept the terms (or ask for access) at ${page} with that account; a fine-grained token also needs "read gated repositories".`,
      evidence,
    },
  );
}

function rateLimited(response: Response, connection: Pick<HubConnection, 'token'>, evidence: string[]): FailureError {
  const waitSeconds = waitOf(response.headers);
  const wait = waitSeconds === null ? '' : ` It asks to wait ${waitSeconds} s.`;
  return new FailureError(
    'hub-rate-limited',
    `The hub limits the number of requests and has had enough for now.${wait}`,
    {
      remedy:
        connection.token === null
          ? 'Wait, then try again. With a Hugging Face token in the settings the limit is higher.'
          : 'Wait, then try again.',
      evidence,
      isTransient: true,
    },
  );
}

/** `Retry-After: 30`, or `t=30` of a RateLimit header, which is what the hub sends. */
function waitOf(headers: Headers): number | null {
  const text = headers.get('retry-after') ?? /\bt=(\d{1,6})/.exec(headers.get('ratelimit') ?? '')?.[1];
  const seconds = Number(text);
  return text && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

async function whatItSaid(response: Response): Promise<string> {
  const header = response.headers.get('x-error-message');
  const text = header ?? (await response.text().catch(() => ''));
  const json = /"error"\s*:\s*"((?:[^"\\]|\\.){1,300})/.exec(text)?.[1];
  const said = json ?? (text.trimStart().startsWith('<') ? '' : text);
  return said
    .slice(0, MAX_EVIDENCE)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

function rootCause(error: unknown): { code: string; evidence: string[] } {
  const evidence: string[] = [];
  let code = '';
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current.message) evidence.unshift(current.message.slice(0, MAX_EVIDENCE));
    const own = 'code' in current && typeof current.code === 'string' ? current.code : '';
    if (own) code = own;
    else if (current.name === 'TimeoutError') code = 'TimeoutError';
    current = current.cause;
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    code = 'TimeoutError';
  return { code, evidence };
}
