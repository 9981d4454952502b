/**
 * First half of the fetch program: how one file is fetched, resumed and checked. Runs on the host under any Python from 3.8 on, standard library only (huggingface_hub restarts a file from zero when
 * its process was ended). Speaks to us in `quantdeck-progress:` and `quantdeck-failure:` lines of its log.
 */
export const FETCH_FILE_SOURCE = String.raw`
import errno, hashlib, http.client, os, queue, random, signal, ssl, sys, threading, time
import urllib.error, urllib.parse, urllib.request

TOKEN = os.environ.pop('HF_TOKEN', None)
FOLDER = os.path.expanduser(PLAN['folder'])
STAMP = os.path.join(FOLDER, '.quantdeck-complete.json')
TOTAL = sum(f['sizeBytes'] for f in PLAN['files'])
SILENCE_S = 30
MAX_TRIES = 8
CHUNK = 1 << 20
lock = threading.Lock()
done = {}
stopped = threading.Event()


class Failed(Exception):
    def __init__(self, code, message, remedy):
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def say(text):
    with lock:
        sys.stdout.write(text + '\n')
        sys.stdout.flush()


def origin(url):
    parts = urllib.parse.urlsplit(url)
    return (parts.scheme, parts.netloc)


HUB = origin(PLAN['endpoint'])


class Redirects(urllib.request.HTTPRedirectHandler):
    # A token belongs to the hub alone: headers added as "unredirected" do not follow to a storage host.
    def redirect_request(self, req, fp, code, msg, headers, newurl):
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        return None if new is None else with_token(new)

    http_error_308 = urllib.request.HTTPRedirectHandler.http_error_302


def with_token(request):
    if TOKEN and origin(request.full_url) == HUB:
        request.add_unredirected_header('Authorization', 'Bearer ' + TOKEN)
    return request


def make_opener():
    context = ssl.create_default_context()
    if not context.cert_store_stats().get('x509_ca'):
        try:
            import certifi
            context.load_verify_locations(certifi.where())
        except ImportError:
            pass
    return urllib.request.build_opener(Redirects(), urllib.request.HTTPSHandler(context=context))


OPENER = make_opener()


def hasher(f):
    if f['sha256']:
        return hashlib.sha256()
    digest = hashlib.sha1()
    digest.update(b'blob %d\0' % f['sizeBytes'])
    return digest


def feed(digest, path):
    with open(path, 'rb') as source:
        while True:
            block = source.read(CHUNK)
            if not block:
                return digest
            digest.update(block)
            if stopped.is_set():
                raise Failed('canceled', 'Stopped.', '')


def expected(f):
    return f['sha256'] or f['gitOid']


def is_good(f, path):
    if not os.path.isfile(path) or os.path.getsize(path) != f['sizeBytes']:
        return False
    return expected(f) is None or feed(hasher(f), path).hexdigest() == expected(f)


def refused(error, f):
    status = error.code
    if status in (401, 403):
        return Failed('model-gated', 'The hub refuses %s of %s (HTTP %d).' % (f['path'], PLAN['repo'], status),
                      'Accept the model\'s terms on its page, or give a Hugging Face token with access in the settings.')
    if status == 404:
        return Failed('download-failed', '%s is not at commit %s any more (HTTP 404).' % (f['path'], PLAN['commit'][:12]),
                      'Make a new job: the repository was rewritten.')
    return None


def wait_before(attempt, error):
    seconds = min(30.0, 0.5 * 2 ** attempt) * random.uniform(0.7, 1.0)
    if isinstance(error, urllib.error.HTTPError):
        try:
            seconds = max(seconds, min(300.0, float(error.headers.get('Retry-After') or 0)))
        except ValueError:
            pass
    return seconds


def stream(f, part, digest, offset):
    # Returns how many bytes are there now; raises on a cut.
    request = urllib.request.Request(f['url'], headers={'User-Agent': 'quantdeck', 'Accept-Encoding': 'identity'})
    if offset:
        request.add_header('Range', 'bytes=%d-' % offset)
    with OPENER.open(with_token(request), timeout=SILENCE_S) as answer:
        if offset and answer.status != 206:
            offset, digest = 0, hasher(f)
        with open(part, 'r+b' if offset else 'wb') as target:
            target.seek(offset)
            target.truncate()
            while offset < f['sizeBytes']:
                if stopped.is_set():
                    raise Failed('canceled', 'Stopped.', '')
                block = answer.read1(CHUNK)
                if not block:
                    raise http.client.IncompleteRead(b'', f['sizeBytes'] - offset)
                block = block[:f['sizeBytes'] - offset]
                target.write(block)
                digest.update(block)
                offset += len(block)
                done[f['path']] = offset
            target.flush()
            os.fsync(target.fileno())
    return digest


def fetch(f):
    path = os.path.join(FOLDER, *f['path'].split('/'))
    part = path + '.part'
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if is_good(f, path):
        done[f['path']] = f['sizeBytes']
        say('already there and right: ' + f['path'])
        return
    tries, corrupt, best = 0, 0, -1
    while True:
        offset = os.path.getsize(part) if os.path.isfile(part) else 0
        if offset > f['sizeBytes']:
            os.remove(part)
            offset = 0
        done[f['path']] = offset
        if offset > best:
            tries, best = 0, offset
        try:
            digest = feed(hasher(f), part) if offset else hasher(f)
            if offset < f['sizeBytes'] or not os.path.isfile(part):
                if offset:
                    say('going on with %s at byte %d' % (f['path'], offset))
                digest = stream(f, part, digest, offset)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Failed('disk-full', 'The host\'s disk is full while fetching %s.' % f['path'],
                             'Free space on the host, then retry: what was fetched is kept.')
            if isinstance(error, urllib.error.HTTPError):
                final = refused(error, f)
                if final:
                    raise final
                if error.code == 416:
                    os.remove(part)
            tries += 1
            if tries >= MAX_TRIES:
                raise Failed('download-failed', 'The hub could not deliver %s: %s (%d tries, %d of %d bytes).'
                             % (f['path'], error, tries, done[f['path']], f['sizeBytes']),
                             'Check the host\'s network, then retry: what was fetched is kept.')
            pause = wait_before(tries, error)
            say('%s: %s; trying again in %.0f s' % (f['path'], error, pause))
            if stopped.wait(pause):
                raise Failed('canceled', 'Stopped.', '')
            continue
        found = digest.hexdigest()
        if expected(f) is None or found == expected(f):
            os.replace(part, path)
            done[f['path']] = f['sizeBytes']
            say('fetched and checked: %s  %s' % (f['path'], found))
            return
        corrupt += 1
        os.remove(part)
        say('%s arrived damaged: hash %s, expected %s' % (f['path'], found, expected(f)))
        best = -1
        if corrupt >= 3:
            raise Failed('download-corrupt', '%s arrived damaged %d times: its hash is %s, the hub says %s.'
                         % (f['path'], corrupt, found, expected(f)),
                         'A proxy or the disk changes the data. Try another network or another host.')
`;
