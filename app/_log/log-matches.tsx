'use client';
import type { LogSearch } from './use-log-search';

const SHOWN = 200;

/** What a search found, as a list to jump from. */
export function LogMatches({
  search,
  onJump,
}: {
  readonly search: LogSearch;
  readonly onJump: (offset: number) => void;
}) {
  if (search.problem) return <p className="border-b bg-warn-soft/50 px-3 py-1.5 text-warn text-xs">{search.problem}</p>;
  if (search.query.trim() === '') return null;
  const matches = search.matches ?? [];
  return (
    <div className="border-b bg-sunken/60">
      <p role="status" className="px-3 py-1.5 text-ink-muted text-xs">
        {search.matches === null ? 'Searching…' : wordsOf(matches.length, search.isTruncated)}
      </p>
      {matches.length > 0 ? (
        <ul className="max-h-40 overflow-y-auto pb-1" aria-label="Lines found">
          {matches.slice(0, SHOWN).map((match) => (
            <li key={match.offset}>
              <button
                type="button"
                onClick={() => onJump(match.offset)}
                className="block w-full truncate px-3 py-0.5 text-left font-mono text-ink-muted text-xs leading-5 hover:bg-quiet-soft hover:text-ink"
              >
                {printable(match.line)}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function wordsOf(count: number, isTruncated: boolean): string {
  if (count === 0) return 'No line has that.';
  return `${isTruncated ? 'First ' : ''}${count} ${count === 1 ? 'match' : 'matches'}`;
}

/** A line's text without escape sequences and control characters. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  return line.replace(/\u001b\[[0-9;:]*[A-Za-z]/g, '').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
