/** The metrics of a process, as Prometheus reads them (text format 0.0.4). Names begin with `wikigauge_`. */

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly lines: (name: string) => string[];
}

/** Seconds; one answer takes from a millisecond to the limit of a statement. */
const BOUNDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

export class Metrics {
  readonly #families = new Map<string, Family>();

  /** A value that is read when somebody asks. Without samples it is left out. */
  read(type: 'counter' | 'gauge', name: string, help: string, samples: () => readonly Sample[]): void {
    const lines = (): string[] => samples().map(({ labels, value }) => line(name, labels, value));
    this.#families.set(name, { help, type, lines });
  }

  /** Counts up. */
  counter(name: string, help: string): { add(labels: Labels, by?: number): void } {
    const values = new Map<string, { readonly labels: Labels; value: number }>();
    this.read('counter', name, help, () => [...values.values()]);
    return {
      add(labels, by = 1) {
        const key = labelText(labels);
        const known = values.get(key);
        if (known === undefined) values.set(key, { labels, value: by });
        else known.value += by;
      },
    };
  }

  /** How long something takes. */
  seconds(name: string, help: string): { observe(labels: Labels, seconds: number): void } {
    const series = new Map<string, Series>();
    const lines = (): string[] => [...series.values()].flatMap(one => linesOf(name, one));
    this.#families.set(name, { help, type: 'histogram', lines });
    return {
      observe(labels, seconds) {
        const key = labelText(labels);
        const one = series.get(key) ?? { labels, counts: BOUNDS.map(() => 0), count: 0, sum: 0 };
        series.set(key, one);
        const bucket = BOUNDS.findIndex(bound => seconds <= bound);
        if (bucket >= 0) one.counts[bucket] = (one.counts[bucket] ?? 0) + 1;
        one.count += 1;
        one.sum += seconds;
      },
    };
  }

  text(): string {
    const blocks = [...this.#families].flatMap(([name, { help, type, lines }]) => {
      const samples = lines(name);
      if (samples.length === 0) return [];
      return [`# HELP ${name} ${escaped(help, /[\\\n]/g)}`, `# TYPE ${name} ${type}`, ...samples];
    });
    return blocks.map(one => `${one}\n`).join('');
  }
}

interface Series {
  readonly labels: Labels;
  /** Observations in each bucket alone. */
  readonly counts: number[];
  count: number;
  sum: number;
}

function linesOf(name: string, { labels, counts, count, sum }: Series): string[] {
  let below = 0;
  const buckets = BOUNDS.map((bound, i) => {
    below += counts[i] ?? 0;
    return line(`${name}_bucket`, { ...labels, le: String(bound) }, below);
  });
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

function line(name: string, labels: Labels | undefined, value: number): string {
  return `${name}${labelText(labels ?? {})} ${value}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value, /[\\\n"]/g)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string, special: RegExp): string {
  return text.replace(special, character => (character === '\n' ? '\\n' : `\\${character}`));
}
