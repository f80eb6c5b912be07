import { type Call, type CallProblem, isProblem } from '../call.ts';
import { type CurlUrl, parseCurlUrl } from './curl-url.ts';
import { type CurlWord, readCurlWords } from './curl-words.ts';

/**
 * What curl would send, out of its command line after the shell has taken the quotes away; the word `curl` may be left out. Files are
 * not read: of `-d @file` it counts that there is a body.
 */
export function parseCurl(words: readonly string[]): Call | CallProblem {
  const read = readCurlWords(words[0] === 'curl' ? words.slice(1) : words);
  if (isProblem(read)) return read;
  const has = (meaning: CurlWord['meaning']) => read.some((word) => word.meaning === meaning);
  const last = (meaning: CurlWord['meaning']) => read.findLast((word) => word.meaning === meaning)?.value;
  const urls = read.filter(({ meaning }) => meaning === 'url');
  const [first] = urls;
  if (first === undefined) return { problem: 'the request names no URL', hint: 'write curl http://HOST:PORT/PATH' };
  if (urls.length > 1) return { problem: `${urls.length} URLs are several requests`, hint: 'explain one at a time' };
  if (!has('no globbing') && isGlob(first.value))
    return { problem: `curl makes several requests of ${first.value}`, hint: 'with -g it is one' };
  const url = parseCurlUrl(first.value, has('keep dots'));
  if (isProblem(url)) return url;
  const connectTo = connectionOf(url, read);
  if (connectTo !== undefined && isProblem(connectTo)) return connectTo;
  const data = has('get') ? [] : read.filter(({ meaning }) => meaning === 'data' || meaning === 'json' || meaning === 'form');
  const method =
    last('method') ?? (has('head') ? 'HEAD' : has('upload') ? 'PUT' : data.length > 0 || url.protocol === 'grpc' ? 'POST' : 'GET');
  const { headers, authority } = headersOf(read, url, data.length > 0);
  const http2 = has('prior knowledge') && url.protocol === 'http';
  return {
    protocol: http2 ? 'http2' : url.protocol,
    host: url.host,
    port: url.port,
    tls: url.tls,
    ...(url.tls && { alpn: has('http1') ? ['http/1.1'] : ['h2', 'http/1.1'] }),
    ...(authority !== undefined && { authority }),
    method,
    path: last('target') ?? withQuery(url.path, read, has('get')),
    headers,
    ...(connectTo && { connectTo }),
  };
}

/** Outside of the brackets of an IPv6 address. */
function isGlob(url: string): boolean {
  return /[{}[\]]/.test(url.replace(/^([a-zA-Z]+:\/\/)?([^@/]*@)?\[[\da-fA-F:.%]+\]/, ''));
}

function withQuery(path: string, read: readonly CurlWord[], dataIsQuery: boolean): string {
  const parts = read.filter(({ meaning }) => meaning === 'query' || (dataIsQuery && meaning === 'data')).map(({ value }) => value);
  if (parts.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${parts.join('&')}`;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** Those that curl sends by itself, those of other flags, then the user's, which replace them; `Name:` leaves one out, `Name;` sends it empty. */
function headersOf(read: readonly CurlWord[], url: CurlUrl, hasBody: boolean): { readonly headers: Headers; readonly authority?: string } {
  const own = read.filter(({ meaning }) => meaning === 'header').flatMap(({ value }) => headerOf(value) ?? []);
  const named = new Set(own.map(([name]) => name.toLowerCase()));
  const defaults = [...defaultHeaders(read, url, hasBody)].filter(([name]) => !named.has(name));
  const all = [...defaults, ...own.filter(([, value]) => value !== undefined).map(([name, value]) => [name, value ?? ''] as const)];
  const authority = all.find(([name]) => name.toLowerCase() === 'host')?.[1];
  return { headers: all.filter(([name]) => name.toLowerCase() !== 'host'), ...(authority !== undefined && { authority }) };
}

/** Undefined where curl sends nothing of the kind; a value of undefined leaves a header of curl's own out. */
function headerOf(text: string): (readonly [name: string, value: string | undefined])[] | undefined {
  const empty = /^([^:;\s]+);$/.exec(text)?.[1];
  if (empty !== undefined) return [[empty, '']];
  const [, name, value = ''] = /^([^:\s]+)\s*:(.*)$/s.exec(text) ?? [];
  if (name === undefined) return undefined;
  return [[name, value.trim() === '' ? undefined : value.trim()]];
}

function* defaultHeaders(read: readonly CurlWord[], url: CurlUrl, hasBody: boolean): Generator<readonly [name: string, value: string]> {
  const last = (meaning: CurlWord['meaning']) => read.findLast((word) => word.meaning === meaning)?.value;
  const user = last('user') ?? url.user;
  const bearer = last('bearer');
  if (bearer !== undefined) yield ['authorization', `Bearer ${bearer}`];
  else if (user !== undefined) yield ['authorization', `Basic ${base64(user.includes(':') ? user : `${user}:`)}`];
  yield ['user-agent', last('user agent') ?? (url.protocol === 'grpc' ? 'grpc' : 'curl/8.0.0')];
  const referer = last('referer');
  if (referer !== undefined) yield ['referer', referer];
  const cookies = read.filter(({ meaning, value }) => meaning === 'cookie' && value.includes('='));
  if (cookies.length > 0) yield ['cookie', cookies.map(({ value }) => value).join('; ')];
  if (url.protocol === 'grpc') return;
  const isJson = read.some(({ meaning }) => meaning === 'json');
  yield ['accept', isJson ? 'application/json' : '*/*'];
  if (read.some(({ meaning }) => meaning === 'compressed')) yield ['accept-encoding', 'deflate, gzip'];
  if (!hasBody) return;
  const isForm = read.some(({ meaning }) => meaning === 'form');
  yield ['content-type', isJson ? 'application/json' : isForm ? 'multipart/form-data' : 'application/x-www-form-urlencoded'];
}

/** `--connect-to HOST1:PORT1:HOST2:PORT2`, `--resolve HOST:PORT:ADDRESS`: the first that is about this host and port. */
function connectionOf(url: CurlUrl, read: readonly CurlWord[]): Call['connectTo'] | CallProblem {
  for (const { meaning, value, flag } of read) {
    if (meaning !== 'connect to' && meaning !== 'resolve') continue;
    const parts = splitAddresses(meaning === 'resolve' ? value.replace(/^\+/, '') : value);
    const [host = '', port = '', toHost = '', toPort = ''] = parts;
    if (parts.length !== (meaning === 'resolve' ? 3 : 4))
      return { problem: `${flag} ${value} is incomplete`, hint: meaning === 'resolve' ? 'HOST:PORT:ADDRESS' : 'HOST1:PORT1:HOST2:PORT2' };
    const isAbout = (host === '' || host === '*' || host.toLowerCase() === url.host) && (port === '' || Number(port) === url.port);
    if (!isAbout) continue;
    const address = (toHost.split(',')[0] ?? '').replace(/^\[(.*)\]$/, '$1');
    return { ...(address !== '' && { host: address.toLowerCase() }), ...(toPort !== '' && { port: Number(toPort) }) };
  }
  return undefined;
}

/** At `:`, but not at those within `[...]`. */
function splitAddresses(text: string): readonly string[] {
  return text.split(/:(?![^[]*\])/);
}

/** Of the bytes of UTF-8. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
