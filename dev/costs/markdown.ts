/** Formats numbers and tables for the page. Columns are padded, so that tables are readable in a terminal too. */

/** A table. All columns but the first hold numbers, unless `isProse`. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { isProse = false }: { readonly isProse?: boolean } = {},
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map(row => (row[column] ?? '').length)));
  const isRight = (column: number): boolean => column > 0 && !isProse;
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return isRight(column) ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${cells.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isRight(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** `1,234`; one decimal place below ten; a dash for zero. */
export function numberText(value: number): string {
  if (value === 0) return '–';
  const digits = Math.abs(value) < 9.95 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const UNITS = ['bytes', 'kB', 'MB', 'GB'];

/** `1.2 MB`, in powers of 1,024 like AWS. */
export function bytesText(bytes: number): string {
  if (bytes === 0) return '–';
  let unit = 0;
  let value = bytes;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit += 1) value /= 1_024;
  return `${value.toFixed(unit === 0 || value >= 99.95 ? 0 : 1)} ${UNITS[unit]}`;
}

/** `$1.23`; `<$0.01` for what would round to zero. */
export function dollarText(dollars: number): string {
  if (dollars === 0) return '–';
  const size = Math.abs(dollars);
  const text = size < 0.005 ? '<$0.01' : `$${size.toFixed(2)}`;
  return dollars < 0 ? `−${text}` : text;
}
