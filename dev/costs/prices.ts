/**
 * List prices, each with when and where it was read. They are here to be replaced: a region, an agreement or a year later
 * has others, and everything that the page says in dollars follows from this table.
 */

/** How much of what a price is for. */
export type PriceName =
  'storageGb' | 'putList' | 'get' | 'delete' | 'monitoring' | 'transition' | 'databaseHour' | 'databaseGb';

export interface Price {
  readonly what: string;
  readonly usd: number;
  readonly unit: string;
  /** As of which month the source says so. */
  readonly asOf: string;
  readonly source: string;
  /** False where no source that we could read says so. */
  readonly isConfirmed: boolean;
}

export type Prices = Readonly<Record<PriceName, Price>>;

/** When the sources were read, in stored copies. */
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
    what: 'S3 Intelligent-Tiering, monitoring of objects of 128 KB and more',
    usd: 0.0025,
    unit: '1,000 objects and month',
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
    what: 'RDS, gp3 storage, 20 GB at least',
    usd: 0.115,
    unit: 'GB-month',
    asOf: '2026-06',
    source: 'https://www.usage.ai/blogs/aws/reserved-instances/rds/pricing-calculator/',
    isConfirmed: true,
  },
};
