/**
 * How likely a count is: the negative binomial distribution, for counts that vary more than by chance alone. The variance
 * is the mean times a dispersion; edits come in runs, so theirs is well above 1. The tails are computed as an incomplete
 * beta function, so that neither a small probability nor a large count overflows.
 */

export interface CountDistribution {
  /** At least 0. */
  readonly mean: number;
  /** Variance divided by the mean; more than 1. */
  readonly dispersion: number;
}

/** Probability of `count` or more. @param count an integer */
export function upperTail(count: number, { mean, dispersion }: CountDistribution): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  return incompleteBeta(count, mean / (dispersion - 1), 1 - 1 / dispersion, 1 / dispersion);
}

/** Probability of `count` or fewer. @param count an integer */
export function lowerTail(count: number, { mean, dispersion }: CountDistribution): number {
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  return incompleteBeta(mean / (dispersion - 1), count + 1, 1 / dispersion, 1 - 1 / dispersion);
}

/** Up to this mean a quantile is summed up exactly; beyond it the normal approximation is off by less than one count. */
const EXACT_MEAN = 100;

/**
 * The count that is not exceeded with the probability of a standard normal deviate `z`: 2.5758 stands for 99.5 %.
 * For drawing bands; decisions use the tails.
 */
export function quantile(z: number, { mean, dispersion }: CountDistribution): number {
  if (mean <= 0) return 0;
  if (mean <= EXACT_MEAN) return exactQuantile(normalProbability(z), mean, dispersion);
  // Cornish and Fisher: the normal quantile, corrected for skewness.
  const deviation = Math.sqrt(mean * dispersion);
  const skewness = (2 * dispersion - 1) / deviation;
  return Math.max(0, Math.round(mean + deviation * (z + (skewness * (z * z - 1)) / 6)));
}

/** Adds up the probabilities of 0, 1, 2, … */
function exactQuantile(probability: number, mean: number, dispersion: number): number {
  const size = mean / (dispersion - 1);
  const ratio = 1 - 1 / dispersion;
  let term = Math.exp(-size * Math.log(dispersion));
  let sum = term;
  let count = 0;
  // The bound is out of reach, and stops a sum that rounding keeps below the probability.
  for (; sum < probability && count < 10_000; count++) {
    term *= (ratio * (size + count)) / (count + 1);
    sum += term;
  }
  return count;
}

/** Probability that a standard normal variable is at most z, to 1e-7 (Abramowitz and Stegun, 7.1.26). */
function normalProbability(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * series * Math.exp(-x * x);
  return z >= 0 ? 1 - upper : upper;
}

const TINY = 1e-300;
const CLOSE = 1e-15;
/** A continued fraction needs about the root of its larger argument. */
const MOST_STEPS = 100_000;

/**
 * Regularised incomplete beta function I_x(a, b).
 * @param y 1 - x: the caller knows it without rounding
 */
function incompleteBeta(a: number, b: number, x: number, y: number): number {
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(y));
  // The fraction converges on one side of the mean; on the other it is the complement that does.
  return x < (a + 1) / (a + b + 2)
    ? Math.min(1, (front * fraction(a, b, x)) / a)
    : Math.max(0, 1 - (front * fraction(b, a, y)) / b);
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m < MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    result *= step;
    if (Math.abs(step - 1) < CLOSE) break;
  }
  return result;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** Stirling's series needs a large argument. */
const STIRLING_FROM = 10;
const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Natural logarithm of the gamma function. @param x more than 0 */
function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < STIRLING_FROM; z++) product *= z;
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + series - Math.log(product);
}
