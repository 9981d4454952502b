import { FailureError, type FailureOptions } from '../../domain/failure';
import { plainText, withoutKeys } from './plain-text';
import { answerInvalid, type VastAnswer } from './vast-answer';
import type { VastConnection } from './vast-connection';
import { ROUTES, type VastRoute } from './vast-routes';

const MAX_EVIDENCE = 300;

/** A request to rent is refused with 403 for the offer's sake too; every other one is only for want of a right. */
const ABOUT_RIGHTS =
  /auth_error|requires login|forbidden|permission|scope|not allowed|unauthori[sz]ed|two.?factor|2fa/i;

/** The code and the words of a refusal; several forms are in use. */
interface Said {
  readonly status: number;
  /** What is not JSON was said by something in between. */
  readonly isJson: boolean;
  readonly code: string;
  readonly text: string;
}

type Kind = readonly [FailureError['failure']['code'], string, FailureOptions];

const OFFER_GONE: Kind = [
  'rental-offer-gone',
  'Somebody else was faster, or the offer was withdrawn. Nothing was rented.',
  { remedy: 'Take the next offer.' },
];

/**
 * A refusal of vast's as one of our failures. The order matters: a wrong key is a 404 there, an offer that is gone may be a
 * 400, 404 or 410, and a failure may come as 200.
 */
export function vastRefusal(answer: VastAnswer, route: VastRoute, connection: VastConnection): FailureError {
  const said = whatItSaid(answer);
  const words = `HTTP ${said.status} ${said.code} ${said.text}`.replace(/ +/g, ' ').trim();
  const line = withoutKeys(words, connection.apiKey);
  const kind = (said.isJson ? requestFailure(said, route) : null) ?? serviceFailure(said, answer.retryAfterMs);
  if (kind === null) return answerInvalid(route, line);
  const [code, message, options] = kind;
  return new FailureError(code, message, { evidence: [`${route.method} ${route.name}: ${line}`], ...options });
}

function whatItSaid({ status, json, text }: VastAnswer): Said {
  const body = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  const word = (name: string) => (typeof body[name] === 'string' ? body[name] : null);
  const words = word('msg') ?? word('message') ?? word('detail') ?? (json === undefined ? text : '');
  // A web page in between says nothing that helps.
  const shown = words.trimStart().startsWith('<') ? 'a web page' : words;
  return {
    status,
    isJson: json !== undefined,
    code: plainText(word('error'), 60) ?? '',
    text: plainText(shown, MAX_EVIDENCE) ?? '',
  };
}

function requestFailure(said: Said, route: VastRoute): Kind | null {
  const isAboutOffer = route === ROUTES.rent && said.status === 403 && !ABOUT_RIGHTS.test(`${said.code} ${said.text}`);
  return (isAboutOffer ? null : keyFailure(said)) ?? moneyFailure(said) ?? thingFailure(said);
}

function keyFailure({ status, code, text }: Said): Kind | null {
  if (/team_ssh_keys_not_supported/.test(code)) {
    return [
      'rental-key-team',
      'The key belongs to a team, and a team cannot hold SSH keys.',
      {
        remedy:
          'Make a key in your own account (switch the context on vast.ai from the team to yourself) and enter it.',
      },
    ];
  }
  if (/two.?factor|2fa/i.test(text)) {
    return [
      'rental-key-two-factor',
      'The account uses two-factor login, and this key was made without it.',
      {
        remedy: 'Log in to vast.ai with your second factor, make a new key there, and enter it in the settings.',
      },
    ];
  }
  if (/session expired/i.test(text)) {
    return [
      'rental-key-expired',
      'The key was valid and has expired.',
      {
        remedy: 'Make a new key on vast.ai under Keys and enter it in the settings.',
      },
    ];
  }
  const isAuth = status === 401 || code === 'auth_error';
  if (status === 403 ? !/requires login/i.test(text) : isAuth && /permission|scope|not allowed/i.test(text)) {
    return [
      'rental-key-scope',
      'The key is valid, but it is not allowed to do this.',
      {
        remedy:
          'Make a key with these rights: misc, user_read, user_write, instance_read, instance_write, billing_read. Enter it in the settings.',
      },
    ];
  }
  if (!isAuth && status !== 403) return null;
  return [
    'rental-key-refused',
    'vast.ai does not know this key. It may be mistyped, or deleted there.',
    {
      remedy: 'Compare it with the keys on vast.ai, or make a new one, and enter it in the settings.',
    },
  ];
}

function moneyFailure({ code, text }: Said): Kind | null {
  if (/spend_rate_limit/.test(code)) {
    return [
      'rental-spend-limit',
      'vast.ai limits what a young account may spend in an hour, and that is reached.',
      {
        remedy: 'Confirm the e-mail address of the account, take a cheaper offer, or wait a few hours.',
      },
    ];
  }
  if (/insufficient_credit/.test(code) || /\b(credit|balance)\b/i.test(text)) {
    return [
      'rental-no-credit',
      'The account does not have enough credit for this machine.',
      {
        remedy: 'Add credit on vast.ai under Billing, or take a cheaper offer.',
      },
    ];
  }
  return null;
}

function thingFailure({ status, code, text }: Said): Kind | null {
  if (status === 410 && code === 'deprecated_endpoint') return null;
  if (/currently unavailable|state change queued/i.test(text)) {
    return [
      'rental-start-queued',
      'Its GPU is used by somebody else, so it cannot start now.',
      {
        remedy: 'Try again later, or rent another machine: what is on its disk stays until you give it back.',
        isTransient: true,
      },
    ];
  }
  const all = `${code} ${text}`;
  if (status === 410 || /no_such_ask|no longer available|not available|not your own/i.test(all)) {
    return OFFER_GONE;
  }
  if (status === 404 || /no_such_instance/.test(code)) {
    return [
      'rental-not-found',
      'vast.ai has nothing of this id; an instance has been given back, or never was there.',
      {
        remedy: 'Look at the list of instances.',
      },
    ];
  }
  return null;
}

function serviceFailure({ status, code, isJson }: Said, retryAfterMs: number | null): Kind | null {
  if (status === 429) {
    const wait = retryAfterMs === null ? '' : ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} s.`;
    return [
      'rental-rate-limited',
      `vast.ai got too many requests from this account.${wait}`,
      {
        remedy: 'Wait, then try again; other programs that use the same key count too.',
        isTransient: true,
      },
    ];
  }
  if (status >= 500) {
    return [
      'rental-unreachable',
      `vast.ai answered with an error of its own (${status}).`,
      {
        remedy: 'Wait a few minutes and try again.',
        isTransient: true,
      },
    ];
  }
  if (status === 403 && !isJson) {
    return [
      'rental-unreachable',
      'Something between here and vast.ai refuses the connection (403).',
      {
        remedy: 'vast.ai blocks the exits of some VPNs: switch the VPN off, or take another network.',
      },
    ];
  }
  // Pages in between, redirects, calls that are no longer taken: nothing that was said about the request itself.
  if (!isJson || status < 200 || (status >= 300 && status < 400) || code === 'deprecated_endpoint') return null;
  return [
    'rental-refused',
    'vast.ai refused the request.',
    { remedy: 'The line below says why.', isTransient: status < 300 },
  ];
}

/** The same as vast's refusal, for an offer that a search no longer finds. */
export function vastOfferGone(offerId: string): FailureError {
  const [code, message, options] = OFFER_GONE;
  return new FailureError(code, message, { ...options, evidence: [`offer ${offerId}`] });
}

/** No answer at all. */
export function vastUnreachable(error: unknown, route: VastRoute, connection: VastConnection): FailureError {
  const { host } = new URL(connection.url);
  const isSilence = error instanceof Error && error.name === 'TimeoutError';
  const what = isSilence
    ? `${host} did not answer within ${Math.round(connection.timeoutMs / 1000)} s`
    : `The connection to ${host} failed`;
  const cause = error instanceof Error ? `${error.message} ${causeOf(error)}` : String(error);
  return new FailureError('rental-unreachable', `${what}.`, {
    remedy: 'Check the network of this machine; some VPNs are blocked by vast.ai. Then try again.',
    evidence: [
      withoutKeys(plainText(`${route.method} ${route.name}: ${cause}`, MAX_EVIDENCE) ?? '', connection.apiKey),
    ],
    isTransient: true,
  });
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : '';
}
