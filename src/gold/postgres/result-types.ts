/**
 * How results are read. Settings of a database, a role or a pooler (DateStyle, IntervalStyle, TimeZone,
 * extra_float_digits, bytea_output) change the text of some types, and a session cannot be relied on to change them
 * back: behind a pooler it is shared. So our statements return none of these types, and reading one is an error.
 */
import { TypeOverrides, types } from 'pg';

/** An array of `bigint`. */
const INT8_ARRAY = 1016;

/** Types whose text depends on settings. */
const UNSETTLED: readonly (keyof typeof types.builtins)[] = [
  'DATE',
  'TIME',
  'TIMETZ',
  'TIMESTAMP',
  'TIMESTAMPTZ',
  'INTERVAL',
  'FLOAT4',
  'FLOAT8',
  'BYTEA',
  'MONEY',
];

/** Our types: every `bigint` is a number, because ours are below 2^53. */
export function resultTypes(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  overrides.setTypeParser(INT8_ARRAY, text =>
    text === '{}' ? [] : text.slice(1, -1).split(',').map(Number),
  );
  for (const name of UNSETTLED) {
    overrides.setTypeParser(types.builtins[name], () => {
      throw new TypeError(
        `a statement returns ${name}, whose text depends on settings; return a whole number`,
      );
    });
  }
  return overrides;
}
