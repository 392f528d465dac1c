/**
 * Times leave Postgres as whole numbers. The text of a timestamp depends on DateStyle and TimeZone, and that of a float
 * on extra_float_digits, which a database or a role may set as it likes; the text of an integer depends on nothing.
 */

/** SQL: a timestamptz in epoch ms. */
export function epochMs(instant: string): string {
  return `round(extract(epoch from ${instant}) * 1000)::bigint`;
}
