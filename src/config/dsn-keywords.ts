/**
 * Every keyword of libpq: the values that we honour, or why we cannot. None is ignored, because each is a promise to
 * whoever wrote it.
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */

/** What is wrong with a value, after “has the port "x"”; undefined when it is good. */
type Check = (value: string) => string | undefined;

const anything: Check = () => undefined;
const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    words.includes(value) ? undefined : `; expected ${listed(words)}`;
const whole =
  (min: number, max: number): Check =>
  value =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
      ? undefined
      : `; expected a whole number from ${min} to ${max}`;
/** One value for each host, or one for all of them; an empty one is the default. */
const perHost =
  (check: Check): Check =>
  value =>
    value.split(',').flatMap(one => (one === '' && value !== '' ? [] : (check(one) ?? [])))[0];
/** Values that libpq honours and we cannot, each with what to do instead. */
const allBut =
  (check: Check, unsupported: Readonly<Record<string, string>>): Check =>
  value =>
    Object.hasOwn(unsupported, value)
      ? `, which is not supported: ${unsupported[value] ?? ''}`
      : check(value);

/** `a, b or c`. */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

export const KEYWORDS = {
  host: anything,
  hostaddr: anything,
  port: perHost(whole(1, 65_535)),
  dbname: anything,
  user: anything,
  password: anything,
  passfile: anything,
  connect_timeout: whole(0, 86_400),
  application_name: anything,
  fallback_application_name: anything,
  options: anything,
  // Everything here is UTF-8.
  client_encoding: value =>
    /^(auto|utf-?8|unicode)$/i.test(value) ? undefined : '; expected UTF8, which is what connections use',
  target_session_attrs: oneOf('any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'),
  load_balance_hosts: oneOf('disable', 'random'),
  keepalives: oneOf('0', '1'),
  keepalives_idle: whole(0, 86_400),
  sslmode: oneOf('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'),
  sslrootcert: anything,
  sslcert: anything,
  sslkey: anything,
  sslpassword: anything,
  sslcrl: anything,
  sslnegotiation: oneOf('postgres', 'direct'),
  ssl_min_protocol_version: oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  ssl_max_protocol_version: oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'),
  sslcompression: allBut(oneOf('0'), { 1: 'remove it, because compression makes TLS unsafe' }),
  sslsni: allBut(oneOf('1'), { 0: 'set hostaddr to the address, and leave out host' }),
  channel_binding: allBut(oneOf('disable', 'prefer'), {
    require:
      'set channel_binding=prefer and sslmode=verify-full, which also makes sure that nobody is in between',
  }),
  gssencmode: allBut(oneOf('disable', 'prefer'), { require: 'encrypt with sslmode=require instead' }),
} satisfies Readonly<Record<string, Check>>;

export type Keyword = keyof typeof KEYWORDS;

/** Keywords that libpq knows and we cannot honour, with what to do instead. */
export const REFUSED = new Map<string, string>([
  ['service', 'copy its keywords from the service file into PG_DSN'],
  ['servicefile', 'copy the keywords of the service into PG_DSN'],
  ['keepalives_interval', 'set net.ipv4.tcp_keepalive_intvl of the system instead'],
  ['keepalives_count', 'set net.ipv4.tcp_keepalive_probes of the system instead'],
  ['tcp_user_timeout', 'remove it, because every statement has a time limit of its own'],
  ['requiressl', 'set sslmode=require instead'],
  ['sslcrldir', 'name one file with all revoked certificates in sslcrl'],
  ['sslcertmode', 'leave out sslcert to connect without a client certificate'],
  ['sslkeylogfile', 'start Node with --tls-keylog instead'],
  ['require_auth', 'remove it, and check the server with sslmode=verify-full'],
  ['requirepeer', 'remove it, and protect the folder of the socket'],
  ['krbsrvname', 'use a password or a client certificate instead of Kerberos'],
  ['gsslib', 'use a password or a client certificate instead of Kerberos'],
  ['gssdelegation', 'use a password or a client certificate instead of Kerberos'],
  ['scram_client_key', 'set password instead'],
  ['scram_server_key', 'set password instead'],
  ['oauth_issuer', 'use a password or a client certificate instead of OAuth'],
  ['oauth_client_id', 'use a password or a client certificate instead of OAuth'],
  ['oauth_client_secret', 'use a password or a client certificate instead of OAuth'],
  ['oauth_scope', 'use a password or a client certificate instead of OAuth'],
  ['min_protocol_version', 'remove it, because connections use version 3.0'],
  ['max_protocol_version', 'remove it, because connections use version 3.0'],
  ['replication', 'remove it, because only ordinary connections are made'],
]);
