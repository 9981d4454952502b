import ArrowRight from 'lucide-react/icons/arrow-right';
import type { InstanceView } from '../../lib/domain/instance';
import { factLine } from '../_instances/fact-line';
import { ButtonLink } from '../_ui/button';

const STEPS = [
  [
    'Check',
    'The tensors are read before anything runs. If config.json contradicts them, you see where and repair it with one click.',
  ],
  [
    'Convert',
    'llama.cpp writes the float GGUF once, then every quantization you chose. It goes on when you close the browser.',
  ],
  ['Prove', 'Each file is read back, loaded, and has to write a few words. Only then it counts as done.'],
  ['Bring home', 'The files are copied here, hashed on both ends, and ready to download.'],
] as const;

/** The overview before the first job: what happens, and the one button that starts it. */
export function FirstRun({ instances }: { readonly instances: readonly InstanceView[] }) {
  const here = instances.find((instance) => instance.kind === 'this-machine') ?? instances[0];
  return (
    <div className="mx-auto max-w-4xl pt-4 lg:pt-10">
      <Staircase />
      <h1 className="mt-8 max-w-2xl text-balance font-semibold text-3xl leading-tight tracking-tight sm:text-4xl">
        From a model id to a GGUF that is proven to work.
      </h1>
      <p className="mt-3 max-w-prose text-base text-ink-muted">
        Paste a model of Hugging Face, choose sizes, watch it happen.
        {here ? ` ${here.name} is ready to do it${here.facts ? ` (${factLine(here.facts)})` : ''}.` : ''}
      </p>
      <div className="mt-6 flex flex-wrap gap-2.5">
        <ButtonLink href="/jobs/new?model=HuggingFaceTB/SmolLM2-135M-Instruct" look="primary">
          Start with a small model
          <ArrowRight size={16} aria-hidden />
        </ButtonLink>
        <ButtonLink href="/jobs/new">Choose a model</ButtonLink>
        <ButtonLink href="/instances/new" look="ghost">
          Add an SSH host
        </ButtonLink>
      </div>
      <ol className="mt-12 grid gap-px overflow-hidden rounded-xl border bg-line sm:grid-cols-2">
        {STEPS.map(([name, words], index) => (
          <li key={name} className="bg-surface px-5 py-5">
            <p className="figures text-accent text-xs">{index + 1}</p>
            <h2 className="mt-1 font-semibold">{name}</h2>
            <p className="mt-1 text-pretty text-ink-muted">{words}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

const STAIRS = [
  ['F16', 100],
  ['Q8_0', 53],
  ['Q4_K_M', 31],
  ['Q3_K_M', 25],
] as const;

/** What quantizing does, to scale: the same model at fewer bits per weight. */
function Staircase() {
  return (
    <div aria-hidden className="space-y-1.5">
      {STAIRS.map(([type, percent], index) => (
        <div key={type} className="flex items-center gap-3">
          <div
            className="h-3.5 rounded-sm bg-accent"
            style={{ width: `${percent * 0.8}%`, opacity: 1 - index * 0.2 }}
          />
          <span className="font-mono text-ink-muted text-xs">{type}</span>
        </div>
      ))}
    </div>
  );
}
