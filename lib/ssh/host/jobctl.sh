#!/bin/sh
# jobctl VERB ATTEMPT [ARGUMENT...]: runs a command that outlives every connection, and answers what became of it.
# POSIX sh only. One directory an attempt: $HOME/.quantdeck/attempts/ATTEMPT/
#   start ID CMD_BYTES ENV_BYTES   standard input: the script, then the environment file; idempotent; prints the status
#   attach ID CMD_BYTES ENV_BYTES OFFSET   the two in one: start, without its answer, then follow
#   status ID | wait ID SECONDS    wait: until it has ended, at most so long
#   follow ID OFFSET               log on stdout as it grows, status lines on stderr, until stdin is closed
#   read ID OFFSET                 up to 4 MiB of log from there
#   cancel ID GRACE_CENTISECONDS   TERM, wait, KILL of everything the attempt left running; prints how many are left
set -u
umask_before=$(umask)
umask 077

verb=${1:-} id=${2:-}
# Where standard output is a log, what goes wrong is said beside it.
say() { case $verb in attach | follow) echo "$1" >&2 ;; *) echo "$1" ;; esac; }
case $id in '' | *[!0-9a-z-]*) say 'quantdeck-error id'; exit 64 ;; esac
if [ ${#id} -lt 26 ] || [ ${#id} -gt 36 ]; then say 'quantdeck-error id'; exit 64; fi
d=$HOME/.quantdeck/attempts/$id

can() { command -v "$1" >/dev/null 2>&1; }
unsupported() { say 'quantdeck-error unsupported'; exit 69; }
nap() { sleep "$1" 2>/dev/null || sleep 1; }

# Becomes PROGRAM ARGUMENT... in a session of its own, with the same process id. Every Mac has perl; its python3 may be
# a stub that opens a window.
if can setsid; then
  in_own_session() { exec setsid "$@"; }
elif can perl; then
  in_own_session() {
    PERL_BADLANG=0 # no remark in the log about a locale it does not know
    export PERL_BADLANG
    exec perl -MPOSIX=setsid -e 'setsid(); delete $ENV{PERL_BADLANG}; exec { $ARGV[0] } @ARGV; exit 127' "$@"
  }
elif can python3; then
  in_own_session() { exec python3 -c 'import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])' "$@"; }
else
  unsupported
fi

# How processes are known where there is /proc; the end of this part says how without.
# Sets now_cs: hundredths of a second since boot. The wall clock of a rented host may be wrong and may jump.
clock_step_cs=0
now() {
  IFS=' .' read -r n_seconds n_part n_rest </proc/uptime
  n_part=${n_part#0}
  now_cs=$((n_seconds * 100 + ${n_part:-0}))
}

# Sets p_state, p_session, p_start of a process. A program's name may hold spaces, brackets and line ends.
stat_of() {
  p_state='' p_session='' p_start='' p_text=''
  [ -r "/proc/$1/stat" ] || return 1
  { while IFS= read -r p_line; do p_text="$p_text $p_line"; done <"/proc/$1/stat"; } 2>/dev/null
  # shellcheck disable=SC2086
  set -- ${p_text##*) }
  [ $# -ge 20 ] || return 1
  p_state=$1 p_session=$4 p_start=${20}
}

# Is PID still the process that started at START? A process id alone may belong to another one by now.
alive() {
  [ -n "${1:-}" ] && stat_of "$1" && [ "$p_start" = "${2:-}" ] && [ "$p_state" != Z ] && [ "$p_state" != X ]
}

# Sets boot_now. The boot id of a container is its machine's, so the start of process 1 belongs to it.
boot_of_now() {
  b_id=none
  [ -r /proc/sys/kernel/random/boot_id ] && IFS= read -r b_id </proc/sys/kernel/random/boot_id
  stat_of 1
  boot_now=$b_id.${p_start:-0}
}

# Process ids that carry this attempt's mark in their environment.
marked() {
  if printf 'a\0' | grep -qzxF a 2>/dev/null; then
    grep -lzxF -e "QUANTDECK_ATTEMPT=$id" /proc/[0-9]*/environ 2>/dev/null
  else
    for m in /proc/[0-9]*/environ; do
      if tr '\0' '\n' 2>/dev/null <"$m" | grep -qxF -e "QUANTDECK_ATTEMPT=$id"; then echo "$m"; fi
    done
  fi | while IFS=/ read -r m_root m_proc m_pid m_rest; do echo "$m_pid"; done
}

# Sets targets: every live process of this attempt but its supervisor, by session and by mark. A child that started a
# session of its own still carries the mark; one that emptied its environment is still in the session.
find_targets() {
  targets=''
  get "$d/sup"; t_sup=${got%% *}
  get "$d/child"; t_sid=${got%% *} t_start=${got#* }
  # A process with the child's id and another start is a stranger, and so is its session.
  if [ -n "$t_sid" ] && stat_of "$t_sid" && [ "$p_start" != "$t_start" ]; then t_sid=''; fi
  if [ -n "$t_sid" ]; then
    for t in /proc/[0-9]*; do
      t=${t#/proc/}
      if [ "$t" = "$t_sup" ] || [ "$t" = $$ ]; then continue; fi
      stat_of "$t" || continue
      if [ "$p_session" = "$t_sid" ] && [ "$p_state" != Z ] && [ "$p_state" != X ]; then targets="$targets $t"; fi
    done
  fi
  for t in $(marked); do
    case " $targets $t_sup $$ " in *" $t "*) continue ;; esac
    if stat_of "$t" && [ "$p_state" != Z ] && [ "$p_state" != X ]; then targets="$targets $t"; fi
  done
}

# The session and the mark are enough here, so nothing has to be written down while the work runs.
remember_groups() { :; }
# A server does not fall asleep.
keep_awake() { :; }

# A host without /proc (macOS): the same questions, answered by ps. QUANTDECK_PROC is how tests take /proc away.
if [ ! -r "${QUANTDECK_PROC:-/proc}/self/stat" ]; then
  can ps && can awk || unsupported

  # Nothing cheap tells the time since boot; what is measured with this clock is seconds long.
  clock_step_cs=99
  now() { now_cs=$(date +%s)00; }

  # No session: ps shows none to ordinary users on a Mac. Times are UTC, or an identity would change with the season.
  stat_of() {
    p_state='' p_session='' p_start=''
    p_text=$(LC_ALL=C TZ=UTC0 ps -o stat= -o lstart= -p "$1" 2>/dev/null) || return 1
    # shellcheck disable=SC2086
    set -- $p_text
    [ $# -ge 6 ] || return 1
    p_state=${1%"${1#?}"} p_start=$3-$4-$5-$6
  }

  # kern.boottime would not do: it moves whenever the clock is set.
  boot_of_now() {
    b_id=$(sysctl -n kern.bootsessionuuid 2>/dev/null)
    stat_of 1
    boot_now=${b_id:-none}.${p_start:-0}
  }

  # -E adds the environment, where the system shows it: macOS hides that of its own programs.
  everyone() {
    set -- -ww -o pid= -o ppid= -o pgid= -o stat= -o lstart= -o command=
    LC_ALL=C TZ=UTC0 ps -axE "$@" 2>/dev/null || LC_ALL=C TZ=UTC0 ps -ax "$@" 2>/dev/null
  }

  # Prints "process PID" for what is alive of this attempt, and "group ID START" for groups not known before. Ours are: the
  # groups of the child and those written down, who carries the mark, the children of ours, and their groups. A group
  # outlives its leader, and its id is not given out again while it does; a leader with another start is a stranger.
  family() {
    get "$d/sup"; f_sup=${got%% *}
    get "$d/child"; f_child=$got
    { echo "group $f_child"; cat "$d/groups" 2>/dev/null; everyone; } | awk -v id="$id" -v sup="$f_sup" -v self=$$ '
      $1 == "group" { led[$2] = $3; ours[$2] = 1; next }
      $1 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/ && $8 ~ /^[0-9][0-9]:[0-9][0-9]:[0-9][0-9]$/ {
        p = $1; pids[++n] = p; parent[p] = $2; group[p] = $3; state[p] = $4; start[p] = $6 "-" $7 "-" $8 "-" $9
      }
      # Put together here, so that this command line does not hold what it looks for.
      index($0, "QUANTDECK_" "ATTEMPT=" id) { marked[p] = 1 }
      END {
        for (g in ours) if ((g in start) && start[g] != led[g]) ours[g] = 0
        do {
          grown = 0
          for (i = 1; i <= n; i++) {
            p = pids[i]; g = group[p]
            if (p <= 1 || p == sup || p == self || (p in mine)) continue
            if (!ours[g] && !(p in marked) && !(parent[p] in mine)) continue
            mine[p] = grown = 1
            if (state[p] !~ /^Z/) print "process", p
            if (ours[g] || g <= 1 || g == group[sup]) continue
            ours[g] = 1
            print "group", g, (g in start) ? start[g] : "-"
          }
        } while (grown)
      }'
  }

  find_targets() {
    targets=''
    for t in $(family | sed -n 's/^process //p'); do targets="$targets $t"; done
  }

  # Who leaves its parent and its group can be found later only if the group was seen before. Ends with the work, also
  # when the supervisor is gone.
  remember_groups() {
    {
      for r_pause in 0.1 0.2 0.5 1; do remember_once; nap $r_pause; done
      while remember_once; do nap 2; done
    } >/dev/null 2>&1 9<&- &
  }
  # A Mac nobody types at goes to sleep in the middle of the work; this ends with process PID.
  keep_awake() {
    if can caffeinate; then caffeinate -i -w "$1" >/dev/null 2>&1 9<&- & fi
  }
  remember_once() {
    r_family=$(family)
    printf '%s\n' "$r_family" | grep '^group ' >>"$d/groups"
    case $r_family in *process*) return 0 ;; *) return 1 ;; esac
  }
fi

# Sets got to the first line of a file, empty when there is none.
get() {
  got=''
  if [ -s "$1" ]; then IFS= read -r got 2>/dev/null <"$1" || :; fi
}

# put FILE TEXT [sync]: whole or not at all; on a full disk it gives up the reserve and tries until there is room.
put() {
  until { printf '%s\n' "$2" >"$1.tmp"; } 2>/dev/null && [ -s "$1.tmp" ] && mv -f "$1.tmp" "$1" 2>/dev/null; do
    [ -d "$d" ] || exit 1 # somebody removed the attempt's folder: there is nobody left to tell
    rm -f "$d/reserve"
    nap 0.5
  done
  if [ "${3:-}" = sync ]; then sync "$1" 2>/dev/null || :; fi
}

# The same for a line into a file that is not there yet: the one write of a builtin, without a second process.
put_new() { { printf '%s\n' "$2" >"$1"; } 2>/dev/null && [ -s "$1" ] || put "$1" "$2"; }

log_size() { if [ -f "$d/log" ]; then size=$(($(wc -c <"$d/log"))); else size=0; fi; }

# Sets state of a claimed attempt whose supervisor has not written its name. After 30 s it never will: asked to cancel,
# it starts nothing even if it wakes up later.
judge_claimed() {
  state=claimed
  now
  get "$d/claim/at"
  if [ -z "$got" ]; then
    put "$d/claim/at" "$now_cs"
  elif [ $((now_cs - got)) -gt 3000 ] || [ "$now_cs" -lt "$got" ]; then
    : >"$d/cancel"
    state=lost
  fi
}

# Sets state and ended ("code log_length" or empty). The exit file is read first, the log's size after it.
judge() {
  ended=''
  if [ ! -d "$d" ]; then state=absent; return; fi
  get "$d/exit"; ended=$got
  if [ -n "$ended" ]; then state=exited; return; fi
  if [ ! -d "$d/claim" ]; then state=new; return; fi
  boot_of_now
  get "$d/boot"
  if [ -n "$got" ] && [ "$got" != "$boot_now" ]; then state=rebooted; return; fi
  get "$d/sup"
  if [ -z "$got" ]; then judge_claimed; return; fi
  # shellcheck disable=SC2086
  if alive $got; then state=running; return; fi
  find_targets
  get "$d/exit"; ended=$got
  if [ -n "$ended" ]; then state=exited; elif [ -n "$targets" ]; then state=orphaned; else state=lost; fi
}

report() {
  judge
  log_size
  # shellcheck disable=SC2086
  set -- ${ended:-- -}
  if [ -e "$d/cancel" ]; then r_cancel=1; else r_cancel=0; fi
  echo "quantdeck-attempt state=$state code=$1 end=$2 size=$size cancel=$r_cancel"
}

has_ended() { case $state in running | claimed | orphaned) return 1 ;; esac; }

refuse() {
  say "quantdeck-error $1"
  if [ -d "$HOME/.quantdeck" ]; then r_disk=$HOME/.quantdeck; else r_disk=$HOME; fi
  say "$({ df -Pk "$r_disk" | tail -n 1; } 2>&1)"
  rm -f "$d/upload.$$" "$d/cmd.$$" "$d/env.$$"
  exit 73
}

# Reads the upload whole, and checks its length: a cut connection must not leave half a script that runs. Not to the end
# of the input, which stays open as long as somebody follows.
receive() {
  { head -c $(($1 + $2)) >"$d/upload.$$"; } 2>/dev/null || refuse write
  if [ $(($(wc -c <"$d/upload.$$"))) -ne $(($1 + $2)) ]; then
    [ -d "$d/claim" ] && return 1
    refuse upload
  fi
  { : >>"$d/log"; } 2>/dev/null || refuse write
  [ "$2" -gt 0 ] || return 0
  { head -c "$1" "$d/upload.$$" >"$d/cmd.$$" && tail -c "$2" "$d/upload.$$" >"$d/env.$$"; } 2>/dev/null || refuse write
  [ $(($(wc -c <"$d/cmd.$$"))) -eq "$1" ] && [ $(($(wc -c <"$d/env.$$"))) -eq "$2" ] || refuse write
  mv -f "$d/cmd.$$" "$d/upload.$$"
}

launch() {
  now
  put_new "$d/claim/at" "$now_cs"
  boot_of_now
  put_new "$d/boot" "$boot_now"
  if [ -e "$d/env.$$" ]; then mv -f "$d/env.$$" "$d/env" || return 1; fi
  mv -f "$d/upload.$$" "$d/cmd" || return 1
  # The supervisor alone holds this pipe open: whoever reads from it learns of its end at once.
  if mkfifo "$d/gone" 2>/dev/null; then
    in_own_session sh "$0" run "$id" "$umask_before" </dev/null >/dev/null 2>&1 9<>"$d/gone" &
  else
    in_own_session sh "$0" run "$id" "$umask_before" </dev/null >/dev/null 2>&1 &
  fi
}

# Starts the attempt unless somebody has.
claim() {
  [ -d "$d" ] || { mkdir -p "$d"; } 2>/dev/null
  [ -d "$d" ] && [ -w "$d" ] || refuse write
  [ -d "$d/claim" ] && return
  # Only who makes the directory starts; everyone else takes their copy of the secrets away again.
  if receive "$1" "$2" && mkdir "$d/claim" 2>/dev/null; then launch; fi
  for left in "$d/cmd.$$" "$d/env.$$" "$d/upload.$$"; do
    if [ -e "$left" ]; then rm -f "$left"; fi
  done
  [ -d "$d/claim" ] || refuse write
}

start() {
  claim "$1" "$2"
  s_tries=0
  while [ ! -s "$d/child" ] && [ ! -s "$d/exit" ] && [ $s_tries -lt 200 ]; do nap 0.02; s_tries=$((s_tries + 1)); done
  report
}

finish() {
  log_size
  now
  put "$d/exit" "$1 $size $now_cs" sync
  exec 9<&-
  rm -f "$d/reserve" "$d/env"
}

# The script itself, marked and in a session of its own.
work() {
  QUANTDECK_ATTEMPT=$id
  export QUANTDECK_ATTEMPT
  # shellcheck disable=SC2016
  in_own_session sh -c '
    umask "$2"
    { echo 500 >/proc/self/oom_score_adj; } 2>/dev/null
    if [ -f "$1/env" ]; then . "$1/env"; rm -f "$1/env" || exit 126; fi
    cd "$1" && exec sh "$1/cmd"' quantdeck "$d" "$1"
}

# The supervisor: a witness that does nothing but wait. It carries no mark and the kernel prefers to kill the work.
run() {
  exec </dev/null >>"$d/log" 2>&1
  trap '' HUP
  trap : TERM INT
  stat_of $$
  put_new "$d/sup" "$$ $p_start"
  if [ -e "$d/cancel" ]; then finish 143; exit; fi
  # Before the work, which may fill the disk in its first moment: then nothing was left to write its end with, and it was
  # waited for until somebody made room. By a builtin, since a process more would be a delay of every command.
  { printf '%16384s' '' >"$d/reserve"; } 2>/dev/null
  work "$1" 9<&- &
  child=$!
  stat_of "$child"
  child_start=$p_start
  put_new "$d/child" "$child $child_start"
  remember_groups
  keep_awake "$child"
  wait "$child"
  code=$?
  # A signal to us ends `wait` early with a code that is not the child's; a zombie still has its own to give.
  while stat_of "$child" && [ "$p_start" = "$child_start" ]; do
    wait "$child"
    code=$?
  done
  finish "$code"
}

wait_for_end() {
  now
  w_end=$((now_cs + $1 * 100)) w_turn=0
  while [ ! -s "$d/exit" ] && [ "$now_cs" -lt "$w_end" ]; do
    if [ $((w_turn % 20)) -eq 0 ]; then judge; has_ended && break; fi
    w_turn=$((w_turn + 1))
    nap 0.1
    now
  done
  report
}

follow() {
  report >&2
  case $state in absent | new) exit 0 ;; esac
  # All is said. Of a log that was shortened tail would print the beginning again.
  if [ "$size" -lt "$1" ] || { has_ended && [ "$size" -eq "$1" ]; }; then exit 0; fi
  if tail --version >/dev/null 2>&1; then f_poll='-s 0.05'; else f_poll=''; fi
  # A background command gets an empty standard input, so the real one is kept as 3: its end means nobody listens.
  exec 3<&0
  # shellcheck disable=SC2086
  tail $f_poll -c +$(($1 + 1)) -f "$d/log" 3<&- &
  f_tail=$!
  f_watch='' f_nap='' f_sees=nothing f_turn=0
  trap 'kill $f_tail $f_watch $f_nap 2>/dev/null; exit 0' TERM
  trap 'f_sees=gone; kill $f_nap 2>/dev/null' USR1
  { cat <&3 >/dev/null; kill $$ $f_tail; } 2>/dev/null &
  if [ -p "$d/gone" ]; then watch_supervisor; fi
  until has_ended; do
    rest_until_news
    if [ -s "$d/exit" ] || [ $f_sees != nothing ] || [ $((f_turn % 20)) -eq 0 ]; then report >&2; fi
  done
  wait
}

# Sends us USR1 when the supervisor is gone. Opened in both directions first, since opening a pipe that nobody writes to
# would wait for ever.
watch_supervisor() {
  { exec 4<>"$d/gone" 5<"$d/gone" 4>&- && read -r f_line <&5; kill -USR1 $$; } >/dev/null 2>&1 3<&- &
  f_watch=$! f_sees=alive
}

# Sets f_sees: `alive` while the supervisor is watched, `gone` once, and `nothing` where there is nothing to watch. A sleep
# in the background holds neither output open, and is cut short by the news.
rest_until_news() {
  case $f_sees in
    alive)
      sleep 2 >/dev/null 2>&1 3<&- &
      f_nap=$!
      if [ $f_sees = alive ]; then wait $f_nap; fi
      f_nap=''
      ;;
    gone) f_sees=nothing ;;
    *)
      nap 0.1
      f_turn=$((f_turn + 1))
      ;;
  esac
}

attach() {
  claim "$1" "$2"
  follow "$3"
}

cancel() {
  mkdir -p "$d"
  : >"$d/cancel" || refuse write
  now
  c_term_end=$((now_cs + $1 + clock_step_cs)) c_end=$((now_cs + $1 + clock_step_cs + 1000)) c_signalled=' '
  while :; do
    judge
    case $state in absent | new | rebooted) targets=''; break ;; esac
    find_targets
    now
    if [ -z "$targets" ] && { has_ended || [ "$now_cs" -ge "$c_end" ]; }; then break; fi
    if [ "$now_cs" -ge "$c_end" ]; then break; fi
    for c in $targets; do
      if [ "$now_cs" -ge "$c_term_end" ]; then
        kill -KILL "$c" 2>/dev/null
      else
        case $c_signalled in *" $c "*) ;; *) kill -TERM "$c" 2>/dev/null; c_signalled="$c_signalled$c " ;; esac
      fi
    done
    nap 0.1
  done
  # shellcheck disable=SC2086
  set -- $targets
  echo "quantdeck-left $#"
  report
}

case $verb in
  start) start "$3" "$4" ;;
  run) run "$3" ;;
  status) report ;;
  wait) wait_for_end "$3" ;;
  attach) attach "$3" "$4" "$5" ;;
  follow) follow "$3" ;;
  read) tail -c +$(($3 + 1)) "$d/log" | head -c 4194304 ;;
  cancel) cancel "$3" ;;
  *) echo 'quantdeck-error verb'; exit 64 ;;
esac
