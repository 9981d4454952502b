/**
 * Second part of the fetch program: what is there of a file that is not finished. Without a map beside it a `.part` is
 * whole up to its end. One that is fetched by several connections has its full size from the start, with holes, and
 * `.part.ranges` says what of each piece is there: the size of a piece, then a count of bytes each, as 64-bit numbers. A
 * count is written after its bytes, so that whenever the process is killed, what is counted is there.
 */
export const FETCH_PART_SOURCE = String.raw`
class Piece:
    def __init__(self, index, start, end, have):
        self.index, self.start, self.end, self.have = index, start, end, have

    def at(self):
        return self.start + self.have


def size_of(path):
    return os.path.getsize(path) if os.path.isfile(path) else 0


def ranges_there(f, part):
    # What is there as [from, to) in order.
    size = min(size_of(part), f['sizeBytes'])
    try:
        with open(part + '.ranges', 'rb') as saved:
            data = saved.read()
    except FileNotFoundError:
        return [(0, size)]
    step, *counts = struct.unpack('>%dQ' % (len(data) // 8), data[:len(data) // 8 * 8]) or (0,)
    return [(i * step, min(size, i * step + min(step, count))) for i, count in enumerate(counts)]


def pieces_of(f, part):
    there = ranges_there(f, part)
    pieces = []
    for start in range(0, f['sizeBytes'], PIECE):
        end = at = min(start + PIECE, f['sizeBytes'])
        at = start
        for low, high in there:
            if low <= at < high:
                at = min(high, end)
        pieces.append(Piece(len(pieces), start, end, at - start))
    return pieces


def have_of(f, part):
    return sum(high - low for low, high in ranges_there(f, part) if high > low)


def begin_ranges(f, part, pieces):
    # The map first: a file of full size without one would pass for whole.
    with open(part + '.ranges.new', 'wb') as saved:
        saved.write(struct.pack('>%dQ' % (len(pieces) + 1), PIECE, *[piece.have for piece in pieces]))
        saved.flush()
        os.fsync(saved.fileno())
    os.replace(part + '.ranges.new', part + '.ranges')
    with open(part, 'ab') as target:
        target.truncate(f['sizeBytes'])


def end_ranges(f, part):
    # Back to a part that is whole up to its end.
    if not os.path.isfile(part + '.ranges'):
        return
    prefix = 0
    for low, high in ranges_there(f, part):
        if low <= prefix < high:
            prefix = high
    if os.path.isfile(part):
        os.truncate(part, prefix)
    os.remove(part + '.ranges')


def discard(part):
    for path in (part, part + '.ranges'):
        if os.path.isfile(path):
            os.remove(path)


def write_at(fd, block, at):
    view = memoryview(block)
    while view:
        written = os.pwrite(fd, view, at)
        view, at = view[written:], at + written


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
            go_on()


def expected(f):
    return f['sha256'] or f['gitOid']


def is_good(f, path):
    if not os.path.isfile(path) or os.path.getsize(path) != f['sizeBytes']:
        return False
    return expected(f) is None or feed(hasher(f), path).hexdigest() == expected(f)
`;
