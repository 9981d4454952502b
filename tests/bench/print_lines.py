"""print_lines.py FOLDER: prints lines at a steady rate on standard output, as FOLDER/printer.json says.

Waits for FOLDER/go first, so that somebody can be watching. Each line begins with its number and the time at which it
was written (milliseconds since 1970), and is filled up with dots. What became of it is written to FOLDER/printed.json.
"""
import json
import os
import sys
import time

folder = sys.argv[1]
with open(os.path.join(folder, 'printer.json'), encoding='utf-8') as file:
    wish = json.load(file)
rate, seconds, width = wish['linesPerSecond'], wish['seconds'], wish['lineBytes']

while not os.path.exists(os.path.join(folder, 'go')):
    time.sleep(0.02)

tick = 0.01
total = rate * seconds
started = time.monotonic()
number = 0
late = 0.0
while number < total:
    due = min(total, int((time.monotonic() - started) * rate) + 1)
    if due > number:
        now = '%.1f' % (time.time() * 1000)
        block = ''.join(('B%d@%s ' % (n, now)).ljust(width - 1, '.') + '\n' for n in range(number, due)).encode()
        written = 0
        while written < len(block):
            written += os.write(1, block[written:])
        number = due
    wait = started + number / rate - time.monotonic()
    late = max(late, -wait)
    if wait > 0:
        time.sleep(min(wait, tick))
elapsed = time.monotonic() - started
with open(os.path.join(folder, 'printed.json'), 'w', encoding='utf-8') as file:
    json.dump({'lines': number, 'seconds': elapsed, 'endedAtMs': time.time() * 1000, 'latestSeconds': late}, file)
