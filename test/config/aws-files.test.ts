/** Region and endpoint as AWS tools read them: from variables, and from the profile. */
import { expect, test } from 'vitest';
import { withAwsSettings } from '../../src/config/aws-files.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import { s3Settings } from '../../src/config/places.ts';

const CONFIG = `
# the company's
[default]
region = eu-central-1 # Frankfurt

[profile dev]
region=eu-west-3
endpoint_url = http://all.test:1

[profile "minio"]
region = eu-west-1
services = local
endpoint_url = http://all.test:1

[profile off]
ignore_configured_endpoint_urls = true
endpoint_url = http://all.test:1

[services local]
ec2 =
  endpoint_url = http://ec2.test:2
s3 =
  endpoint_url = http://s3.test:9000
`;
const FILES: Readonly<Record<string, string>> = {
  '/home/me/.aws/config': CONFIG,
  '/home/me/.aws/credentials': '[old]\nregion = sa-east-1\n',
  '/etc/aws': '[default]\r\nregion = ap-south-1\r\n',
};

test.each<[string, Record<string, string>, string, string | undefined]>([
  ['the default profile', {}, 'eu-central-1', undefined],
  ['a profile', { AWS_PROFILE: 'dev' }, 'eu-west-3', 'http://all.test:1'],
  ['services of a profile', { AWS_PROFILE: 'minio' }, 'eu-west-1', 'http://s3.test:9000'],
  ['a profile in the file of credentials', { AWS_PROFILE: 'old' }, 'sa-east-1', undefined],
  ['a profile that does not exist', { AWS_PROFILE: 'none' }, 'us-east-1', undefined],
  ['another file', { AWS_CONFIG_FILE: '/etc/aws' }, 'ap-south-1', undefined],
  ['a file that does not exist', { AWS_CONFIG_FILE: '/nowhere' }, 'us-east-1', undefined],
  ['AWS_REGION before a profile', { AWS_PROFILE: 'dev', AWS_REGION: 'a-1' }, 'a-1', 'http://all.test:1'],
  [
    'AWS_REGION before AWS_DEFAULT_REGION',
    { AWS_REGION: 'a-1', AWS_DEFAULT_REGION: 'b-1' },
    'a-1',
    undefined,
  ],
  ['AWS_DEFAULT_REGION before a profile', { AWS_DEFAULT_REGION: 'b-1' }, 'b-1', undefined],
  [
    'AWS_ENDPOINT_URL before a profile',
    { AWS_PROFILE: 'minio', AWS_ENDPOINT_URL: 'http://a.test' },
    'eu-west-1',
    'http://a.test',
  ],
  [
    'AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL',
    { AWS_ENDPOINT_URL: 'http://a.test', AWS_ENDPOINT_URL_S3: 'http://s3.test' },
    'eu-central-1',
    'http://s3.test',
  ],
  ['a profile that ignores endpoints', { AWS_PROFILE: 'off' }, 'us-east-1', undefined],
  [
    'a variable that ignores endpoints',
    { AWS_ENDPOINT_URL: 'http://a.test', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    'eu-central-1',
    undefined,
  ],
  ['empty variables, which count as unset', { AWS_REGION: '', AWS_PROFILE: ' ' }, 'eu-central-1', undefined],
])('%s', (_, env, region, endpoint) => {
  const settings = s3Settings(loadConfig(withAwsSettings(env, path => FILES[path], '/home/me')));
  expect(settings).toEqual({ bucket: 'wikigauge', region, endpoint });
});
