import type { ProvenanceMatch } from '../../lib/domain/model-check';
import { FACT_NAME } from '../_copy/check-display';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';

const MOST_SHOWN = 5;

/** Which known model these dimensions belong to, or nearly. */
export function ProvenanceCard({ matches }: { readonly matches: readonly ProvenanceMatch[] }) {
  return (
    <Card title="Which model this is" flush>
      {matches.length === 0 ? (
        <p className="p-5 text-ink-muted">No model that Quantdeck knows has dimensions like these.</p>
      ) : (
        <ul className="divide-y">
          {matches.slice(0, MOST_SHOWN).map((match) => (
            <li key={match.model} className="px-4 py-3 sm:px-5">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="break-all font-mono text-xs">{match.model}</span>
                <Badge tone={match.exact ? 'ok' : 'quiet'}>{match.exact ? 'Exactly its dimensions' : 'Near'}</Badge>
              </div>
              {match.differences.length > 0 ? (
                <ul className="mt-1.5 space-y-0.5 text-ink-muted text-xs">
                  {match.differences.map(({ field, expected, actual }) => (
                    <li key={field} className="figures">
                      {FACT_NAME[field]}: {actual} here, {expected} there
                    </li>
                  ))}
                </ul>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
