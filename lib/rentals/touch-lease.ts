/**
 * Touches the lease that a machine's dead-man switch looks at, and asks whether that switch could stop the machine: the
 * answer is for `parseSelfStop`. What the lease holds is for how long the machine may run from now on, whatever runs
 * there; it is put in place whole, because the switch may read it just then. The other file keeps tmux out of our commands.
 */
export function touchLease(longestSeconds: number): string {
  return `mkdir -p ~/.quantdeck && cd ~/.quantdeck && touch ~/.no_auto_tmux &&
  echo ${longestSeconds} >lease.new && mv -f lease.new lease || exit 1
${ASK_SWITCH}`;
}

const ASK_SWITCH = `watcher=$(cat watcher 2>/dev/null)
case $watcher in
  no-key) answer=no-key ;;
  '' | *[!0-9]*) answer=not-watching ;;
  *)
    if ! grep -qaF dead-man.sh "/proc/$watcher/cmdline" 2>/dev/null; then answer=not-watching
    elif command -v curl || command -v python3 || command -v apt-get; then answer=armed
    else answer=no-way
    fi >/dev/null
    ;;
esac
echo "self-stop: $answer"
`;
