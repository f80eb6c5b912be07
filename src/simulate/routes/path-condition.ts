import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import { type HttpRequest, pathOnly } from '../http/http-request.ts';
import { matchExpression } from '../matching/text-matcher.ts';
import { wrappedBool } from '../wrapped.ts';
import type { Condition } from './condition.ts';

export interface PathCondition extends Condition {
  /** How much of the path it stands for: what a prefix rewrite replaces. */
  matched(path: string): string;
  /** `prefix /reviews`. */
  readonly text: string;
}

/** What a route asks of the path, which has no query here; undefined: a kind of match that is not known. */
export function pathCondition(match: RouteMatch, ignoresParameters: boolean): PathCondition | undefined {
  const isExactCase = wrappedBool(match.case_sensitive, true);
  const fold = isExactCase ? (text: string) => text : (text: string) => text.toLowerCase();
  const inAnyCase = isExactCase ? '' : ', in any case';
  const make = (kind: string, wanted: string, test: (path: string, wanted: string) => boolean): PathCondition => {
    const folded = fold(wanted);
    return textCondition(
      `${kind} ${wanted}${inAnyCase}`,
      (path) => test(fold(path), folded),
      (path) => path.slice(0, wanted.length),
      ignoresParameters,
    );
  };
  if (match.prefix !== undefined) return make('prefix', match.prefix, (path, wanted) => path.startsWith(wanted));
  if (match.path !== undefined) return make('path', match.path, (path, wanted) => path === wanted);
  if (match.path_separated_prefix !== undefined)
    return make('path prefix', match.path_separated_prefix, (path, wanted) => path === wanted || path.startsWith(`${wanted}/`));
  if (match.safe_regex) {
    const expression = matchExpression(match.safe_regex.regex ?? '');
    return textCondition(`expression ${match.safe_regex.regex}`, (path) => expression.holds(path), pathOnly, ignoresParameters);
  }
  if (match.connect_matcher) return connectCondition;
  return undefined;
}

function textCondition(
  text: string,
  test: (path: string) => boolean,
  matched: (path: string) => string,
  ignoresParameters: boolean,
): PathCondition {
  const seen = ({ path }: HttpRequest) => (ignoresParameters ? withoutParameters(pathOnly(path)) : pathOnly(path));
  return {
    text,
    holds: (request) => request.method !== 'CONNECT' && test(seen(request)),
    failure: (request) => `path: wants ${text}, the request has ${seen(request)}`,
    matched,
  };
}

const connectCondition: PathCondition = {
  text: 'CONNECT',
  holds: ({ method }) => method === 'CONNECT',
  failure: ({ method }) => `method: wants CONNECT, the request has ${method}`,
  matched: () => '',
};

/** What stands behind a semicolon of the path. */
function withoutParameters(path: string): string {
  const semicolon = path.indexOf(';');
  return semicolon < 0 ? path : path.slice(0, semicolon);
}
