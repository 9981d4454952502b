/** Last part of the fetch program: all files by four workers, progress once a round, the stamp as its last act. */
export const FETCH_ALL_SOURCE = `
def work(todo, failures):
    while not stopped.is_set():
        try:
            f = todo.get_nowait()
        except queue.Empty:
            return
        try:
            fetch(f)
        except Failed as failure:
            failures.append(failure)
            stopped.set()
        except Exception as error:
            text = '%s: %s' % (type(error).__name__, error)
            failures.append(Failed('download-failed', 'Fetching %s stopped: %s.' % (f['path'], text), 'Retry the step.'))
            stopped.set()


def report(marks, started, first):
    # Speed is of the last seconds, so that a stall shows; one mark older than that keeps the window full.
    at, now = time.monotonic(), sum(done.values())
    moved = now - sum(list(was_here.values())) - first
    marks.append((at, moved))
    while len(marks) > 2 and marks[1][0] <= at - WINDOW_SECONDS:
        marks.pop(0)
    speed = max(0.0, (moved - marks[0][1]) / max(0.001, at - marks[0][0]))
    average = max(0.0, moved / max(0.001, at - started))
    busy = [name for name, size in list(done.items()) if size < sizes[name]]
    say('quantdeck-progress: ' + json.dumps({
        'phase': 'fetching', 'done': now, 'total': TOTAL, 'unit': 'bytes',
        'speedBytesPerSecond': speed, 'averageBytesPerSecond': average,
        'etaMs': (TOTAL - now) / speed * 1000 if speed > 0 else None, 'detail': busy[0][:300] if busy else None}))


WINDOW_SECONDS = 8.0
sizes = {f['path']: f['sizeBytes'] for f in PLAN['files']}


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    os.makedirs(FOLDER, exist_ok=True)
    todo, failures = queue.Queue(), []
    for f in sorted(PLAN['files'], key=lambda f: -f['sizeBytes']):
        part = os.path.join(FOLDER, *f['path'].split('/')) + '.part'
        done[f['path']] = have_of(f, part)
        todo.put(f)
    say('%s at %s: %d files, %d bytes' % (PLAN['repo'], PLAN['commit'], len(PLAN['files']), TOTAL))
    started, first = time.monotonic(), sum(done.values())
    marks = [(started, 0)]
    workers = [threading.Thread(target=work, args=(todo, failures), daemon=True) for _ in range(4)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        for worker in workers:
            worker.join(0.25)
        report(marks, started, first)
    if failures:
        raise failures[0]
    with open(STAMP + '.new', 'w') as stamp:
        json.dump({'repo': PLAN['repo'], 'commit': PLAN['commit'], 'files': sizes}, stamp)
        stamp.flush()
        os.fsync(stamp.fileno())
    os.replace(STAMP + '.new', STAMP)
    say('complete: ' + FOLDER)


try:
    main()
except (Failed, OSError) as failure:
    if not isinstance(failure, Failed):
        full = failure.errno in (errno.ENOSPC, errno.EDQUOT)
        failure = Failed('disk-full' if full else 'download-failed', str(failure),
                         'Free space on the host, then retry.' if full else 'Check the folder and its permissions.')
    say('quantdeck-failure: ' + json.dumps({'code': failure.code, 'message': failure.message, 'remedy': failure.remedy}))
    sys.stdout.flush()
    os._exit(1)
`;
