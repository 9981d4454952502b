import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { formatUsd, nanoUsdOf } from '../../lib/domain/money';
import { mostWithSaving } from '../../lib/domain/rental-saving';
import { tightTerms } from '../../lib/domain/tight-terms';
import { Notice } from '../_ui/notice';
import type { RentPlan } from './rent-plan';

interface LimitNoticesProps {
  readonly plan: RentPlan;
  /** As typed. */
  readonly usd: string;
  readonly hours: string;
}

const HOUR_MS = 3_600_000;

/** What the limits in the fields come to, and where they are too low for what is expected or too high for the month. */
export function LimitNotices({ plan, usd, hours }: LimitNoticesProps) {
  const mostNanoUsd = nanoUsdOf(amountOf(usd, plan.terms.mostNanoUsd / 1e9));
  const mostMs = amountOf(hours, plan.terms.mostMs / HOUR_MS) * HOUR_MS;
  const inAllNanoUsd = mostWithSaving({ mostNanoUsd });
  const { monthLeftNanoUsd } = plan;
  const warnings = [
    ...tightTerms({ mostNanoUsd, mostMs }, plan.estimate).map((text) => `${text} It would be ended before it is done.`),
    ...(monthLeftNanoUsd !== null && inAllNanoUsd > monthLeftNanoUsd
      ? [`Of this month's limit only ${formatUsd(monthLeftNanoUsd)} are left: this is refused.`]
      : []),
  ];
  return (
    <div className="space-y-3" aria-live="polite">
      <p className="text-ink-muted text-xs">
        A machine runs for at most <span className="figures">{formatUsd(inAllNanoUsd)}</span>: the budget, and a fifth
        of it for bringing files home once a limit is reached. The disk of a machine that is stopped and kept then is
        billed on until you give it back.
      </p>
      {warnings.map((text) => (
        <Notice key={text} tone="warn" icon={<TriangleAlert size={16} aria-hidden className="text-warn" />}>
          {text}
        </Notice>
      ))}
    </div>
  );
}

/** What is no amount is refused on sending; meanwhile the proposal stands. */
function amountOf(text: string, proposed: number): number {
  const value = Number(text.trim().replace(/^\$/, '').replace(',', '.') || Number.NaN);
  return value > 0 && value < 1_000_000 ? value : proposed;
}
