import { compareText } from '../../model/config-object.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';

/** `/debug` for people, and `/debug/list`: the names that `istioctl experimental internal-debug` offers. */
export function debugIndex(pages: readonly HttpEndpoint[]): readonly HttpEndpoint[] {
  const rows = pages.map(({ path, help }) => `<tr><td><a href="${path}">${path}</a></td><td>${escapeHtml(help)}</td></tr>`).join('\n');
  const names = pages.map(({ path }) => path.slice('/debug/'.length)).sort(compareText);
  return [
    {
      path: '/debug',
      help: 'This list',
      answer: () => ({
        status: 200,
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html>
<html lang="en"><head><title>Coxswain</title></head><body>
<p>Add <code>?pretty</code> for indented JSON.</p>
<table>
<tr><th>Page</th><th>What it shows</th></tr>
${rows}
</table></body></html>
`,
      }),
    },
    { path: '/debug/list', help: 'The names of these pages as JSON', answer: (query) => jsonAnswer(names, query) },
  ];
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
