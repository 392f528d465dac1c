/**
 * How the older Python project counts a part: decompress it whole, split its text into lines, `json.loads` each, add to a
 * dict. It judges nothing. It used `splitlines`, which fails a part with U+2028 in a title; here lines end with line ends,
 * so that all works count the same.
 */
export const OLDER_WAY = `
import gzip, json, resource, sys, time

def count(path):
    counts = {}
    with open(path, 'rb') as file:
        text = gzip.decompress(file.read()).decode('utf-8', 'replace')
    for line in text.split('\\n'):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get('type') != 'edit':
            continue
        timestamp = event.get('timestamp')
        length = event.get('length') or {}
        key = (timestamp - timestamp % 60, event.get('wiki', 'unknown'), bool(event.get('bot')))
        row = counts.setdefault(key, [0, 0])
        row[0] += 1
        row[1] += (length.get('new') or 0) - (length.get('old') or 0)
    return sum(row[0] for row in counts.values())

paths = sys.argv[1:]
start, cpu = time.perf_counter(), time.process_time()
edits = sum(count(path) for path in paths)
ms, cpu = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({'ms': ms, 'cpuMs': cpu, 'peakMb': peak, 'edits': edits}))
`;
