'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import type { DeviceView } from '../../lib/domain/device';
import type { Fit } from '../../lib/domain/model-check';
import { fitsOnDevice } from '../../lib/model/fits-on-device';
import { FIT_DISPLAY } from '../_copy/check-display';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { DeviceChoice } from './device-choice';

/** Types that people choose from; the rest is one click away. */
const USUAL = new Set<string>(['F16', 'BF16', 'Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'IQ4_XS', 'Q3_K_M', 'Q2_K']);

interface FitTableProps {
  readonly fits: readonly Fit[];
  readonly devices: readonly DeviceView[];
}

/** Size, memory and verdict of each quantization on the person's own device. */
export function FitTable({ fits: files, devices }: FitTableProps) {
  // Null follows the default.
  const [chosenId, setChosenId] = useState<string | null>(null);
  const device = devices.find(({ id }) => id === chosenId) ?? devices.find(({ isDefault }) => isDefault);
  const contexts = [...new Set(files.flatMap((file) => file.ramByContext.map((each) => each.contextTokens)))];
  const [contextTokens, setContextTokens] = useState(files[0]?.contextTokens ?? 0);
  const [showsAll, setShowsAll] = useState(false);
  if (!device) return null;
  const fits = fitsOnDevice(files, device, contextTokens);
  const recommended = fits.find((fit) => fit.isRecommended);
  const shown = fits.filter((fit) => showsAll || USUAL.has(fit.type) || fit.isRecommended);
  return (
    <Card title="What fits" flush>
      <DeviceChoice
        devices={devices}
        device={device}
        onDevice={setChosenId}
        contexts={contexts}
        contextTokens={contextTokens}
        onContext={setContextTokens}
      />
      <p role="status" className="border-b bg-accent-soft/40 px-4 py-3 sm:px-5">
        {recommended ? (
          <>
            Our choice: <span className="font-mono font-semibold text-xs">{recommended.type}</span> – {recommended.note}
          </>
        ) : (
          'Nothing of this model fits on this device: choose a smaller model, or a device with more memory.'
        )}
      </p>
      <DataTable
        label="Size and memory of each quantization"
        head={
          <>
            <HeadCell>Type</HeadCell>
            <HeadCell>File</HeadCell>
            <HeadCell>Memory</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell className="max-sm:hidden">Quality</HeadCell>
          </>
        }
      >
        {shown.map((fit) => (
          <FitRow key={fit.type} fit={fit} />
        ))}
      </DataTable>
      {shown.length < fits.length || showsAll ? (
        <button
          type="button"
          className="w-full border-t px-4 py-2.5 text-left font-medium text-accent hover:bg-quiet-soft/40 sm:px-5"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? 'Show the usual types only' : `Show all ${fits.length} types`}
        </button>
      ) : null}
    </Card>
  );
}

function FitRow({ fit }: { readonly fit: Fit }) {
  const display = FIT_DISPLAY[fit.verdict];
  return (
    <tr className={clsx(fit.isRecommended && 'bg-accent-soft/40')}>
      <Cell className="whitespace-nowrap font-medium font-mono text-xs">{fit.type}</Cell>
      <Cell className="figures whitespace-nowrap">{formatBytes(fit.sizeBytes)}</Cell>
      <Cell className="figures whitespace-nowrap">{formatBytes(fit.ramBytes)}</Cell>
      <Cell>
        <Badge tone={display.tone}>
          <display.icon size={13} aria-hidden />
          {display.word}
        </Badge>
      </Cell>
      <Cell className="text-ink-muted text-xs max-sm:hidden">{fit.isRecommended ? 'our choice' : fit.note}</Cell>
    </tr>
  );
}
