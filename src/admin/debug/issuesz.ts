import { formatIssue, formatPath, type Issue } from '../../model/issue.ts';
import { type HttpEndpoint, textAnswer } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';

/** `/debug/issuesz`: what is wrong with the configuration right now, by file and line; ours, istiod has none. */
export function issuesz({ issues }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/issuesz',
    help: 'What is wrong with the configuration; ?text for lines of file:line:column',
    answer: (query) => {
      const current = issues.get();
      if (query.has('text')) return textAnswer(200, current.map((issue) => `${formatIssue(issue)}\n`).join(''));
      return jsonAnswer(new LazyArray(current.map(issueJson)), query);
    },
  };
}

function issueJson({ path, ...issue }: Issue): object {
  return { ...issue, ...(path === undefined || path.length === 0 ? {} : { path: formatPath(path) }) };
}
