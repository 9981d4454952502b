import { formatBytes } from '../../lib/domain/bytes';
import type { Fit } from '../../lib/domain/model-check';
import { FIT_DISPLAY } from '../_copy/check-display';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';

/** Size, memory and fit of each quantization on the person's own device. */
export function FitTable({ fits }: { readonly fits: readonly Fit[] }) {
  const recommended = fits.find((fit) => fit.isRecommended);
  return (
    <Card title="What fits" flush>
      {recommended ? (
        <p className="border-b px-4 py-3 sm:px-5">
          <span className="font-semibold">{recommended.type}</span> is our choice: {recommended.note}
        </p>
      ) : null}
      <DataTable
        label="Size and memory of each quantization"
        head={
          <>
            <HeadCell>Type</HeadCell>
            <HeadCell>File</HeadCell>
            <HeadCell>Memory</HeadCell>
            <HeadCell>On your device</HeadCell>
            <HeadCell className="max-sm:hidden">Quality</HeadCell>
          </>
        }
      >
        {fits.map((fit) => {
          const display = FIT_DISPLAY[fit.verdict];
          return (
            <tr key={fit.type} className={fit.isRecommended ? 'bg-accent-soft/40' : undefined}>
              <Cell className="font-medium font-mono text-xs">{fit.type}</Cell>
              <Cell className="figures whitespace-nowrap">{formatBytes(fit.sizeBytes)}</Cell>
              <Cell className="figures whitespace-nowrap">{formatBytes(fit.ramBytes)}</Cell>
              <Cell>
                <Badge tone={display.tone}>
                  <display.icon size={13} aria-hidden />
                  {display.word}
                </Badge>
              </Cell>
              <Cell className="text-ink-muted text-xs max-sm:hidden">{fit.note}</Cell>
            </tr>
          );
        })}
      </DataTable>
    </Card>
  );
}
