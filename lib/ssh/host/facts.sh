#!/bin/sh
# Prints what this host is and has. Reads only; every part may be missing, and none may hang. With programs=no it leaves
# out what takes a program that is slow to start: a tenth of a second for Python, up to seconds for a GPU's driver.
LC_ALL=C
export LC_ALL
can() { command -v "$1" >/dev/null 2>&1; }
proc=${QUANTDECK_PROC:-/proc} # tests take it away
if can sw_vers; then PATH=$PATH:/opt/homebrew/bin:/usr/local/bin; fi # a command by ssh does not know Homebrew
limit=''
if can timeout; then limit='timeout 10'; fi
part() { printf '\n@@quantdeck-facts:%s\n' "$1"; }
show() { if [ -r "$1" ]; then head -c 8192 "$1" 2>/dev/null; fi; }
groups=/sys/fs/cgroup
[ -r "$proc/self/cgroup" ] || groups=/nowhere
group=$groups$(sed -n 's/^0:://p' $proc/self/cgroup 2>/dev/null | head -n 1)
# macOS, in the words of /proc/meminfo. What can be had at once is what is free and what is only kept in case.
mac_memory() {
  printf 'MemTotal: %s kB\n' $(($(sysctl -n hw.memsize) / 1024))
  vm_stat | awk '/page size of/ { for (i = 1; i < NF; i++) if ($i == "of") size = $(i + 1) / 1024 }
    /^Pages (free|inactive|speculative):/ { pages += $NF }
    END { if (size) printf "MemAvailable: %.0f kB\n", pages * size }'
}
# Without Apple's command line tools, python3 of a Mac is a stub that opens a window and fails.
real_python() {
  [ "$(command -v python3)" != /usr/bin/python3 ] || ! can xcode-select || xcode-select -p >/dev/null 2>&1
}

part os
if can sw_vers; then printf 'PRETTY_NAME="%s %s"\n' "$(sw_vers -productName)" "$(sw_vers -productVersion)"
elif [ -r /etc/os-release ]; then show /etc/os-release; else show /usr/lib/os-release; fi
part kernel; uname -sr
part machine; uname -m
part home; (cd && pwd)
part cores; nproc 2>/dev/null || sysctl -n hw.logicalcpu 2>/dev/null
part affinity; grep '^Cpus_allowed_list' $proc/self/status 2>/dev/null
part cpuinfo
grep -m 1 -e '^model name' -e '^Model' $proc/cpuinfo 2>/dev/null || sysctl -n machdep.cpu.brand_string 2>/dev/null
part cpu-max; show $groups/cpu.max; [ "$group" = $groups/ ] || show "$group/cpu.max"
part cfs-quota; show $groups/cpu/cpu.cfs_quota_us
part cfs-period; show $groups/cpu/cpu.cfs_period_us
part meminfo
grep -e '^MemTotal' -e '^MemAvailable' -e '^MemFree' $proc/meminfo 2>/dev/null ||
  { can vm_stat && mac_memory 2>/dev/null; }
part memory-max
show $groups/memory.max; [ "$group" = $groups/ ] || show "$group/memory.max"
show $groups/memory/memory.limit_in_bytes
part memory-current; show $groups/memory.current; show $groups/memory/memory.usage_in_bytes
part memory-stat; grep -h '^inactive_file' $groups/memory.stat $groups/memory/memory.stat 2>/dev/null
# The disk that jobs write to: a person may have put our folder, or that of the jobs, on another one.
work=$HOME
for place in .quantdeck .quantdeck/jobs; do if [ -d "$HOME/$place/" ]; then work=$HOME/$place/; fi; done
part df; $limit df -Pk "$work" 2>/dev/null
[ "${programs:-}" = no ] || { part python; real_python && $limit python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null; }
part libc; getconf GNU_LIBC_VERSION 2>/dev/null
part gpu
if [ "${programs:-}" != no ] && can nvidia-smi; then
  $limit nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits 2>/dev/null
fi
part end
exit 0
