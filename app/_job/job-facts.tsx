import type { ReactNode } from 'react';
import { formatBytes } from '../../lib/domain/bytes';
import type { JobDetail, ToolchainView } from '../../lib/domain/views';
import { fileRepairText } from '../_copy/file-repair-text';
import { Card } from '../_ui/card';
import { FactList } from '../_ui/stat';

const ORIGINS: Readonly<Record<ToolchainView['origin'], string>> = {
  given: 'found at the path given',
  image: 'part of the image',
  release: 'release archive',
  'registry-source': 'built from source',
};

/** What the job was made of: request, checkpoint, toolchain. Enough to run it again by hand. */
export function JobFacts({ job }: { readonly job: JobDetail }) {
  const { inspection, toolchain } = job;
  return (
    <div className="grid gap-4 lg:grid-cols-3 lg:gap-6">
      <Card title="Request">
        <FactList
          facts={[
            ['Source', <Mono key="source">{job.sourceText}</Mono>],
            ['Commit', job.commit ? <Mono key="commit">{job.commit}</Mono> : 'not resolved'],
            ['Base type', job.spec.baseType],
            ['Threads', job.spec.threads ?? 'by the host’s cores'],
            ['Bring home', job.spec.bringHome ? 'yes' : 'no'],
            ['Repair', repairWords(job)],
          ]}
        />
      </Card>
      <Card title="Checkpoint">
        {inspection ? (
          <FactList
            facts={[
              ['Architecture', inspection.architecture],
              ['Parameters', count(inspection.parameterCount)],
              ['Tensors', count(inspection.tensorCount)],
              ['Size', formatBytes(inspection.totalBytes)],
              ...Object.entries(inspection.facts).map(([name, fact]): readonly [string, ReactNode] => [
                name.replace(/_/g, ' '),
                <span key={name} className="figures" title={`${fact.tensor} [${fact.shape.join(', ')}]`}>
                  {fact.value}
                </span>,
              ]),
            ]}
          />
        ) : (
          <p className="text-ink-muted">Read from the tensors when the job inspects the model.</p>
        )}
        <Findings job={job} />
      </Card>
      <Card title="Toolchain">
        {toolchain ? (
          <FactList
            facts={[
              ['llama.cpp', <Mono key="version">{toolchain.version}</Mono>],
              ['Commit', <Mono key="commit">{toolchain.commit}</Mono>],
              ['From', `${ORIGINS[toolchain.origin]}${toolchain.detail ? `: ${toolchain.detail}` : ''}`],
              ['Python', toolchain.pythonVersion],
              ['PyTorch', toolchain.torchVersion],
              ['transformers', toolchain.transformersVersion],
            ]}
          />
        ) : (
          <p className="text-ink-muted">
            Recorded when the host is prepared: one pinned version for script, library and programs.
          </p>
        )}
      </Card>
    </div>
  );
}

function Findings({ job }: { readonly job: JobDetail }) {
  // What stopped the job is said by the panel at the top of the page.
  const findings = (job.inspection?.findings ?? []).filter(({ message }) => message !== job.failure?.message);
  if (findings.length === 0) return null;
  return (
    <ul className="mt-4 space-y-2 border-t pt-3">
      {findings.map((finding) => (
        <li
          key={`${finding.code}${finding.message}`}
          className={finding.severity === 'note' ? 'text-ink-muted' : 'text-warn'}
        >
          {finding.message}
          {finding.remedy ? <span className="block text-ink-muted text-xs">{finding.remedy}</span> : null}
        </li>
      ))}
    </ul>
  );
}

function Mono({ children }: { readonly children: ReactNode }) {
  return <span className="break-all font-mono text-xs">{children}</span>;
}

function repairWords(job: JobDetail): string {
  const { configPatch, answeredFields, fileRepairs } = job.spec;
  const fields = Object.entries(configPatch).map(([field, value]) => {
    return `${field} = ${value}${answeredFields.includes(field) ? ' (you said so)' : ''}`;
  });
  const words = [...fields, ...fileRepairs.map(fileRepairText)];
  return words.length === 0 ? 'none' : words.join('; ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
