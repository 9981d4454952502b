/** Begins every line that separates parts of a reading. The word after it says what follows; `end` closes the reading. */
export const SECTION_MARK = '@@quantdeck:';

/** What `nvidia-smi` is asked for, in this order; `parseNvidiaSmi` reads the same order. */
export const GPU_QUERY = 'index,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw';

/** Readings between two looks at the disk's free space: `df` may be slow on network disks and changes slowly. */
const DISK_EVERY_READINGS = 5;

/** One reading of the kernel's and the container's counters. */
const LINUX_READING = `part uptime; show /proc/uptime
  part stat; grep '^cpu' /proc/stat 2>/dev/null
  part status; grep '^Cpus_allowed_list' /proc/self/status 2>/dev/null
  part meminfo; grep -e '^Mem' -e '^Cached' -e '^Buffers' -e '^SReclaimable' /proc/meminfo 2>/dev/null
  part cpu-max; show /sys/fs/cgroup/cpu.max
  part cpu-stat; show /sys/fs/cgroup/cpu.stat
  part cfs-quota; show /sys/fs/cgroup/cpu/cpu.cfs_quota_us
  part cfs-period; show /sys/fs/cgroup/cpu/cpu.cfs_period_us
  part cpuacct; show /sys/fs/cgroup/cpuacct/cpuacct.usage
  part memory-max; show /sys/fs/cgroup/memory.max; show /sys/fs/cgroup/memory/memory.limit_in_bytes
  part memory-current; show /sys/fs/cgroup/memory.current; show /sys/fs/cgroup/memory/memory.usage_in_bytes
  part memory-stat; grep -h 'inactive_file' /sys/fs/cgroup/memory.stat /sys/fs/cgroup/memory/memory.stat 2>/dev/null
  part net; show /proc/net/dev
  part diskstats; grep -v -e ' loop' -e ' ram' /proc/diskstats 2>/dev/null`;

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

/**
 * A POSIX sh loop that prints one raw reading a second until its output is closed. Nothing is computed on the host: all
 * numbers are made from the counters by `createSampleReader`, so that a busy host pays for a few `cat` only.
 *
 * @param quotedDiskPath an absolute path on the host, **already quoted for sh** by the caller. It need not exist yet:
 *   the nearest existing parent is measured.
 */
export function hostSamplerScript(quotedDiskPath: string): string {
  return `LC_ALL=C; export LC_ALL
disk=${quotedDiskPath}
count=0
gpu_failures=0
limit=
# A broken driver can make nvidia-smi hang, a dead network disk df; neither may stop the other readings.
if command -v timeout >/dev/null 2>&1; then limit='timeout 5'; fi
part() { printf '%s\\n' "${SECTION_MARK}$1" || exit 0; }
show() { if [ -r "$1" ]; then cat "$1" 2>/dev/null; fi; }
read_linux() {
  ${LINUX_READING}
}
read_mac() {
  ${MAC_READING}
}
if [ ! -r "\${QUANTDECK_PROC:-/proc}/stat" ] && command -v vm_stat >/dev/null 2>&1; then system=mac; else system=linux; fi
while :; do
  part begin
  read_$system
  if [ $((count % ${DISK_EVERY_READINGS})) -eq 0 ]; then
    place=$disk
    while [ -n "$place" ] && [ ! -e "$place" ]; do
      case $place in */*) place=\${place%/*} ;; *) place= ;; esac
    done
    part df; $limit df -Pk -- "\${place:-/}" 2>/dev/null
  fi
  if [ $gpu_failures -lt 3 ] && command -v nvidia-smi >/dev/null 2>&1; then
    part gpu
    if $limit nvidia-smi --query-gpu=${GPU_QUERY} --format=csv,noheader,nounits 2>/dev/null; then
      gpu_failures=0
    else
      gpu_failures=$((gpu_failures + 1))
    fi
  fi
  part end
  count=$((count + 1))
  [ $system = mac ] || sleep 1
done
`;
}
