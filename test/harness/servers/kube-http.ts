import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

export interface KubeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed where it is JSON, else text. */
  readonly body: unknown;
}

export interface KubeRequest {
  readonly method?: string;
  readonly body?: unknown;
  /** `application/json` by default; patches have types of their own. */
  readonly contentType?: string;
  /** Somebody else's token. */
  readonly token?: string;
}

/** Calls an API server as its administrator, with nothing in between that could retry or cache. */
export class KubeHttp {
  private readonly url: string;
  private readonly token: string;
  private readonly agent: Agent;

  constructor(url: string, authorityFile: string, token: string) {
    this.url = url;
    this.token = token;
    this.agent = new Agent({ ca: readFileSync(authorityFile), keepAlive: true });
  }

  async call(
    path: string,
    { method = 'GET', body, contentType = 'application/json', token = this.token }: KubeRequest = {},
  ): Promise<KubeAnswer> {
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
    // Node frames the body of a DELETE only where its length is said
    const framed = { 'content-type': contentType, 'content-length': bytes.length };
    const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && framed) };
    return new Promise((resolve, reject) => {
      const call = request(`${this.url}${path}`, { method, headers, agent: this.agent, timeout: 30_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parse(text) }));
      });
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer`)));
      call.end(bytes);
    });
  }

  /** The parsed body of a call that must succeed. */
  async json<T>(path: string, options: KubeRequest = {}): Promise<T> {
    const { status, body } = await this.call(path, options);
    if (status >= 300) throw new Error(`${options.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  /** The body as it comes, of a watch or a log. */
  async stream(path: string): Promise<IncomingMessage> {
    const headers = { authorization: `Bearer ${this.token}` };
    return new Promise((resolve, reject) => {
      const call = request(`${this.url}${path}`, { headers, agent: this.agent }, (response) => {
        if (response.statusCode === 200) resolve(response);
        else reject(new Error(`GET ${path}: ${response.resume().statusCode}`));
      });
      call.on('error', reject).end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
