/** PG_DSN in both forms: read as by libpq, or a description of the problem that never contains the password. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostsOf, parseDsn } from '../../src/config/dsn.ts';

describe('a keyword string', () => {
  test.each([
    ['host=h', { host: 'h' }],
    [
      'host=127.0.0.1 port=5433 dbname=wikigauge user=me password=secret',
      { host: '127.0.0.1', port: '5433', dbname: 'wikigauge', user: 'me', password: 'secret' },
    ],
    ['  host=h\t\n dbname=d  ', { host: 'h', dbname: 'd' }],
    ['host = h  port= 1 dbname =d', { host: 'h', port: '1', dbname: 'd' }],
    ["host='h' dbname='d'", { host: 'h', dbname: 'd' }],
    ["password='two words'", { password: 'two words' }],
    ["password = 'two words' host=h", { password: 'two words', host: 'h' }],
    ["password=''", { password: '' }],
    ["password='' host=h", { password: '', host: 'h' }],
    [String.raw`password='it\'s \\ fine'`, { password: String.raw`it's \ fine` }],
    [String.raw`password=a\ b\'c\\d`, { password: String.raw`a b'c\d` }],
    ['password=a=b==', { password: 'a=b==' }],
    ["password='a=b host=x'", { password: 'a=b host=x' }],
    ['password=ü🙂"', { password: 'ü🙂"' }],
    ['host=a host=b', { host: 'b' }],
    ['host=localhost hostaddr=127.0.0.1', { host: 'localhost', hostaddr: '127.0.0.1' }],
    ['host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['host=::1', { host: '::1' }],
    ['host=h application_name=me', { host: 'h', application_name: 'me' }],
    ['host=h connect_timeout=3', { host: 'h', connect_timeout: '3' }],
    ["options='-c statement_timeout=5s'", { options: '-c statement_timeout=5s' }],
    ['host=h client_encoding=UTF8', { host: 'h', client_encoding: 'UTF8' }],
    ['keepalives=0', { keepalives: '0' }],
    // libpq skips white space before the value.
    ['password= host', { password: 'host' }],
    ['host=h password=', { host: 'h', password: '' }],
  ])('%s', (dsn, keywords) => {
    expect(parseDsn(dsn)).toEqual(keywords);
  });

  test('may have a quote inside an unquoted value, as in libpq', () => {
    expect(parseDsn("password=it's host=h")).toEqual({ password: "it's", host: 'h' });
  });

  test('yields any value that was quoted', () => {
    const value = fc.string({ unit: 'binary' }).filter(text => !/[\n\r\u2028\u2029]/.test(text));
    fc.assert(
      fc.property(value, value, (password, dbname) => {
        const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
        expect(parseDsn(`password=${quoted(password)} dbname=${quoted(dbname)}`)).toEqual({
          password,
          dbname,
        });
      }),
    );
  });

  test('yields a value with a line end in it', () => {
    expect(parseDsn("password='a\nb' host=h")).toEqual({ password: 'a\nb', host: 'h' });
  });
});

describe('a URL says the same as the keywords', () => {
  test.each([
    ['postgres://u:p@h:5433/d', 'user=u password=p host=h port=5433 dbname=d'],
    ['postgresql://u@h/d?sslmode=require', 'user=u host=h dbname=d sslmode=require'],
    [
      'postgres://h/d?sslmode=verify-ca&sslrootcert=/a%20b/ca.pem',
      "host=h dbname=d sslmode=verify-ca sslrootcert='/a b/ca.pem'",
    ],
    ['postgres:///d?host=/var/run/postgresql', 'dbname=d host=/var/run/postgresql'],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/d', 'host=/var/run/postgresql dbname=d'],
    ['postgres://u:p%40ss@[::1]:5433/d', 'user=u password=p@ss host=::1 port=5433 dbname=d'],
    ['postgres://u:%C3%BC%F0%9F%99%82@h/d', 'user=u password=ü🙂 host=h dbname=d'],
    // Pasted without encoding.
    ['postgres://u:p@ss%#?:x@h/d', 'user=u password=p@ss%#?:x host=h dbname=d'],
    ['postgres://u:@h', 'user=u host=h'],
    ['postgres://h:5433', 'host=h port=5433'],
    ['postgres://h/d?user=u&password=a=b', 'host=h dbname=d user=u password=a=b'],
    // What the query says wins.
    ['postgres://h/d?host=other', 'host=other dbname=d'],
    // Spellings of other drivers.
    ['postgres://h/d?ssl=true', 'host=h dbname=d sslmode=require'],
    ['postgres://h/d?ssl=0', 'host=h dbname=d sslmode=disable'],
    ['postgres://h/d?sslmode=no-verify', 'host=h dbname=d sslmode=require'],
  ])('%s', (url, keywords) => {
    expect(parseDsn(url)).toEqual(parseDsn(keywords));
    expect(parseDsn(url)).toEqual(expect.any(Object));
  });

  test('with any user, password and database', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(value, value, value, (user, password, dbname) => {
        const [u, p, d] = [user, password, dbname].map(encodeURIComponent);
        expect(parseDsn(`postgres://${u}:${p}@h/${d}`)).toEqual({ user, password, host: 'h', dbname });
      }),
    );
  });

  test.each([
    ['postgres://u:p@h:99999/d', 'has the port "99999"'],
    ['postgres://u:p@h:x/d', 'is not a valid postgres:// URL'],
    ['postgres://[::1/d', 'is not a valid postgres:// URL'],
    ['postgres://h/d?sslmode=requird', 'has the sslmode "requird"'],
    ['postgres://h/d?schema=public', 'has the unknown keyword schema'],
    ['postgres://h/d?sslmode', 'has a query that is not'],
  ])('%s is rejected', (url, problem) => {
    expect(parseDsn(url)).toContain(problem);
  });
});

describe('an invalid DSN is rejected', () => {
  test.each([
    ['', 'is empty'],
    ['   ', 'is empty'],
    ['mysql://u@h/d', 'cannot be read'],
    ['localhost', 'cannot be read'],
    ['host', 'cannot be read'],
    ['=h', 'cannot be read'],
    ["host='h", 'cannot be read'],
    [String.raw`host='h\'`, 'cannot be read'],
    ['host=h dbname', 'cannot be read'],
    ['Host=h', 'cannot be read'],
    ['host=h colour=blue', 'has the unknown keyword colour'],
    ['host=h databse=d', 'has the unknown keyword databse'],
    ['host=h port=', 'has the port ""'],
    ['host=h port=abc', 'has the port "abc"'],
    ['host=h port=-1', 'has the port "-1"'],
    ['host=h port=5433,5434', 'has 2 ports for 1 host; expected one, or one for each host'],
    ['host=a,b port=1,x', 'has the port "1,x"'],
    ['host=a,b,c port=1,2', 'has 2 ports for 3 hosts'],
    ['host=a,b hostaddr=1.2.3.4', 'has 2 names in host and 1 address in hostaddr'],
    ['host=h client_encoding=LATIN1', 'has the client_encoding "LATIN1"; expected UTF8'],
    ['host=h target_session_attrs=primry', 'has the target_session_attrs "primry"; expected any, read-write'],
    ['host=h keepalives=yes', 'has the keepalives "yes"'],
    ['postgres://', 'is empty'],
  ])('%j: %s', (dsn, problem) => {
    expect(parseDsn(dsn)).toContain(problem);
  });

  test.each(['0', '65536', '99999'])('port %s does not exist', port => {
    expect(parseDsn(`host=h port=${port}`)).toEqual(expect.any(String));
  });

  test.each(['requird', 'REQUIRE', 'true', 'toString'])(
    'sslmode=%s must not silently mean “unencrypted”',
    mode => {
      expect(parseDsn(`host=h sslmode='${mode}'`)).toEqual(expect.any(String));
    },
  );

  test('connect_timeout=abc is not a number of seconds', () => {
    expect(parseDsn('host=h connect_timeout=abc')).toEqual(expect.any(String));
  });

  test.each(['constructor', '__proto__'])(
    'the keyword %s is a property of every object but not of a DSN',
    keyword => {
      expect(parseDsn(`host=h ${keyword}=x`)).toBe(`has the unknown keyword ${keyword}`);
    },
  );

  test.each([
    "password='hunter2",
    "password='hunter2'x",
    "password=hunter2 'x",
    'password=hunter2 port=x',
    'password=hunter2 nonsense',
    'nonsense password=hunter2',
    'mysql://u:hunter2@h',
    'postgres://u:hunter2@h:x/d',
    'postgres://u:hunter2@h/d?port=x',
    'postgres://u:hunter2@h/d?nonsense',
  ])('without showing the password: %s', dsn => {
    const problem = parseDsn(dsn);
    expect(problem).toEqual(expect.any(String));
    expect(problem).not.toContain('hunter2');
  });
});

describe('each keyword of libpq is honoured, or refused by name with what to do', () => {
  /** The keywords of Postgres 18. */
  const HONOURED = {
    host: 'a,b',
    hostaddr: '10.0.0.1',
    port: '5433',
    dbname: 'd',
    user: 'u',
    password: 'p',
    passfile: '/x',
    connect_timeout: '3',
    application_name: 'me',
    fallback_application_name: 'me',
    options: '-c a=b',
    client_encoding: 'auto',
    target_session_attrs: 'read-write',
    load_balance_hosts: 'random',
    keepalives: '1',
    keepalives_idle: '30',
    sslmode: 'require',
    sslrootcert: '/etc/ca.pem',
    sslcert: '/x',
    sslkey: '/x',
    sslpassword: 'p',
    sslcrl: '/x',
    sslnegotiation: 'direct',
    ssl_min_protocol_version: 'TLSv1.2',
    ssl_max_protocol_version: 'TLSv1.3',
    sslcompression: '0',
    sslsni: '1',
    channel_binding: 'prefer',
    gssencmode: 'disable',
  };
  const REFUSED = {
    service: 'x',
    servicefile: '/x',
    keepalives_interval: '10',
    keepalives_count: '3',
    tcp_user_timeout: '5000',
    channel_binding: 'require',
    gssencmode: 'require',
    sslcompression: '1',
    sslsni: '0',
    sslcrldir: '/x',
    sslcertmode: 'require',
    sslkeylogfile: '/x',
    requiressl: '1',
    requirepeer: 'postgres',
    require_auth: 'scram-sha-256',
    krbsrvname: 'postgres',
    gsslib: 'gssapi',
    gssdelegation: '1',
    scram_client_key: 'x',
    scram_server_key: 'x',
    oauth_issuer: 'x',
    oauth_client_id: 'x',
    oauth_client_secret: 'x',
    oauth_scope: 'x',
    min_protocol_version: '3.2',
    max_protocol_version: 'latest',
    replication: 'database',
  };

  test.each(Object.entries(HONOURED))('%s=%s is honoured', (keyword, value) => {
    expect(parseDsn(`${keyword}='${value}'`)).toEqual({ [keyword]: value });
    expect(parseDsn(`postgres:///?${keyword}=${encodeURIComponent(value)}`)).toEqual({ [keyword]: value });
  });

  test.each(Object.entries(REFUSED))('%s=%s is refused', (keyword, value) => {
    const problem = parseDsn(`host=h ${keyword}='${value}'`);
    // Goes into a sentence that ends behind it.
    expect(problem).toMatch(
      new RegExp(`^has the (keyword )?${keyword}\\b[^:]*, which is not supported: \\w[^:]*[^.]$`),
    );
    expect(parseDsn(`postgres://h/?${keyword}=${encodeURIComponent(value)}`)).toBe(problem);
  });
});

describe('several hosts', () => {
  test.each([
    ['host=a', [{ host: 'a' }]],
    ['dbname=d', [{}]],
    ['host=a,b', [{ host: 'a' }, { host: 'b' }]],
    [
      'host=a,b port=1',
      [
        { host: 'a', port: '1' },
        { host: 'b', port: '1' },
      ],
    ],
    [
      'host=a,b port=1,2',
      [
        { host: 'a', port: '1' },
        { host: 'b', port: '2' },
      ],
    ],
    ['host=a,b port=,2', [{ host: 'a' }, { host: 'b', port: '2' }]],
    ['hostaddr=10.0.0.1,10.0.0.2', [{ hostaddr: '10.0.0.1' }, { hostaddr: '10.0.0.2' }]],
    ['postgres://a,b/d', [{ host: 'a' }, { host: 'b' }]],
    [
      'postgres://u:p@a:1,[::1]:2/d',
      [
        { host: 'a', port: '1' },
        { host: '::1', port: '2' },
      ],
    ],
    ['postgres://a,b:2/d', [{ host: 'a' }, { host: 'b', port: '2' }]],
  ])('%s', (text, hosts) => {
    const dsn = parseDsn(text);
    expect(typeof dsn === 'string' ? dsn : hostsOf(dsn)).toEqual(hosts);
  });
});

describe('any text', () => {
  test('yields settings or one of the known problems, and never throws', () => {
    const piece = fc.constantFrom(
      'host',
      'port',
      'password',
      '=',
      "'",
      '\\',
      ' ',
      'x',
      '5433',
      'postgres://',
      '@',
      '/',
    );
    const dsn = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
    );
    fc.assert(
      fc.property(dsn, given => {
        const parsed = parseDsn(given);
        const isKnown =
          typeof parsed === 'string'
            ? /^(is empty$|is not a valid|cannot be read as|has the )/.test(parsed)
            : Object.keys(parsed).length > 0;
        expect(isKnown).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes time linear in its length', () => {
    const startMs = performance.now();
    parseDsn(`password='${String.raw`\'`.repeat(200_000)}`);
    parseDsn(' '.repeat(200_000));
    parseDsn(`host${' '.repeat(200_000)}`);
    parseDsn('a'.repeat(200_000));
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});
