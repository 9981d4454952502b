import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type EmbeddedHost, startEmbeddedHost } from './ssh-embedded-host';
import { makeTempFolder } from './ssh-temp-folder';

/** What macOS 14 has in /bin and /usr/bin and our host programs may use. What is not here is not found. */
const COMMON_TOOLS =
  'awk basename cat chmod cut dirname env expr false find id kill ln ls mkdir mv perl printf rm rmdir sed sh shasum sleep sort stty test touch tr true tee bash seq yes mktemp git tar gzip curl date df nice'.split(
    ' ',
  );

/** Options of GNU that BSD's tools refuse; everything else goes on to the real tool. */
const REFUSED: Readonly<Record<string, string>> = {
  cp: '--[a-z]*',
  dd: 'iflag=*|oflag=*|status=*',
  grep: '-z*|-[a-zA-Z]z*|-[a-zA-Z][a-zA-Z]z*|-P*',
  head: '--[a-z]*',
  tail: '-s*|--[a-z]*',
};

const SYSCTL = `case "$2" in
  kern.bootsessionuuid) echo 6F1E2D3C-0000-4000-8000-123456789ABC ;;
  hw.ncpu | hw.logicalcpu) echo 8 ;;
  hw.memsize) echo 17179869184 ;;
  machdep.cpu.brand_string) echo 'Apple M1' ;;
  *) echo "sysctl: unknown oid '$2'" >&2; exit 1 ;;
esac`;

/** BSD's wc pads its numbers; its stat has -f and no -c; its sync knows no file. */
function shims(real: (tool: string) => string): Record<string, string> {
  const refusing = Object.entries(REFUSED).map(([tool, pattern]) => [
    tool,
    `for word; do case $word in ${pattern}) echo "${tool}: illegal option -- $word" >&2; exit 64 ;; esac; done
exec ${real(tool)} "$@"`,
  ]);
  return {
    ...Object.fromEntries(refusing),
    wc: `${real('wc')} "$@" | sed 's/^/       /'`,
    sync: `exec ${real('sync')}`,
    uname: `case "\${1:-}" in -m) echo arm64 ;; -sr) echo Darwin 23.5.0 ;; *) echo Darwin ;; esac`,
    stat: `[ "$1" = -f ] && [ "$2" = '%z %m' ] || { echo "stat: illegal option -- \${1#-}" >&2; exit 1; }
shift 2; [ "$1" != -- ] || shift; exec ${real('stat')} -c '%s %Y' "$@"`,
    sysctl: SYSCTL,
    sw_vers: `case "$1" in -productName) echo macOS ;; -productVersion) echo 14.5 ;; esac`,
    vm_stat: `printf 'Mach Virtual Memory Statistics: (page size of 16384 bytes)\\nPages free: 4518.\\nPages inactive: 191193.\\nPages speculative: 3014.\\n'`,
  };
}

/** A PATH on which the tools are those of macOS, as far as Linux can play them. */
export async function makeMacTools(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const { folder, remove } = await makeTempFolder('mac-tools');
  const real = (tool: string) => execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
  for (const tool of COMMON_TOOLS) await symlink(real(tool), path.join(folder, tool));
  const texts = { ...shims(real), ps: (await readFile(path.join(import.meta.dirname, 'mac-tools', 'ps.pl'), 'utf8')).trim() };
  for (const [tool, text] of Object.entries(texts)) {
    await writeFile(path.join(folder, tool), text.startsWith('#!') ? `${text}\n` : `#!/bin/sh\n${text}\n`);
    await chmod(path.join(folder, tool), 0o755);
  }
  return { folder, remove };
}

/** Our SSH server of this machine, pretending that it is a Mac: its tools alone, and no /proc for our programs. */
export async function startMacLikeHost(): Promise<EmbeddedHost> {
  const tools = await makeMacTools();
  const host = await startEmbeddedHost({ environment: { PATH: tools.folder, QUANTDECK_PROC: '/nowhere' } });
  return {
    ...host,
    stop: async () => {
      await host.stop();
      await tools.remove();
    },
  };
}
