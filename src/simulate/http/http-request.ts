/** A request inside of the proxy, as routes and filters see it. */
export interface HttpRequest {
  readonly method: string;
  /** As it stands now: routes are chosen by it. */
  readonly host: string;
  /** With the query. */
  readonly path: string;
  /** `:scheme`: of the URL, of `x-forwarded-proto`, or of the connection. */
  readonly scheme: string;
  /** What `x-forwarded-proto` says. */
  readonly forwardedProto: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Whether the client showed a certificate, and it was checked. */
  readonly hasClientCertificate: boolean;
  readonly isTls: boolean;
}

/** All values of a header with commas between them, or a part of the first line under its name of HTTP/2; undefined: there is none. */
export function headerValue(request: HttpRequest, name: string): string | undefined {
  switch (name) {
    case ':method':
      return request.method;
    case ':path':
      return request.path;
    case ':authority':
    case 'host':
      return request.host;
    case ':scheme':
      return request.scheme;
    case 'x-forwarded-proto':
      return request.forwardedProto;
    default:
      return request.headers.get(name)?.join(',');
  }
}

/** The path without query and fragment: what paths are matched on. */
export function pathOnly(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}

/** By its content type alone, as Envoy tells. */
export function isGrpc({ headers }: HttpRequest): boolean {
  const type = headers.get('content-type')?.join(',') ?? '';
  return type === 'application/grpc' || type.startsWith('application/grpc+');
}
