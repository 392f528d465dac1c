/** Random counts that vary more than by chance alone, made from the simulator's random numbers. Shares no code with what it tests. */
import type { Random } from '../simulator/random.ts';

/** A standard normal deviate. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
}

/** Marsaglia and Tsang. @param shape more than 0 */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.unit()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.unit()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Above this mean a Poisson count is normal for our purposes. */
const NORMAL_FROM = 60;

function poisson(random: Random, mean: number): number {
  if (mean > NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > limit; product *= random.unit()) count++;
  return count;
}

/** A count whose variance is its mean times the dispersion, which is more than 1. */
export function overdispersed(random: Random, mean: number, dispersion: number): number {
  if (mean <= 0) return 0;
  return poisson(random, gamma(random, mean / (dispersion - 1)) * (dispersion - 1));
}
