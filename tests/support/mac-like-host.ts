import { accessSync, constants } from 'node:fs';
import { chmod, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type EmbeddedHost, startEmbeddedHost } from './ssh-embedded-host';
import { makeTempFolder } from './ssh-temp-folder';

/** What macOS 14 has in /bin and /usr/bin and our host programs may use. What is not here is not found. */
const COMMON_TOOLS =
  'awk basename cat chmod cut dirname env expr false find id kill ln ls mkdir mv perl printf rm rmdir sed shasum sleep sort stty test touch tr true tee bash seq yes mktemp git tar gzip curl date df nice'.split(
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

/** Small answers in the shape of macOS 14; the parsers' tests say where the shapes come from. */
const ANSWERS: Readonly<Record<string, string>> = {
  vm_stat: `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                4518.
Pages active:                            194947.
Pages inactive:                          191193.
Pages speculative:                         3014.`,
  netstat: `Name       Mtu   Network       Address            Ipkts Ierrs     Ibytes    Opkts Oerrs     Obytes  Coll
lo0        16384 <Link#1>                          9999     0    9999999     9999     0    9999999     0
en0        1500  <Link#11>   3c:06:30:00:00:01   650000     0  $(($(date +%s) * 1000))   310000     0   50000000     0`,
  ioreg: `+-o IOBlockStorageDriver  <class IOBlockStorageDriver, id 0x100000a28, registered, matched, active, busy 0 (14 ms), retain 7>
    {
      "Statistics" = {"Operations (Write)"=909,"Bytes (Read)"=3394316288,"Errors (Write)"=0,"Bytes (Write)"=$(($(date +%s) * 2000))}
    }`,
};

/** BSD's wc pads its numbers; its stat has -f and no -c; its sync knows no file. */
function shims(): Record<string, string> {
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
shift 2; exec ${real('stat')} -c '%s %Y' "$@"`,
    sysctl: SYSCTL,
    caffeinate: `[ "$1 $2" = '-i -w' ] || exit 64; while kill -0 "$3"; do sleep 0.2; done`,
    sw_vers: `case "$1" in -productName) echo macOS ;; -productVersion) echo 14.5 ;; esac`,
    iostat: `printf '              disk0       cpu    load average\n    KB/t  tps  MB/s  us sy id   1m   5m   15m\n'
printf '   19.72  135  2.61  11  4 85  3.89 4.51 4.10\n'; sleep 1; printf '   21.04  229  4.71  12  6 82  3.89 4.51 4.10\n'`,
    ...Object.fromEntries(Object.entries(ANSWERS).map(([tool, answer]) => [tool, `cat <<EOF\n${answer}\nEOF`])),
  };
}

/** Where the shell would find a program; asking one for each of fifty would take a second. */
function real(tool: string): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders.map((folder) => path.join(folder, tool)).find(isExecutable);
  if (found === undefined) throw new Error(`${tool} is not on the PATH, and the tests of a Mac's tools stand on it`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A PATH on which the tools are those of macOS, as far as Linux can play them. */
export async function makeMacTools(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const { folder, remove } = await makeTempFolder('mac-tools');
  for (const tool of COMMON_TOOLS) await symlink(real(tool), path.join(folder, tool));
  await symlink(real('bash'), path.join(folder, 'sh')); // as /bin/sh there, though of version 3.2
  const texts = {
    ...shims(),
    ps: (await readFile(path.join(import.meta.dirname, 'mac-tools', 'ps.pl'), 'utf8')).trim(),
  };
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
