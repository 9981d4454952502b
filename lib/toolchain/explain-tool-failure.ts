import type { FailureCode } from '../domain/failure';
import { type FailurePattern, MORE_MEMORY, type Tool } from './failure-pattern';
import { FAILURE_PATTERNS } from './failure-patterns';

/** 128 + SIGKILL: nobody but the kernel's memory killer ends a tool like that, apart from a cancel, which is known. */
const KILLED_EXIT_CODE = 137;
const MAX_EVIDENCE_LINES = 5;
const MAX_LINE_CHARACTERS = 400;

export interface ToolFailure {
  readonly code: FailureCode;
  /** Which row of the table it was. */
  readonly pattern: string;
  readonly cause: string;
  readonly remedy: string;
  /** Lines of the log that show it, in their order. */
  readonly evidence: readonly string[];
}

interface Hit {
  readonly pattern: FailurePattern;
  readonly index: number;
  readonly groups: readonly string[];
}

/**
 * Python tries another way and fails again: what stood before is a red herring (`File not found: tokenizer.model` of every
 * tokenizer that is kept elsewhere). "The direct cause of the following exception" is another sentence and another case.
 */
const ANOTHER_EXCEPTION = 'During handling of the above exception, another exception occurred:';

/**
 * Explains a failed run from the end of its log. The tools repeat themselves, so of all known messages the one that stands
 * last counts, and of chained exceptions the last one. Null when no line is known.
 */
export function explainToolFailure(tool: Tool, logTail: string, exitCode: number | null = null): ToolFailure | null {
  const all = logTail.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const lines = all.slice(all.lastIndexOf(ANOTHER_EXCEPTION) + 1);
  let last: Hit | null = null;
  for (const pattern of FAILURE_PATTERNS) {
    if (!pattern.tools.includes(tool) || !isBackedUp(pattern, all)) continue;
    const hit = findLast(pattern, lines);
    if (hit !== null && (last === null || hit.index > last.index)) last = hit;
  }
  if (last !== null) return describe(last, lines);
  return exitCode === KILLED_EXIT_CODE ? killedWithoutWords(lines) : null;
}

function isBackedUp(pattern: FailurePattern, lines: readonly string[]): boolean {
  const { onlyWith } = pattern;
  return onlyWith === undefined || lines.some((line) => onlyWith.test(line));
}

function findLast(pattern: FailurePattern, lines: readonly string[]): Hit | null {
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const match = pattern.line.exec(lines[index] ?? '');
    if (match !== null) return { pattern, index, groups: match.slice(1) };
  }
  return null;
}

function describe(hit: Hit, lines: readonly string[]): ToolFailure {
  const { pattern } = hit;
  const evidence = lines.filter((line, index) => index === hit.index || pattern.also?.test(line) === true);
  return {
    code: pattern.code,
    pattern: pattern.pattern,
    cause: pattern.cause(hit.groups),
    remedy: pattern.remedy,
    evidence: evidence.slice(-MAX_EVIDENCE_LINES).map((line) => line.trim().slice(0, MAX_LINE_CHARACTERS)),
  };
}

function killedWithoutWords(lines: readonly string[]): ToolFailure {
  return {
    code: 'out-of-memory',
    pattern: 'killed',
    cause:
      'The program was killed (exit code 137), almost always because the memory of the host or its container ran out.',
    remedy: MORE_MEMORY,
    evidence: lines.slice(-1).map((line) => line.trim().slice(0, MAX_LINE_CHARACTERS)),
  };
}
