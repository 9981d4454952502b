import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder of Quantdeck's package.json: above `lib/server` in development, above `dist` in the build. Host programs
 * (`lib/*\/host`) and migrations are read from there.
 */
export function packageRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'quantdeck') return folder;
    if (folder === path.dirname(folder)) throw new Error(`Quantdeck's own folder was not found above ${from}`);
  }
}
