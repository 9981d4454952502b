/** Begins every line that separates parts of a reading. The word after it says what follows; `end` closes the reading. */
export const SECTION_MARK = '@@quantdeck:';

/** What `nvidia-smi` is asked for, in this order; `parseNvidiaSmi` reads the same order. */
export const GPU_QUERY = 'index,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw';

/** Readings between two looks at the disk's free space: `df` may be slow on network disks and changes slowly. */
const DISK_EVERY_READINGS = 5;

/** A part of a reading: all lines of some files, or those that match, or those that do not. Missing files are passed over. */
interface Part {
  readonly name: string;
  readonly files: readonly string[];
  readonly like?: string;
  readonly unlike?: string;
}

/** One reading of the kernel's and the container's counters. */
const LINUX_PARTS: readonly Part[] = [
  { name: 'uptime', files: ['/proc/uptime'] },
  { name: 'stat', files: ['/proc/stat'], like: '^cpu' },
  { name: 'status', files: ['/proc/self/status'], like: '^Cpus_allowed_list' },
  { name: 'meminfo', files: ['/proc/meminfo'], like: '^(Mem|Cached|Buffers|SReclaimable)' },
  { name: 'cpu-max', files: ['/sys/fs/cgroup/cpu.max'] },
  { name: 'cpu-stat', files: ['/sys/fs/cgroup/cpu.stat'] },
  { name: 'cfs-quota', files: ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us'] },
  { name: 'cfs-period', files: ['/sys/fs/cgroup/cpu/cpu.cfs_period_us'] },
  { name: 'cpuacct', files: ['/sys/fs/cgroup/cpuacct/cpuacct.usage'] },
  { name: 'memory-max', files: ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'] },
  { name: 'memory-current', files: ['/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory/memory.usage_in_bytes'] },
  {
    name: 'memory-stat',
    files: ['/sys/fs/cgroup/memory.stat', '/sys/fs/cgroup/memory/memory.stat'],
    like: 'inactive_file',
  },
  { name: 'net', files: ['/proc/net/dev'] },
  { name: 'diskstats', files: ['/proc/diskstats'], unlike: ' (loop|ram)' },
];

/** A reading in sh: a process for each part, for a host without awk. */
function readingForShell({ name, files, like, unlike }: Part): string {
  const filter = like ? `grep -h -E '${like}'` : unlike ? `grep -h -v -E '${unlike}'` : 'cat';
  return `part ${name}; ${filter} ${files.join(' ')} 2>/dev/null`;
}

/** The same in awk: no process at all. A shell that began fifteen every second took 1 % of a core from the work. */
function readingForAwk({ name, files, like = '', unlike = '' }: Part): string {
  return [`part("${name}")`, ...files.map((file) => `show("${file}", "${like}", "${unlike}")`)].join('; ');
}

/** The whole loop, for any awk: mawk, busybox, gawk. What has to be another program is started by sh. */
const AWK_LOOP = `
function part(name) { print "${SECTION_MARK}" name }
function show(file, like, unlike, line) {
  while ((getline line < file) > 0) if ((like == "" || line ~ like) && (unlike == "" || line !~ unlike)) print line
  close(file)
}
function run(command) { fflush(); return system(command) }
BEGIN {
  for (count = 0; ; count++) {
    part("begin")
    ${LINUX_PARTS.map(readingForAwk).join('\n    ')}
    if (count % ${DISK_EVERY_READINGS} == 0) { part("df"); run(ENVIRON["look_at_disk"]) }
    if (ENVIRON["has_gpu"] && gpu_failures < 3) {
      part("gpu")
      if (run(ENVIRON["look_at_gpu"]) == 0) gpu_failures = 0
      else gpu_failures++
    }
    part("end")
    run("sleep 1")
  }
}`;

/**
 * One reading of a Mac. Its processor shows counters to no shell: iostat watches it for a second, in place of the loop's
 * pause.
 */
const MAC_READING = `part iostat; iostat -w 1 -c 2 2>/dev/null || sleep 1
  part uptime
  perl -MTime::HiRes=clock_gettime,CLOCK_MONOTONIC -e 'printf "%.2f\\n", clock_gettime(CLOCK_MONOTONIC)' 2>/dev/null
  part memsize; sysctl -n hw.memsize 2>/dev/null
  part vm-stat; vm_stat 2>/dev/null
  part netstat; netstat -ibn 2>/dev/null
  part ioreg; ioreg -r -c IOBlockStorageDriver -d 1 -w 0 2>/dev/null`;

/** The nearest folder that exists already. A dead network disk can make df hang; that must not stop the other readings. */
const LOOK_AT_DISK = `place=$disk
while [ -n "$place" ] && [ ! -e "$place" ]; do
  case $place in */*) place=\${place%/*} ;; *) place= ;; esac
done
$limit df -Pk -- "\${place:-/}" 2>/dev/null`;

/** A broken driver can make it hang too. */
const LOOK_AT_GPU = `$limit nvidia-smi --query-gpu=${GPU_QUERY} --format=csv,noheader,nounits 2>/dev/null`;

/**
 * A loop that prints one raw reading a second until its output is closed. Nothing is computed on the host: all numbers
 * are made from the counters by `createSampleReader`, so that a busy host pays next to nothing.
 *
 * @param quotedDiskPath an absolute path on the host, **already quoted for sh** by the caller. It need not exist yet:
 *   the nearest existing parent is measured.
 */
export function hostSamplerScript(quotedDiskPath: string): string {
  return `LC_ALL=C disk=${quotedDiskPath} limit= has_gpu=
if command -v timeout >/dev/null 2>&1; then limit='timeout 5'; fi
if command -v nvidia-smi >/dev/null 2>&1; then has_gpu=1; fi
look_at_disk='${LOOK_AT_DISK}'
look_at_gpu='${LOOK_AT_GPU}'
export LC_ALL disk limit has_gpu look_at_disk look_at_gpu
if [ ! -r "\${QUANTDECK_PROC:-/proc}/stat" ] && command -v vm_stat >/dev/null 2>&1; then system=mac; else system=linux; fi
if [ $system = linux ] && command -v awk >/dev/null 2>&1; then exec awk '${AWK_LOOP}'; fi
part() { printf '%s\\n' "${SECTION_MARK}$1" || exit 0; }
read_linux() {
  ${LINUX_PARTS.map(readingForShell).join('\n  ')}
}
read_mac() {
  ${MAC_READING}
}
count=0
gpu_failures=0
while :; do
  part begin
  read_$system
  if [ $((count % ${DISK_EVERY_READINGS})) -eq 0 ]; then
    part df
    eval "$look_at_disk"
  fi
  if [ -n "$has_gpu" ] && [ $gpu_failures -lt 3 ]; then
    part gpu
    if eval "$look_at_gpu"; then gpu_failures=0; else gpu_failures=$((gpu_failures + 1)); fi
  fi
  part end
  count=$((count + 1))
  [ $system = mac ] || sleep 1
done
`;
}
