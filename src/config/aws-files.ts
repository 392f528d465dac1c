/**
 * Region and endpoint of S3 as every AWS tool finds them: variables first, those of S3 before those of all services, then
 * the profile in the AWS configuration files. They are read here, and not by the SDK, because an endpoint also decides how
 * buckets are addressed, and because messages name both. Credentials stay with the SDK.
 */
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Keys of one section; those of a nested block, such as `s3`, as `s3.endpoint_url`. */
type Section = ReadonlyMap<string, string>;

/**
 * The environment with AWS_REGION and AWS_ENDPOINT_URL set to what AWS tools would use.
 * @param read the text of a file; undefined when there is none
 */
export function withAwsSettings(
  env: Env,
  read: (path: string) => string | undefined,
  home: string,
): Record<string, string | undefined> {
  const profile = profileOf(env, read, home);
  const region = valueOf(env, 'AWS_REGION') ?? valueOf(env, 'AWS_DEFAULT_REGION') ?? profile.region;
  const isIgnored = valueOf(env, 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ?? profile.ignoresEndpoints;
  const endpoint =
    isIgnored?.toLowerCase() === 'true'
      ? undefined
      : (valueOf(env, 'AWS_ENDPOINT_URL_S3') ?? valueOf(env, 'AWS_ENDPOINT_URL') ?? profile.endpoint);
  return { ...env, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint };
}

interface Profile {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly ignoresEndpoints: string | undefined;
}

function profileOf(env: Env, read: (path: string) => string | undefined, home: string): Profile {
  const name = valueOf(env, 'AWS_PROFILE') ?? 'default';
  const sectionsIn = (variable: string, file: string): ReadonlyMap<string, Section> =>
    sectionsOf(read(valueOf(env, variable) ?? join(home, '.aws', file)) ?? '');
  const config = sectionsIn('AWS_CONFIG_FILE', 'config');
  const credentials = sectionsIn('AWS_SHARED_CREDENTIALS_FILE', 'credentials');
  const section =
    config.get(name === 'default' ? 'default' : `profile ${name}`) ?? config.get(`profile ${name}`);
  const find = (key: string): string | undefined => section?.get(key) ?? credentials.get(name)?.get(key);
  const services = config.get(`services ${find('services') ?? ''}`);
  return {
    region: find('region'),
    endpoint: services?.get('s3.endpoint_url') ?? find('endpoint_url'),
    ignoresEndpoints: find('ignore_configured_endpoint_urls'),
  };
}

/** An empty variable counts as unset, as in all our settings. */
function valueOf(env: Env, name: string): string | undefined {
  const value = env[name]?.trim() ?? '';
  return value === '' ? undefined : value;
}

/** Sections of an AWS configuration file, by what stands between their brackets. */
function sectionsOf(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  /** The key whose value is the indented block below it. */
  let block = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const header = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.replace(/\s+/, ' ').replaceAll(/["']/g, '');
      section = sections.get(name) ?? new Map<string, string>();
      sections.set(name, section);
      block = '';
      continue;
    }
    const [, indent = '', key = '', rest = ''] = /^(\s*)([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    const value = rest.replace(/\s[#;].*$/, '').trim();
    const isNested = indent !== '' && block !== '';
    if (!isNested) block = value === '' ? key : '';
    if (key !== '' && value !== '') section.set(isNested ? `${block}.${key}` : key, value);
  }
  return sections;
}
