import ArrowRight from 'lucide-react/icons/arrow-right';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Link from 'next/link';
import { checkpointOriginOf } from '../../lib/domain/checkpoint-origin';
import { checkSourceText, type ModelCheckView, readinessOf } from '../../lib/domain/model-check';
import { lastPart } from '../../lib/domain/source';
import { READINESS_DISPLAY } from '../_copy/check-display';
import { Badge } from '../_ui/badge';
import { ButtonLink } from '../_ui/button';
import { newCheckAddress, newJobAddress, offersAddress, rentAddress } from './addresses';

/** What was checked, what it came to, and the way on. */
export function CheckHeader({ check }: { readonly check: ModelCheckView }) {
  const readiness = check.report ? readinessOf(check.report) : null;
  const display = readiness ? READINESS_DISPLAY[readiness] : null;
  const isRentable = checkpointOriginOf(check.source) !== null;
  return (
    <header>
      <nav aria-label="Breadcrumb" className="mb-2 text-ink-muted text-xs">
        <Link href="/checks" className="hover:text-ink hover:underline">
          Model checks
        </Link>{' '}
        <span aria-hidden>/</span> <span className="font-mono">{check.id.slice(0, 10)}</span>
      </nav>
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div className="min-w-0 flex-1 basis-80">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <h1 className="min-w-0 break-words font-semibold text-2xl tracking-tight">
              {lastPart(check.source.kind === 'hub' ? check.source.repo : check.source.path)}
            </h1>
            {display ? (
              <Badge tone={display.tone}>
                <display.icon size={13} aria-hidden />
                {display.word}
              </Badge>
            ) : null}
          </div>
          <p className="mt-2 break-all font-mono text-ink-muted text-xs">
            {checkSourceText(check.source)}
            {check.commit ? ` · commit ${check.commit.slice(0, 12)}` : ''}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <ButtonLink href={newCheckAddress(check.source)}>
            <RotateCw size={15} aria-hidden />
            Check again
          </ButtonLink>
          {check.report && readiness !== 'blocked' && isRentable ? (
            <ButtonLink href={offersAddress(check.id)}>Find a machine on vast.ai</ButtonLink>
          ) : null}
          {isRentable && (readiness === 'ready' || readiness === 'repairable') ? (
            <ButtonLink href={rentAddress(check.id)} {...(readiness === 'repairable' ? { look: 'primary' } : {})}>
              Convert on a rented machine
            </ButtonLink>
          ) : null}
          {readiness === 'ready' ? (
            <ButtonLink href={newJobAddress(check.id)} look="primary">
              Convert
              <ArrowRight size={15} aria-hidden />
            </ButtonLink>
          ) : null}
        </div>
      </div>
    </header>
  );
}
