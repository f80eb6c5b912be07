/** What a flag of curl means for the way of a request; most mean nothing. */
export type CurlMeaning =
  | 'header'
  | 'method'
  | 'data'
  | 'json'
  | 'form'
  | 'upload'
  | 'user agent'
  | 'cookie'
  | 'referer'
  | 'user'
  | 'bearer'
  | 'url'
  | 'query'
  | 'resolve'
  | 'connect to'
  | 'target'
  | 'head'
  | 'get'
  | 'http1'
  | 'http2'
  | 'prior knowledge'
  | 'keep dots'
  | 'no globbing'
  | 'compressed'
  | 'nothing';

export interface CurlFlag {
  readonly short?: string;
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly meaning: CurlMeaning;
}

const valued = (meaning: CurlMeaning, short: string | undefined, ...names: string[]): CurlFlag => ({
  ...(short !== undefined && { short }),
  names,
  takesValue: true,
  meaning,
});
const bare = (meaning: CurlMeaning, short: string | undefined, ...names: string[]): CurlFlag => ({
  ...valued(meaning, short, ...names),
  takesValue: false,
});

/** The flags of curl that are read. */
export const curlFlags: readonly CurlFlag[] = [
  valued('header', 'H', 'header'),
  valued('method', 'X', 'request'),
  valued('data', 'd', 'data', 'data-ascii', 'data-raw', 'data-binary', 'data-urlencode'),
  valued('json', undefined, 'json'),
  valued('form', 'F', 'form', 'form-string'),
  valued('upload', 'T', 'upload-file'),
  valued('user agent', 'A', 'user-agent'),
  valued('cookie', 'b', 'cookie'),
  valued('referer', 'e', 'referer'),
  valued('user', 'u', 'user'),
  valued('bearer', undefined, 'oauth2-bearer'),
  valued('url', undefined, 'url'),
  valued('query', undefined, 'url-query'),
  valued('resolve', undefined, 'resolve'),
  valued('connect to', undefined, 'connect-to'),
  valued('target', undefined, 'request-target'),
  bare('head', 'I', 'head'),
  bare('get', 'G', 'get'),
  bare('http1', undefined, 'http1.1'),
  bare('http2', undefined, 'http2'),
  bare('prior knowledge', undefined, 'http2-prior-knowledge'),
  bare('keep dots', undefined, 'path-as-is'),
  bare('no globbing', 'g', 'globoff'),
  bare('compressed', undefined, 'compressed'),
  bare('nothing', 's', 'silent'),
  bare('nothing', 'S', 'show-error'),
  bare('nothing', 'v', 'verbose'),
  bare('nothing', 'i', 'include', 'show-headers'),
  bare('nothing', 'L', 'location'),
  bare('nothing', 'k', 'insecure'),
  bare('nothing', 'f', 'fail', 'fail-with-body'),
  bare('nothing', 'N', 'no-buffer'),
  bare('nothing', 'O', 'remote-name'),
  bare('nothing', '4', 'ipv4'),
  bare('nothing', '6', 'ipv6'),
  bare('nothing', '#', 'progress-bar'),
  bare('nothing', 'q', 'disable'),
  bare('nothing', undefined, 'no-progress-meter', 'no-keepalive', 'tcp-nodelay', 'tlsv1.2', 'tlsv1.3', 'raw'),
  valued('nothing', 'o', 'output'),
  valued('nothing', 'w', 'write-out'),
  valued('nothing', 'm', 'max-time'),
  valued('nothing', 'E', 'cert'),
  valued('nothing', 'D', 'dump-header'),
  valued('nothing', 'c', 'cookie-jar'),
  valued(
    'nothing',
    undefined,
    'connect-timeout',
    'cacert',
    'capath',
    'key',
    'retry',
    'retry-delay',
    'retry-max-time',
    'max-redirs',
    'tls-max',
  ),
];

/** Flags whose effect cannot be told, with what to do instead. */
export const curlRefusals: Readonly<Record<string, string>> = {
  '-x': 'name where the client connects with --connect-to HOST:PORT:PROXY:PORT',
  '--proxy': 'name where the client connects with --connect-to HOST:PORT:PROXY:PORT',
  '-K': 'write its flags here',
  '--config': 'write its flags here',
  '-:': 'explain one request at a time',
  '--next': 'explain one request at a time',
  '--http3': 'QUIC is not simulated; leave it out',
  '--http0.9': 'leave it out',
  '-0': 'leave it out',
  '--http1.0': 'leave it out',
  '--unix-socket': 'name an address with --connect-to or --resolve',
};
