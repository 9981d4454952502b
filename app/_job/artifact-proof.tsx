'use client';
import Check from 'lucide-react/icons/check';
import Minus from 'lucide-react/icons/minus';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import X from 'lucide-react/icons/x';
import { formatBytes } from '../../lib/domain/bytes';
import type { SampleRemark } from '../../lib/domain/sample-remark';
import type { ArtifactView } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { PLACE_WORDS, SAMPLE_REMARK_COPY, SAMPLE_REMARK_HELP } from '../_copy/verdict-display';
import { CopyButton } from '../_ui/copy-button';
import { ArtifactButtons } from './artifact-buttons';

/** One file with the evidence that it works (or not), and the button that gets it. */
export function ArtifactProof({ artifact }: { readonly artifact: ArtifactView }) {
  const proof = artifact.verification;
  const generated = proof === null || proof.loadsOk === null ? null : (proof.sampleText ?? '').trim() !== '';
  return (
    <div className="grid gap-x-8 gap-y-3 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)_auto]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <QuantizationBadge type={artifact.type} />
          <span className="figures font-medium">
            {artifact.sizeBytes === null ? 'size unknown' : formatBytes(artifact.sizeBytes)}
          </span>
          <span className="text-ink-muted text-xs">{PLACE_WORDS[artifact.place]}</span>
        </div>
        <p className="mt-1.5 break-all font-mono text-xs">{artifact.fileName}</p>
        <Sha256 sha256={artifact.sha256} />
      </div>
      <div className="min-w-0">
        <ul className="flex flex-wrap gap-x-5 gap-y-1">
          <ProofPoint ok={proof?.structureOk ?? null} words="Read back" />
          <ProofPoint ok={proof?.loadsOk ?? null} words="Loads" />
          {proof?.loadsOk && proof.samplePrompt === null ? (
            <li className="text-ink-muted">An encoder: it makes no text</li>
          ) : (
            <ProofPoint ok={generated} words="Generates" />
          )}
          {proof?.generationTokensPerSecond ? (
            <li className="figures text-ink-muted">{proof.generationTokensPerSecond.toFixed(1)} tokens/s</li>
          ) : null}
        </ul>
        {proof?.sampleText ? (
          <blockquote className="mt-2 line-clamp-3 border-accent/50 border-l-2 pl-3 text-ink-muted text-sm">
            {proof.samplePrompt ? <span className="font-medium text-ink">{proof.samplePrompt}</span> : null}{' '}
            {proof.sampleText}
          </blockquote>
        ) : null}
        {artifact.sampleRemark ? <Remark remark={artifact.sampleRemark} /> : null}
        {proof?.problem ? <p className="mt-2 break-words font-mono text-bad text-xs">{proof.problem}</p> : null}
        {proof?.structureProblems.map((problem) => (
          <p key={problem} className="mt-1 text-bad text-xs">
            {problem}
          </p>
        ))}
      </div>
      <ArtifactButtons artifact={artifact} />
    </div>
  );
}

function Remark({ remark }: { readonly remark: SampleRemark }) {
  return (
    <p className="mt-2 text-sm">
      <span className="inline-flex items-center gap-1.5 font-medium text-warn">
        <TriangleAlert size={15} aria-hidden />
        {SAMPLE_REMARK_COPY[remark].word}.
      </span>{' '}
      {SAMPLE_REMARK_COPY[remark].meaning} <span className="text-ink-muted">{SAMPLE_REMARK_HELP}</span>
    </p>
  );
}

function Sha256({ sha256 }: { readonly sha256: string | null }) {
  if (sha256 === null) return <p className="mt-1 text-ink-faint text-xs">sha256 not taken yet</p>;
  return (
    <p className="mt-1.5 flex items-center gap-2 text-ink-muted text-xs">
      <span className="shrink-0">sha256</span>
      <span className="truncate font-mono" title={sha256}>
        {sha256}
      </span>
      <CopyButton text={sha256} what="sha256" />
    </p>
  );
}

function ProofPoint({ ok, words }: { readonly ok: boolean | null; readonly words: string }) {
  const Icon = ok === null ? Minus : ok ? Check : X;
  return (
    <li className="inline-flex items-center gap-1.5">
      <Icon
        size={15}
        strokeWidth={2.4}
        aria-hidden
        className={ok === null ? 'text-ink-faint' : ok ? 'text-ok' : 'text-bad'}
      />
      {words}
      <span className="sr-only">{ok === null ? ': not checked' : ok ? ': yes' : ': no'}</span>
    </li>
  );
}
