'use client';
import clsx from 'clsx';
import Link from 'next/link';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { factLine } from '../_instances/fact-line';
import { InstanceStateBadge } from '../_instances/instance-state-badge';

interface HostChoiceProps {
  readonly instances: readonly InstanceView[];
  readonly initialId: string;
  readonly error: string | undefined;
}

/** Which machine does it, each with what it has. */
export function HostChoice({ instances, initialId, error }: HostChoiceProps) {
  const first = instances.find((instance) => instance.id === initialId) ?? instances[0];
  const [chosen, setChosen] = useState(first?.id ?? '');
  return (
    <fieldset aria-describedby={error ? 'instanceId-error' : undefined}>
      <legend className="sr-only">Host</legend>
      <div className="grid gap-2">
        {instances.map((instance) => (
          <label
            key={instance.id}
            className={clsx(
              'flex cursor-pointer items-start gap-3 rounded-lg border px-3.5 py-2.5',
              instance.id === chosen ? 'border-accent bg-accent-soft/40' : 'hover:border-line-strong',
            )}
          >
            <input
              type="radio"
              name="instanceId"
              value={instance.id}
              checked={instance.id === chosen}
              onChange={() => setChosen(instance.id)}
              className="mt-1 accent-accent"
            />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center justify-between gap-2">
                <span className="font-medium">{instance.name}</span>
                <InstanceStateBadge instance={instance} />
              </span>
              <span className="block text-ink-muted text-xs">{factLine(instance.facts)}</span>
              {instance.runningJobId ? (
                <span className="block text-ink-muted text-xs">A job runs there: this one waits for it.</span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
      {error ? (
        <p id="instanceId-error" role="alert" className="mt-2 text-bad text-xs">
          {error}
        </p>
      ) : null}
      <p className="mt-3 text-ink-muted text-xs">
        Converting and quantizing need disk, memory and cores, not a GPU.{' '}
        <Link href="/instances/new" className="font-medium text-accent underline-offset-2 hover:underline">
          Add an SSH host
        </Link>
      </p>
    </fieldset>
  );
}
