import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SOURCE_FILE = /\.(ts|tsx|mjs|cjs)$/;
const GENERATED = 'lib/store/generated';

/** All hand-written source files below a folder, relative to the project, with forward slashes. */
export function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (file === GENERATED || entry.name === 'fixtures') return [];
    if (entry.isDirectory()) return sourceFiles(file);
    return SOURCE_FILE.test(entry.name) ? [file] : [];
  });
}

export interface LongFunction {
  readonly name: string;
  readonly lines: number;
  readonly isComponent: boolean;
}

/** How many lines a file has; a newline at the end begins no further one. */
export function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}

/** Every function of a file with its length in lines, from its first word to its closing bracket. */
export function functionSizes(fileName: string, text = readFileSync(fileName, 'utf8')): LongFunction[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found: LongFunction[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const name = nameOf(node);
      const isComponent = fileName.endsWith('.tsx') && /^[A-Z]/.test(name);
      found.push({ name, lines: lineOf(node.end) - lineOf(node.getStart(source)) + 1, isComponent });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  const parent = node.parent;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : 'a function without a name';
}
