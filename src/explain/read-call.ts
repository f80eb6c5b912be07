import { isIpAddress } from '../lib/cidr.ts';
import { type Call, type CallProblem, type CallProtocol, callProtocols, isProblem } from './call.ts';
import { parseCurl } from './curl/parse-curl.ts';

/** A call as flags, or the query of a page, say it: all texts, to be checked. */
export interface CallFields {
  /** The command line of curl; then `address`, `port`, `sni` and `protocol` alone count beside it. */
  readonly words?: readonly string[];
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly port?: string;
  /** `name: value`. */
  readonly headers?: readonly string[];
  readonly protocol?: string;
  readonly tls?: boolean;
  readonly sni?: string;
  /** Where the client connects, whatever DNS says of the host. */
  readonly address?: string;
}

/** The call that is meant, or what is wrong with it. */
export function readCall(fields: CallFields): Call | CallProblem {
  const { words = [], protocol, port, address } = fields;
  if (protocol !== undefined && !isProtocol(protocol))
    return { problem: `there is no protocol ${protocol}`, hint: `one of ${callProtocols.join(', ')}` };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535))
    return { problem: `${port} is no port` };
  if (address !== undefined && !isIpAddress(address))
    return { problem: `${address} is no IP address`, hint: 'to call another name, write it as the host' };
  if (words.length === 0) return fromFields(fields, protocol);
  const stray = (['method', 'host', 'path'] as const).find((name) => fields[name] !== undefined);
  if (stray !== undefined) return { problem: `--${stray} and a command line of curl say the same`, hint: 'use one of them' };
  const call = parseCurl(words);
  if (isProblem(call)) return call;
  const connectTo = {
    ...call.connectTo,
    ...(address !== undefined && { host: address }),
    ...(port !== undefined && { port: Number(port) }),
  };
  return {
    ...call,
    ...(protocol !== undefined && { protocol }),
    ...(fields.tls === true && { tls: true }),
    ...(fields.sni !== undefined && { sni: fields.sni, tls: true }),
    ...(Object.keys(connectTo).length > 0 && { connectTo }),
    headers: [...call.headers, ...(fields.headers ?? []).flatMap(headerOf)],
  };
}

function fromFields(fields: CallFields, protocol: CallProtocol = 'http'): Call | CallProblem {
  const { host = fields.address, path = '/', address, sni } = fields;
  if (host === undefined) return { problem: 'no request is named', hint: 'write -- curl http://HOST:PORT/PATH, or --host' };
  const tls = fields.tls === true || sni !== undefined;
  if (protocol === 'tcp' && fields.port === undefined) return { problem: 'TCP needs a port', hint: '--port' };
  const headers = (fields.headers ?? []).flatMap(headerOf);
  const authority = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  return {
    protocol,
    host: host.toLowerCase(),
    port: Number(fields.port ?? (tls ? 443 : 80)),
    tls,
    ...(sni !== undefined && { sni }),
    ...(authority !== undefined && { authority }),
    method: fields.method ?? (protocol === 'grpc' ? 'POST' : 'GET'),
    path: path.startsWith('/') ? path : `/${path}`,
    headers: headers.filter(([name]) => name.toLowerCase() !== 'host'),
    ...(address !== undefined && { connectTo: { host: address } }),
  };
}

function headerOf(text: string): readonly (readonly [name: string, value: string])[] {
  const at = text.indexOf(':');
  return at <= 0 ? [] : [[text.slice(0, at).trim(), text.slice(at + 1).trim()]];
}

function isProtocol(text: string): text is CallProtocol {
  return (callProtocols as readonly string[]).includes(text);
}
