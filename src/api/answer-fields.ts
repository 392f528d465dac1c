/** Fields of what a run says of itself, read with care: its worker may be of another version. */
import type { Json } from '../core/json.ts';

export function countIn(json: Json, name: string): number | undefined {
  const value = json[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

export function instantIn(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
}

export function textsIn(json: Json, name: string): string[] | undefined {
  const value = json[name];
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : undefined;
}

export function textIn(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
}

/** Not below 0. */
export function amountIn(json: Json, name: string): number | undefined {
  const value = json[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
