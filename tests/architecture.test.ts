import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, it } from 'vitest';
import { countLines, functionSizes, sourceFiles } from './support/architecture/source-sizes';

const MAX_FILE_LINES = 250;
const MAX_FUNCTION_LINES = 50;
const MAX_COMPONENT_LINES = 120;
const PRODUCT = ['app', 'lib'];
const KNOWN_FOLDERS = [
  'commands',
  'domain',
  'hosts',
  'hub',
  'launch',
  'live',
  'model',
  'pipeline',
  'rentals',
  'report',
  'server',
  'ssh',
  'store',
  'telemetry',
  'tokenizers',
  'toolchain',
];
const FORBIDDEN_NAMES = /^(index|utils?|helpers?|types|service|manager)\.(ts|tsx|mjs)$/;
/** Next gives these names. */
const NEXT_NAMES = /^(page|layout|route|loading|error|global-error|not-found)\.tsx?$/;

async function cruiseFolders(folders: string[]): Promise<ICruiseResult> {
  const options = await extractOptions('./.dependency-cruiser.cjs');
  const { output } = await cruise(folders, options, undefined, { tsConfig: extractTsConfig('tsconfig.json') });
  return output as ICruiseResult;
}

describe('the import table', () => {
  it('holds everywhere, and every source file was looked at', async () => {
    const folders = [...PRODUCT, 'tests'];
    const { summary, modules } = await cruiseFolders(folders);
    const files = folders.flatMap(sourceFiles);
    const seen = new Set(modules.map((module) => module.source));
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
    expect(summary.totalCruised).toBeGreaterThanOrEqual(files.length);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 60_000);

  it('knows every folder of lib', () => {
    const folders = readdirSync('lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((folder) => folder.name).filter((name) => !KNOWN_FOLDERS.includes(name))).toEqual([]);
  });
});

describe('every source file', () => {
  const files = PRODUCT.flatMap(sourceFiles);

  it(`has at most ${MAX_FILE_LINES} lines`, () => {
    const sizes = files.map((file) => ({ file, lines: countLines(readFileSync(file, 'utf8')) }));
    expect(
      sizes.filter(({ lines }) => lines > MAX_FILE_LINES).map(({ file, lines }) => `${file}: ${lines} lines`),
    ).toEqual([]);
  });

  it(`has functions of at most ${MAX_FUNCTION_LINES} lines and components of at most ${MAX_COMPONENT_LINES}`, () => {
    const long = files.flatMap((file) =>
      functionSizes(file)
        .filter(({ lines, isComponent }) => lines > (isComponent ? MAX_COMPONENT_LINES : MAX_FUNCTION_LINES))
        .map(({ name, lines }) => `${file}: ${name} has ${lines} lines`),
    );
    expect(long).toEqual([]);
  });

  it('has a name in kebab-case that says what is in it', () => {
    const names = files.map((file) => path.basename(file));
    const odd = names.filter(
      (name) =>
        FORBIDDEN_NAMES.test(name) ||
        (!NEXT_NAMES.test(name) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.config)?\.(ts|tsx|mjs|cjs)$/.test(name)),
    );
    expect(odd).toEqual([]);
  });

  it('belongs to a folder of lib that says what it is in at most ten lines', () => {
    const folders = readdirSync('lib', { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && sourceFiles(`lib/${entry.name}`).length > 0,
    );
    const readmes = folders.map(({ name }) => ({ name, file: path.join('lib', name, 'README.md') }));
    const problems = readmes.filter(({ file }) => linesOrNone(file) === 0 || linesOrNone(file) > 10);
    expect(problems.map(({ name }) => name)).toEqual([]);
  });
});

function linesOrNone(file: string): number {
  try {
    return countLines(readFileSync(file, 'utf8'));
  } catch {
    // No README at all counts as an empty one.
    return 0;
  }
}

describe('the measuring of functions', () => {
  it('counts from the first word to the closing bracket and tells components apart', () => {
    const text = 'export function Page() {\n  const inner = () => {\n    return 1;\n  };\n  return inner();\n}\n';
    expect(functionSizes('page.tsx', text)).toEqual([
      { name: 'Page', lines: 6, isComponent: true },
      { name: 'inner', lines: 3, isComponent: false },
    ]);
  });
});
