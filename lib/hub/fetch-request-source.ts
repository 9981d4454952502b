/**
 * First part of the fetch program: settings, failures, and one request to the hub that is tried again as long as it is of
 * use. Runs on the host under any Python from 3.8 on, standard library only (huggingface_hub restarts a file from zero when
 * its process was ended). Speaks to us in `quantdeck-progress:` and `quantdeck-failure:` lines of its log.
 */
export const FETCH_REQUEST_SOURCE = String.raw`
import errno, hashlib, http.client, os, queue, random, signal, ssl, struct, sys, threading, time
import urllib.error, urllib.parse, urllib.request

TOKEN = os.environ.pop('HF_TOKEN', None)
FOLDER = os.path.expanduser(PLAN['folder'])
STAMP = os.path.join(FOLDER, '.quantdeck-complete.json')
TOTAL = sum(f['sizeBytes'] for f in PLAN['files'])
PIECE = PLAN['pieceBytes']
SILENCE_S = 30
MAX_TRIES = 8
CHUNK = 1 << 20
CONNECTIONS = 8
slots = threading.Semaphore(CONNECTIONS)
lock = threading.Lock()
done = {}
# Of files that were there: no connection brought these bytes.
was_here = {}
located = {}
stopped = threading.Event()


class Failed(Exception):
    def __init__(self, code, message, remedy):
        super().__init__(message)
        self.code, self.message, self.remedy = code, message, remedy


def say(text):
    with lock:
        sys.stdout.write(text + '\n')
        sys.stdout.flush()


def go_on(halted=stopped):
    if stopped.is_set() or halted.is_set():
        raise Failed('canceled', 'Stopped.', '')


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


def ask(f, wanted, anew=False):
    # The answer for a Range, or for the whole file. Where the hub redirected to is asked directly the next time; such
    # addresses are signed and expire, so a refusal there is no refusal yet.
    address = None if anew else located.get(f['path'])
    request = urllib.request.Request(address or f['url'],
                                     headers={'User-Agent': 'quantdeck', 'Accept-Encoding': 'identity'})
    if wanted:
        request.add_header('Range', wanted)
    try:
        answer = OPENER.open(with_token(request), timeout=SILENCE_S)
    except urllib.error.HTTPError:
        if address is None:
            raise
        return ask(f, wanted, anew=True)
    located[f['path']] = answer.geturl()
    return answer


def refused(error, f):
    status = error.code
    if status == 401 and TOKEN:
        return Failed('hub-unauthorized', 'The hub does not accept the Hugging Face token (HTTP 401).',
                      'Put a valid token into the settings, then retry: what was fetched is kept.')
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


def insist(f, have, attempt, halted=stopped):
    # Calls attempt until it returns; after a cut again, as long as have() grows or tries are left.
    tries, best = 0, -1
    while True:
        if have() > best:
            tries, best = 0, have()
        try:
            return attempt()
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Failed('disk-full', 'The host\'s disk is full while fetching %s.' % f['path'],
                             'Free space on the host, then retry: what was fetched is kept.')
            final = refused(error, f) if isinstance(error, urllib.error.HTTPError) else None
            if final:
                raise final
            located.pop(f['path'], None)
            tries += 1
            if tries >= MAX_TRIES and isinstance(error, urllib.error.HTTPError) and error.code == 429:
                raise Failed('hub-rate-limited', 'The hub limits the number of requests and has had enough for now.',
                             'Wait a few minutes, then retry: what was fetched is kept. With a token the limit is higher.')
            if tries >= MAX_TRIES:
                raise Failed('download-failed', 'The hub could not deliver %s: %s (%d tries, %d of %d bytes).'
                             % (f['path'], error, tries, done[f['path']], f['sizeBytes']),
                             'Check the host\'s network, then retry: what was fetched is kept.')
            pause = wait_before(tries, error)
            say('%s: %s; trying again in %.0f s' % (f['path'], error, pause))
            halted.wait(pause)
            go_on(halted)
`;
