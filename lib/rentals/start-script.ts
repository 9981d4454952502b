import type { DeadManTimes } from './rental-ports';

export interface StartScriptParts {
  /** One line as in authorized_keys. */
  readonly publicKey: string;
  readonly serviceUrl: string;
  /** And for how long it may run, whatever runs, until a lease says otherwise. */
  readonly deadMan: DeadManTimes & { readonly longestSeconds: number };
  readonly quote: (text: string) => string;
}

/**
 * What a rented machine runs at every start of its container, so it may run many times. It switches off the tmux session
 * that swallows commands, lets our key in, and arms the dead-man switch.
 */
export function startScript({ publicKey, serviceUrl, deadMan, quote }: StartScriptParts): string {
  return `# Quantdeck. At every start of the container.
umask 077
touch ~/.no_auto_tmux
mkdir -p ~/.ssh ~/.quantdeck
key=${quote(publicKey.trim())}
grep -qxF "$key" ~/.ssh/authorized_keys 2>/dev/null || printf '\\n%s\\n' "$key" >>~/.ssh/authorized_keys
chmod 700 ~/.ssh
chmod 600 ~/.ssh/authorized_keys
: >~/.quantdeck/lease
cat >~/.quantdeck/dead-man.sh <<'QUANTDECK_END'
${DEAD_MAN}QUANTDECK_END
export QUANTDECK_SERVICE=${quote(serviceUrl)}
nohup sh ~/.quantdeck/dead-man.sh ${deadMan.idleSeconds} ${deadMan.longestSeconds} ${deadMan.everySeconds} >>~/.quantdeck/dead-man.log 2>&1 </dev/null &
`;
}

/**
 * Stops the machine when nobody has touched the lease for a while and no attempt of ours runs: a dashboard that is gone
 * must not leave a bill. An attempt holds it up only for as long as the lease says, which `touchLease` writes; `touchLease`
 * also reads what stands in `watcher`. Time is counted since boot, because the clock of a rented host may jump. The key,
 * which may only start, stop and destroy this one machine, goes through standard input: arguments are seen by everybody.
 */
const DEAD_MAN = String.raw`# dead-man.sh IDLE_SECONDS LONGEST_SECONDS EVERY_SECONDS
cd ~/.quantdeck || exit 1
say() { echo "$(date -u +%FT%TZ) $*"; }
if command -v flock >/dev/null 2>&1; then
  exec 9>dead-man.lock
  flock -n 9 || exit 0
fi
if [ "$CONTAINER_API_KEY" = '' ] || [ "$CONTAINER_ID" = '' ]; then
  say 'warning: this machine was given no key of its own, so it cannot stop itself'
  echo no-key >watcher
  exit 0
fi
echo $$ >watcher
seconds() { IFS=. read -r s_now s_rest </proc/uptime; }
works() { grep -qaF QUANTDECK_ATTEMPT= /proc/[0-9]*/environ 2>/dev/null; }
url=$QUANTDECK_SERVICE/api/v0/instances/$CONTAINER_ID/
stop_by_curl() {
  printf 'header = "Authorization: Bearer %s"\n' "$CONTAINER_API_KEY" |
    curl -sS -m 30 -K - -X PUT -H 'Content-Type: application/json' -d '{"state":"stopped"}' "$url"
}
stop_by_python() {
  python3 - "$url" <<'END'
import os, sys, urllib.request
headers = {"Authorization": "Bearer " + os.environ["CONTAINER_API_KEY"], "Content-Type": "application/json"}
request = urllib.request.Request(sys.argv[1], b'{"state":"stopped"}', headers, method="PUT")
print(urllib.request.urlopen(request, timeout=30).read().decode())
END
}
stop_now() {
  if command -v curl >/dev/null 2>&1; then stop_by_curl
  elif command -v python3 >/dev/null 2>&1; then stop_by_python
  elif apt-get update -qq && apt-get install -y -qq --no-install-recommends curl ca-certificates; then stop_by_curl
  else say 'warning: neither curl nor python3 is here, so it cannot stop itself'
  fi
}
seen=never since=0
while :; do
  lease=$(stat -c %y lease 2>/dev/null)
  seconds
  if [ "$lease" != "$seen" ]; then
    seen=$lease since=$s_now most=$(cat lease 2>/dev/null)
    case $most in '' | *[!0-9]*) most=$2 ;; esac
  fi
  age=$((s_now - since))
  if [ $age -ge "$1" ] && { [ $age -ge "$most" ] || ! works; }; then
    say "nobody has touched the lease for $age seconds: stopping"
    stop_now 9>&-
  fi
  sleep "$3" 9>&-
done
`;
