'use client';
import { useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import { planWork } from '../../lib/model/disk-plan';
import { STEP_NAME } from '../_copy/step-copy';
import { Card } from '../_ui/card';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { Field, Select } from '../_ui/field';

interface WorkTableProps {
  readonly report: Pick<ModelCheckReport, 'fits' | 'work' | 'parameterCount'>;
  /** The file that is planned for until somebody chooses another. */
  readonly recommended: QuantizationType;
}

/** Disk and memory that each step of a job needs at its peak, before a host is chosen. */
export function WorkTable({ report, recommended }: WorkTableProps) {
  const [type, setType] = useState(recommended);
  const steps = planWork(report, [type]);
  const most = Math.max(...steps.filter(({ place }) => place === 'host').map(({ memoryBytes }) => memoryBytes));
  return (
    <Card title="What the work needs" flush>
      <div className="grid gap-4 border-b px-4 py-4 sm:grid-cols-2 sm:px-5">
        <Field id="workType" label="To make">
          <Select id="workType" value={type} onChange={(event) => setType(event.target.value as QuantizationType)}>
            {report.fits.map((fit) => (
              <option key={fit.type} value={fit.type}>
                {fit.type}
              </option>
            ))}
          </Select>
        </Field>
        <p role="status" className="self-end text-ink-muted text-xs">
          The host needs up to {formatBytes(most)} of memory. Disk adds up: nothing is deleted before the job ends.
        </p>
      </div>
      <DataTable
        label="Peak disk and memory of each step"
        head={
          <>
            <HeadCell>Step</HeadCell>
            <HeadCell>Disk</HeadCell>
            <HeadCell>Memory</HeadCell>
            <HeadCell className="max-sm:hidden">Where</HeadCell>
          </>
        }
      >
        {steps.map(({ step, diskBytes, memoryBytes, place }) => (
          <tr key={step}>
            <Cell>
              {STEP_NAME[step]}
              {step === 'prepare-host' ? (
                <span className="block text-ink-muted text-xs">only where llama.cpp is not there yet</span>
              ) : null}
            </Cell>
            <Cell className="figures whitespace-nowrap">{diskBytes === 0 ? '–' : formatBytes(diskBytes)}</Cell>
            <Cell className="figures whitespace-nowrap">{formatBytes(memoryBytes)}</Cell>
            <Cell className="text-ink-muted text-xs max-sm:hidden">
              {place === 'host' ? 'on the host' : 'on the dashboard’s machine'}
            </Cell>
          </tr>
        ))}
      </DataTable>
    </Card>
  );
}
