import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ReactNode } from 'react';
import type { Failure } from '../../lib/domain/failure';
import { Notice } from '../_ui/notice';
import { ScrollText } from '../_ui/scroll-text';
import { failureTitle } from './failure-copy';

interface FailureNoticeProps {
  readonly failure: Failure;
  /** Where a line of evidence can be seen among its neighbours, by its number; null where that is not known. */
  readonly evidenceHref?: (index: number) => string | null;
  readonly children?: ReactNode;
}

/** A failure in full: title, what happened, what to do, the lines that show it, and whatever button helps. */
export function FailureNotice({ failure, evidenceHref, children }: FailureNoticeProps) {
  return (
    <Notice
      tone="bad"
      role="alert"
      icon={<CircleAlert size={18} aria-hidden className="text-bad" />}
      title={failureTitle(failure.code)}
    >
      <p className="wrap-anywhere text-ink">{failure.message}</p>
      {failure.remedy ? <p className="wrap-anywhere mt-1.5">{failure.remedy}</p> : null}
      <Evidence lines={failure.evidence} hrefs={failure.evidence.map((_, index) => evidenceHref?.(index) ?? null)} />
      {children}
    </Notice>
  );
}

interface EvidenceProps {
  readonly lines: readonly string[];
  /** The place of each line in a log; null where it is not known. */
  readonly hrefs?: readonly (string | null)[];
}

/** Lines of output that show a failure, each a link to its place in the log; many scroll in a box. */
export function Evidence({ lines, hrefs = [] }: EvidenceProps) {
  if (lines.length === 0) return null;
  const box = 'mt-3 max-h-56 rounded-md border bg-log px-3 py-2 text-ink';
  if (hrefs.every((href) => href === null))
    return <ScrollText text={lines.join('\n')} label="Evidence" className={box} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (axe: scrollable-region-focusable)
    <section aria-label="Evidence" tabIndex={0} className={`overflow-auto ${box}`}>
      <ul className="font-mono text-xs leading-5">
        {lines.map((line, index) => {
          const href = hrefs[index];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may stand twice, and none ever moves
            <li key={index} className="whitespace-pre-wrap break-all">
              {href ? (
                <a href={href} title="Show it in the log" className="underline decoration-dotted underline-offset-2">
                  {line}
                </a>
              ) : (
                line
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
