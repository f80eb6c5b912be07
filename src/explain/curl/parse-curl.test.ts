import { describe, expect, it } from 'vitest';
import { authorityOf, type Call } from '../call.ts';
import { parseCurl } from './parse-curl.ts';

function call(...words: string[]): Call {
  const parsed = parseCurl(['curl', ...words]);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

const header = ({ headers }: Call, name: string) => headers.filter(([known]) => known.toLowerCase() === name).map(([, value]) => value);

describe('the URL', () => {
  it.each([
    ['reviews', { host: 'reviews', port: 80, tls: false, path: '/' }],
    ['reviews:9080/reviews/0', { host: 'reviews', port: 9080, path: '/reviews/0' }],
    ['https://Example.COM', { host: 'example.com', port: 443, tls: true, alpn: ['h2', 'http/1.1'] }],
    ['http://a/b?x=1&y=2#part', { path: '/b?x=1&y=2' }],
    ['http://a?x=1', { path: '/?x=1' }],
    ['http://a/b/../c/./d', { path: '/c/d' }],
    ['http://[2001:db8::1]:81/x', { host: '2001:db8::1', port: 81, path: '/x' }],
    ['tcp://mongo:27017', { protocol: 'tcp', host: 'mongo', port: 27017 }],
    ['grpc://greeter:50051/hello.Greeter/SayHello', { protocol: 'grpc', method: 'POST' }],
  ] as const)('%s', (url, expected) => {
    expect(call(url)).toMatchObject(expected);
  });

  it('may be said with --url, and the word curl left out', () => {
    expect(parseCurl(['--url', 'http://a/b'])).toMatchObject({ host: 'a', path: '/b' });
  });

  it('the authority has the port where it is not the one of the scheme', () => {
    expect(['http://a', 'http://a:8080', 'https://a:443', 'http://[::1]:81'].map((url) => authorityOf(call(url)))).toEqual([
      'a',
      'a:8080',
      'a',
      '[::1]:81',
    ]);
  });
});

describe('flags', () => {
  it('headers: the own ones of curl can be replaced and left out', () => {
    const made = call('-H', 'end-user: jason', '-H', 'Accept:', '-HX-Empty;', '-H', 'user-agent: me', 'http://a');
    expect(made.headers).toEqual([
      ['end-user', 'jason'],
      ['X-Empty', ''],
      ['user-agent', 'me'],
    ]);
  });

  it('Host is the authority', () => {
    const made = call('-H', 'Host: shop.example.com', 'http://10.0.0.1/');
    expect([made.host, made.authority, header(made, 'host')]).toEqual(['10.0.0.1', 'shop.example.com', []]);
  });

  it.each([
    [['-X', 'PUT'], 'PUT'],
    [['--request=DELETE'], 'DELETE'],
    [['-d', 'a=1'], 'POST'],
    [['-d', 'a=1', '-X', 'PATCH'], 'PATCH'],
    [['-I'], 'HEAD'],
    [['-sSI'], 'HEAD'],
    [['-sXPOST'], 'POST'],
    [['-T', 'file'], 'PUT'],
    [['-F', 'a=@b'], 'POST'],
  ])('%j is %s', (flags, method) => {
    expect(call(...flags, 'http://a').method).toBe(method);
  });

  it('-G makes a query of the data', () => {
    expect(call('-G', '-d', 'a=1', '--data-urlencode', 'b=2', '--url-query', 'c=3', 'http://x/y?z=0')).toMatchObject({
      method: 'GET',
      path: '/y?z=0&a=1&b=2&c=3',
    });
  });

  it('-u, -A, -b, -e and --json are headers', () => {
    const made = call('-u', 'me:secret', '-A', 'phone', '-b', 'user=jason', '-b', 'b=2', '-e', 'http://from', '--json', '{}', 'http://a');
    expect(Object.fromEntries(made.headers)).toEqual({
      authorization: 'Basic bWU6c2VjcmV0',
      'user-agent': 'phone',
      cookie: 'user=jason; b=2',
      referer: 'http://from',
      accept: 'application/json',
      'content-type': 'application/json',
    });
  });

  it('a name and a password are any text, with escapes or without', () => {
    expect(header(call('-u', '€:x', 'http://a'), 'authorization')).toEqual(['Basic 4oKsOng=']);
    expect(header(call('http://%zz:x@a'), 'authorization')).toEqual(['Basic JXp6Ong=']);
  });

  it('--resolve and --connect-to say where the connection goes, if they are about this host', () => {
    expect(call('--resolve', 'a.com:443:127.0.0.1', 'https://a.com').connectTo).toEqual({ host: '127.0.0.1' });
    expect(call('--resolve', '*:80:[::1],1.1.1.1', 'http://a.com').connectTo).toEqual({ host: '::1' });
    expect(call('--resolve', 'b.com:443:127.0.0.1', 'https://a.com').connectTo).toBeUndefined();
    expect(call('--connect-to', 'a.com:80:[2001:db8::1]:8080', 'http://a.com').connectTo).toEqual({ host: '2001:db8::1', port: 8080 });
    expect(call('--connect-to', '::ingress:', 'http://a.com').connectTo).toEqual({ host: 'ingress' });
  });

  it('HTTP/2 without an upgrade, and HTTP/1.1 inside of TLS', () => {
    expect(call('--http2-prior-knowledge', 'http://a').protocol).toBe('http2');
    expect(call('--http2', 'http://a').protocol).toBe('http');
    expect(call('--http1.1', 'https://a').alpn).toEqual(['http/1.1']);
  });

  it('what does not change the way is taken', () => {
    expect(call('-sSvkLi', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '3', '--compressed', 'http://a')).toMatchObject({
      host: 'a',
    });
  });
});

describe('what cannot be explained is said with the flag and what to do', () => {
  it.each([
    [['constructor://a:80/'], 'constructor:// is nothing that a mesh routes', 'write http://, https://, grpc://, tcp://, telnet://'],
    [['--heeder', 'a: b', 'http://a'], '--heeder is no flag of curl that explain knows', 'did you mean --header?'],
    [['-x', 'p:1', 'http://a'], '-x of curl cannot be explained', 'name where the client connects with --connect-to HOST:PORT:PROXY:PORT'],
    [['-sZ', 'http://a'], '-Z is no flag of curl that explain knows', 'leave it out if it does not change where the request goes'],
    [['http://a', '-H'], '-H needs a value', undefined],
    [['-s'], 'the request names no URL', 'write curl http://HOST:PORT/PATH'],
    [['http://a', 'http://b'], '2 URLs are several requests', 'explain one at a time'],
    [['http://a/[1-3]'], 'curl makes several requests of http://a/[1-3]', 'with -g it is one'],
    [['ftp://a'], 'ftp:// is nothing that a mesh routes', expect.stringContaining('http://, https://')],
    [['http:///x'], '"http:///x" names no host', 'write http://HOST:PORT/PATH'],
    [['http://a:99999'], '99999 is no port', undefined],
    [['tcp://a'], '"tcp://a" needs a port', 'write tcp://a:PORT'],
    [['--resolve', 'a', 'http://a'], '--resolve a is incomplete', 'HOST:PORT:ADDRESS'],
  ])('%j', (words, problem, hint) => {
    expect(parseCurl(words)).toEqual(hint === undefined ? { problem } : { problem, hint });
  });
});
