import { nanoUsdOf } from '../../domain/money';
import type { RentalAccount, RentalCharge } from '../../domain/rented-instance';
import { plainText } from './plain-text';
import type { VastApi } from './vast-api';
import { readVastPages } from './vast-pages';
import { ROUTES } from './vast-routes';
import { chargePageSchema, userSchema, type VastCharge } from './vast-schemas';

const PAGE = 500;
const MOST_PAGES = 100;

export async function readVastAccount(api: VastApi): Promise<RentalAccount> {
  const user = await api.ask({ route: ROUTES.account, path: '/api/v0/users/current/' }, userSchema);
  const spent = user.total_spend ?? null;
  return {
    id: user.id,
    email: plainText(user.email, 200),
    creditNanoUsd: nanoUsdOf(user.credit),
    // It is told as a negative number that only falls.
    spentNanoUsd: spent === null || Math.abs(spent) > 1_000_000 ? null : nanoUsdOf(Math.abs(spent)),
    isEmailVerified: asFlag(user.email_verified),
    hasCard: asFlag(user.can_pay),
  };
}

/** What instances were charged in a stretch of time: the truth, beside every estimate. */
export async function listVastCharges(api: VastApi, fromMs: number, toMs: number): Promise<RentalCharge[]> {
  const query = {
    select_filters: {
      day: { gte: Math.floor(fromMs / 1000), lte: Math.ceil(toMs / 1000) },
      type: { in: ['instance'] },
    },
    format: 'table',
    latest_first: true,
    limit: PAGE,
  };
  const pages = await readVastPages(ROUTES.charges, MOST_PAGES, (token) =>
    api.ask(
      { route: ROUTES.charges, path: '/api/v0/charges/', query: { ...query, after_token: token } },
      chargePageSchema,
    ),
  );
  return pages.flatMap(({ results }) => results.map(chargeOf));
}

function chargeOf(row: VastCharge): RentalCharge {
  const partOf = (type: string) =>
    nanoUsdOf((row.items ?? []).filter((item) => item.type === type).reduce((sum, item) => sum + item.amount, 0));
  return {
    instanceId: /^instance-(\d{1,20})$/.exec(row.source ?? '')?.[1] ?? null,
    label: plainText(row.metadata?.label, 256),
    startsAtMs: Math.round(row.start * 1000),
    endsAtMs: Math.round(row.end * 1000),
    totalNanoUsd: nanoUsdOf(row.amount),
    computeNanoUsd: partOf('gpu'),
    diskNanoUsd: partOf('disk'),
    downloadNanoUsd: partOf('bwd'),
    uploadNanoUsd: partOf('bwu'),
  };
}

function asFlag(value: boolean | number | null | undefined): boolean | null {
  return value === null || value === undefined ? null : Boolean(value);
}
