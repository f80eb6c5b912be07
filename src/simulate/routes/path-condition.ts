import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import { type HttpRequest, pathOnly } from '../http/http-request.ts';
import { matchExpression } from '../matching/text-matcher.ts';
import { doubtAbout, isDoubt, type Maybe } from '../three-valued.ts';
import { wrappedBool } from '../wrapped.ts';
import type { Condition } from './condition.ts';

export interface PathCondition extends Condition {
  /** How much of the path it stands for: what a prefix rewrite replaces. */
  matched(path: string): string;
  /** `prefix /reviews`. */
  readonly text: string;
}

/** What a route asks of the path, which has no query here. */
export function pathCondition(match: RouteMatch, ignoresParameters: boolean): PathCondition {
  const isExactCase = wrappedBool(match.case_sensitive, true);
  const fold = isExactCase ? (text: string) => text : (text: string) => text.toLowerCase();
  const inAnyCase = isExactCase ? '' : ', in any case';
  const make = (kind: string, wanted: string, test: (path: string, wanted: string) => boolean): PathCondition => {
    const folded = fold(wanted);
    return textCondition(
      { text: `${kind} ${wanted}${inAnyCase}`, wants: `${kinds[kind] ?? ''}${wanted}${inAnyCase}` },
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
    return textCondition(
      { text: `expression ${match.safe_regex.regex}`, wants: expression.wants },
      (path) => expression.holds(path),
      pathOnly,
      ignoresParameters,
    );
  }
  if (match.connect_matcher) return connectCondition;
  return ofExtension;
}

/** How the kinds are told where they do not hold; a whole path is told as it is. */
const kinds: Readonly<Record<string, string>> = { prefix: 'one that begins with ', 'path prefix': 'one under ' };

function textCondition(
  { text, wants }: { readonly text: string; readonly wants: string },
  test: (path: string) => Maybe,
  matched: (path: string) => string,
  ignoresParameters: boolean,
): PathCondition {
  const seen = ({ path }: HttpRequest) => (ignoresParameters ? withoutParameters(pathOnly(path)) : pathOnly(path));
  return {
    text,
    holds: (request) => {
      if (request.method === 'CONNECT') return false;
      const holds = test(seen(request));
      return isDoubt(holds) ? doubtAbout('path', holds) : holds;
    },
    failure: (request) => `path: wants ${wants}, the request has ${seen(request)}`,
    matched,
  };
}

const connectCondition: PathCondition = {
  text: 'CONNECT',
  holds: ({ method }) => method === 'CONNECT',
  failure: ({ method }) => `method: wants CONNECT, the request has ${method}`,
  matched: () => '',
};

const ofExtension: PathCondition = {
  text: 'an extension',
  holds: () => ({ doubt: 'the path is matched by an extension' }),
  failure: () => '',
  matched: () => '',
};

/** What stands behind a semicolon of the path. */
function withoutParameters(path: string): string {
  const semicolon = path.indexOf(';');
  return semicolon < 0 ? path : path.slice(0, semicolon);
}
