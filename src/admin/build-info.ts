import type { HttpEndpoint } from './http-endpoint.ts';
import { jsonAnswer } from './json-answer.ts';

/** What was built, as Istio's `version.BuildInfo` puts it. */
export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
  /** `Clean`, or `Modified` where it was built from uncommitted sources. */
  readonly status: string;
  readonly tag: string;
  /** Of Node, where Istio names its Go. */
  readonly runtime: string;
}

/** `/version`, as `istioctl version` reads it. */
export function versionPage({ version, revision, runtime, status, tag }: BuildInfo): HttpEndpoint {
  const clientVersion = { version, revision, golang_version: runtime, status, tag };
  return { path: '/version', help: 'The version of this instance', answer: (query) => jsonAnswer({ clientVersion }, query) };
}
