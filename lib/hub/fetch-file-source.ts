/** Third part of the fetch program: how one file is fetched, by one connection or by several at once, and checked. */
export const FETCH_FILE_SOURCE = `
class NoRanges(Exception):
    pass


def fetch_stream(f, part):
    # By one connection, from where the part ends. Returns the digest; raises on a cut.
    offset = size_of(part)
    if offset > f['sizeBytes']:
        os.remove(part)
        offset = 0
    done[f['path']] = offset
    digest = feed(hasher(f), part) if offset else hasher(f)
    if offset == f['sizeBytes'] and os.path.isfile(part):
        return digest
    if offset:
        say('going on with %s at byte %d' % (f['path'], offset))
    try:
        answer = ask(f, 'bytes=%d-' % offset if offset else None)
    except urllib.error.HTTPError as error:
        if error.code == 416:
            os.remove(part)
        raise
    with answer:
        if offset and answer.status != 206:
            offset, digest = 0, hasher(f)
        with open(part, 'r+b' if offset else 'wb') as target:
            target.seek(offset)
            target.truncate()
            while offset < f['sizeBytes']:
                go_on()
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


def takes_ranges(f):
    with slots, ask(f, 'bytes=0-0') as answer:
        return answer.status == 206 and answer.headers.get('Content-Range', '').endswith('/%d' % f['sizeBytes'])


def fetch_piece(f, piece, target, counts, halted):
    with slots, ask(f, 'bytes=%d-%d' % (piece.at(), piece.end - 1)) as answer:
        if answer.status != 206 or not answer.headers.get('Content-Range', '').startswith('bytes %d-' % piece.at()):
            raise NoRanges()
        while piece.at() < piece.end:
            go_on(halted)
            block = answer.read1(CHUNK)
            if not block:
                raise http.client.IncompleteRead(b'', piece.end - piece.at())
            block = block[:piece.end - piece.at()]
            write_at(target, block, piece.at())
            write_at(counts, struct.pack('>Q', piece.have + len(block)), 8 * (piece.index + 1))
            piece.have += len(block)
            with lock:
                done[f['path']] += len(block)


def fetch_pieces(f, todo, target, counts, halted, failures):
    while not halted.is_set():
        try:
            piece = todo.get_nowait()
        except queue.Empty:
            return
        try:
            if piece.have:
                say('going on with %s at byte %d' % (f['path'], piece.at()))
            insist(f, lambda: piece.have, lambda: fetch_piece(f, piece, target, counts, halted), halted)
        except Exception as error:
            failures.append(error)
            halted.set()


def fetch_ranges(f, part, pieces):
    # By several connections; what is whole from the beginning is hashed while the rest still arrives.
    begin_ranges(f, part, pieces)
    todo, failures, halted = queue.Queue(), [], threading.Event()
    for piece in pieces:
        if piece.at() < piece.end:
            todo.put(piece)
    target, counts = os.open(part, os.O_RDWR), os.open(part + '.ranges', os.O_WRONLY)
    crew = [threading.Thread(target=fetch_pieces, args=(f, todo, target, counts, halted, failures), daemon=True)
            for _ in range(min(CONNECTIONS, todo.qsize()))]
    try:
        for thread in crew:
            thread.start()
        try:
            digest = hash_behind(f, pieces, target, halted)
        except Exception as error:
            failures.append(error)
            halted.set()
        for thread in crew:
            thread.join()
        if failures:
            raise failures[0]
        os.fsync(target)
        return digest
    finally:
        os.close(target)
        os.close(counts)


def hash_behind(f, pieces, target, halted):
    digest, at = hasher(f), 0
    for piece in pieces:
        while at < piece.end:
            go_on(halted)
            if at == piece.at():
                halted.wait(0.05)
                continue
            block = os.pread(target, min(CHUNK, piece.at() - at), at)
            digest.update(block)
            at += len(block)
    return digest


def fetch_once(f, part):
    pieces = pieces_of(f, part)
    done[f['path']] = sum(piece.have for piece in pieces)
    if len(pieces) > 1:
        is_here = all(piece.at() == piece.end for piece in pieces)
        try:
            if is_here or insist(f, lambda: 0, lambda: takes_ranges(f)):
                return fetch_ranges(f, part, pieces)
        except NoRanges:
            pass
        say('%s comes by one connection: the server sends no ranges' % f['path'])
    end_ranges(f, part)

    def attempt():
        with slots:
            return fetch_stream(f, part)
    return insist(f, lambda: size_of(part), attempt)


def fetch(f):
    path = os.path.join(FOLDER, *f['path'].split('/'))
    part = path + '.part'
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if is_good(f, path):
        was_here[f['path']] = f['sizeBytes'] - done[f['path']]
        done[f['path']] = f['sizeBytes']
        say('already there and right: ' + f['path'])
        return
    for corrupt in range(1, 4):
        found = fetch_once(f, part).hexdigest()
        if expected(f) is None or found == expected(f):
            if os.path.isfile(part + '.ranges'):
                os.remove(part + '.ranges')
            os.replace(part, path)
            done[f['path']] = f['sizeBytes']
            say('fetched and checked: %s  %s' % (f['path'], found))
            return
        discard(part)
        say('%s arrived damaged: hash %s, expected %s' % (f['path'], found, expected(f)))
    raise Failed('download-corrupt', '%s arrived damaged %d times: its hash is %s, the hub says %s.'
                 % (f['path'], corrupt, found, expected(f)),
                 'A proxy or the disk changes the data. Try another network or another host.')
`;
