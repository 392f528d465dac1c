/**
 * List prices, each with its date and source. Replace them with yours: they differ by region, agreement and year, and every
 * dollar amount on the page follows from this table.
 */

export type PriceName =
  'storageGb' | 'putList' | 'get' | 'delete' | 'monitoring' | 'transition' | 'databaseHour' | 'databaseGb';

export interface Price {
  readonly what: string;
  readonly usd: number;
  readonly unit: string;
  /** Month for which the source states the price. */
  readonly asOf: string;
  readonly source: string;
  /** False when no accessible source states the price. */
  readonly isConfirmed: boolean;
}

export type Prices = Readonly<Record<PriceName, Price>>;

/** Month in which the sources were read. */
export const PRICES_READ = '2026-11';

/** AWS, us-east-1 (N. Virginia), on demand, without free tiers, taxes and discounts. */
export const PRICES: Prices = {
  storageGb: {
    what: 'S3 Standard, storage (first 50 TB)',
    usd: 0.023,
    unit: 'GB-month',
    asOf: '2026-03',
    source: 'https://cloudburn.io/blog/amazon-s3-pricing',
    isConfirmed: true,
  },
  putList: {
    what: 'S3 Standard, PUT, COPY, POST, LIST',
    usd: 0.005,
    unit: '1,000 requests',
    asOf: 'undated',
    source: 'https://c3x.dev/blog/s3-request-fees-explained',
    isConfirmed: true,
  },
  get: {
    what: 'S3 Standard, GET, HEAD and all others',
    usd: 0.0004,
    unit: '1,000 requests',
    asOf: 'undated',
    source: 'https://c3x.dev/blog/s3-request-fees-explained',
    isConfirmed: true,
  },
  delete: {
    what: 'S3, DELETE and expiration by a lifecycle rule',
    usd: 0,
    unit: '1,000 requests',
    asOf: 'undated',
    source: 'https://aws.amazon.com/s3/faqs/',
    isConfirmed: true,
  },
  monitoring: {
    what: 'S3 Intelligent-Tiering, monitoring of objects of at least 128 KB',
    usd: 0.0025,
    unit: '1,000 objects per month',
    asOf: '2026-06',
    source: 'https://www.usage.ai/blogs/aws/storage-cost/s3/cost-calculator/',
    isConfirmed: true,
  },
  transition: {
    what: 'S3, transition to Intelligent-Tiering by a lifecycle rule',
    usd: 0.01,
    unit: '1,000 objects',
    asOf: 'unknown',
    source: 'https://aws.amazon.com/s3/pricing/',
    isConfirmed: false,
  },
  databaseHour: {
    what: 'RDS for PostgreSQL, db.t4g.micro, Single-AZ',
    usd: 0.016,
    unit: 'hour',
    asOf: '2026',
    source: 'https://infratally.com/articles/aws-rds-pricing-explained-2026.html',
    isConfirmed: true,
  },
  databaseGb: {
    what: 'RDS, gp3 storage (at least 20 GB)',
    usd: 0.115,
    unit: 'GB-month',
    asOf: '2026-06',
    source: 'https://www.usage.ai/blogs/aws/reserved-instances/rds/pricing-calculator/',
    isConfirmed: true,
  },
};
