import type { QueryParameterMatcher } from '../../envoy/generated/envoy/config/route/v3/QueryParameterMatcher.ts';
import type { HttpRequest } from '../http/http-request.ts';
import { matchText } from '../matching/text-matcher.ts';
import { doubtAbout, isDoubt } from '../three-valued.ts';
import type { Condition } from './condition.ts';

/** A condition on the first parameter of a name; nothing is decoded. */
export function queryCondition({ name = '', string_match, present_match }: QueryParameterMatcher): Condition {
  const value = string_match ? matchText(string_match) : undefined;
  if (value === undefined) {
    const isWanted = present_match ?? true;
    return {
      holds: (request) => (parameter(request, name) !== undefined) === isWanted,
      failure: () => `query ${name}: must ${isWanted ? '' : 'not '}be there`,
    };
  }
  return {
    holds: (request) => {
      const text = parameter(request, name);
      if (text === undefined) return false;
      const holds = value.holds(text);
      return isDoubt(holds) ? doubtAbout(`query ${name}`, holds) : holds;
    },
    failure: (request) => {
      const text = parameter(request, name);
      const has = text === undefined ? 'the request has none' : `the request has ${JSON.stringify(text)}`;
      return `query ${name}: wants ${value.wants}, ${has}`;
    },
  };
}

function parameter({ path }: HttpRequest, name: string): string | undefined {
  const query = path.indexOf('?');
  if (query < 0) return undefined;
  for (const part of path.slice(query + 1).split('&')) {
    const equals = part.indexOf('=');
    if ((equals < 0 ? part : part.slice(0, equals)) === name) return equals < 0 ? '' : part.slice(equals + 1);
  }
  return undefined;
}
