import CircleCheck from 'lucide-react/icons/circle-check';
import CircleHelp from 'lucide-react/icons/circle-question-mark';
import CircleX from 'lucide-react/icons/circle-x';
import { formatUsd } from '../../lib/domain/money';
import type { RentalKeyReport, RentalQuestionView, RentalRightReport } from '../../lib/domain/rental-question';
import { failureTitle } from '../_copy/failure-copy';
import { FailureNotice } from '../_copy/failure-notice';
import { RENTAL_RIGHT_COPY } from '../_copy/rental-copy';
import { AskAgain } from '../_ui/ask-again';
import { PendingNotice } from '../_ui/pending-notice';
import { RelativeTime } from '../_ui/relative-time';
import { FactList } from '../_ui/stat';

const STATES = {
  works: { icon: CircleCheck, word: 'allowed', className: 'text-ok' },
  missing: { icon: CircleX, word: 'not allowed', className: 'text-bad' },
  unclear: { icon: CircleHelp, word: 'unclear', className: 'text-warn' },
} as const;

/** By what the service says: true, false, or nothing. */
const EMAIL_WORDS: Readonly<Record<string, string>> = {
  true: 'confirmed',
  false: 'not confirmed: nothing can be rented before it is',
};
const CARD_WORDS: Readonly<Record<string, string>> = {
  true: 'saved there',
  false: 'none: when the credit is used up, what is on stopped machines is destroyed a while after',
};

/** What the service said about the key: whose it is, what is left to spend, and each right with what fails without it. */
export function KeyReport({ check }: { readonly check: RentalQuestionView<RentalKeyReport> }) {
  if (check.finishedAt === null) {
    return (
      <>
        <AskAgain />
        <PendingNotice title="Asking vast.ai about the key">
          Each right is tried with a request that changes nothing.
        </PendingNotice>
      </>
    );
  }
  if (check.failure) return <FailureNotice failure={check.failure} />;
  if (!check.answer) return null;
  const { account, rights, isReal } = check.answer;
  const missing = rights.filter((right) => right.state !== 'works').length;
  return (
    <div className="space-y-4">
      <FactList
        facts={[
          ['Account', account ? (account.email ?? account.id) : 'the key may not see it'],
          ['E-mail', account ? (EMAIL_WORDS[String(account.isEmailVerified)] ?? null) : null],
          ['Card', account ? (CARD_WORDS[String(account.hasCard)] ?? null) : null],
          ['Credit', account ? formatUsd(account.creditNanoUsd) : null],
          ['Service', isReal ? 'vast.ai' : 'not vast.ai itself: a fake, without a bill'],
          ['Checked', <RelativeTime key="at" at={check.finishedAt} />],
        ]}
      />
      <p role="status" className="font-medium">
        {missing === 0
          ? 'This key can do all that Quantdeck needs.'
          : `${missing} of ${rights.length} rights do not work.`}
      </p>
      <ul className="space-y-2.5" aria-label="Rights of the key">
        {rights.map((right) => (
          <RightRow key={right.right} report={right} />
        ))}
      </ul>
      {remediesOf(rights).map((remedy) => (
        <p key={remedy} className="text-ink-muted text-xs">
          {remedy}
        </p>
      ))}
    </div>
  );
}

/** What to do about rights that do not work, each thing once. */
function remediesOf(rights: readonly RentalRightReport[]): readonly string[] {
  return [
    ...new Set(rights.flatMap(({ failure }) => (failure ? [`${failureTitle(failure.code)}. ${failure.remedy}`] : []))),
  ];
}

function RightRow({ report }: { readonly report: RentalRightReport }) {
  const { icon: Icon, word, className } = STATES[report.state];
  const copy = RENTAL_RIGHT_COPY[report.right];
  return (
    <li className="flex gap-2.5">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${className}`} />
      <span className="min-w-0">
        {copy.does} <span className="font-mono text-ink-muted text-xs">{report.right}</span>: {word}
        {report.state === 'works' ? null : <span className="block text-ink-muted text-xs">{copy.without}</span>}
      </span>
    </li>
  );
}
