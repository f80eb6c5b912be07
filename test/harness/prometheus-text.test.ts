import { expect, it } from 'vitest';
import { parsePrometheusText } from './prometheus-text.ts';

it('reads metrics of every type', () => {
  const text = `# HELP a_total What it counts.
# TYPE a_total counter
a_total{type="x",path="C:\\\\a\\"b"} 3
# HELP b Seconds.
# TYPE b histogram
b_bucket{le="1",type="x"} 1
b_bucket{le="+Inf",type="x"} 2
b_sum{type="x"} 4.5
b_count{type="x"} 2
# HELP c Odd.
# TYPE c gauge
c Nan
`;
  const metrics = parsePrometheusText(text);
  expect([...metrics.keys()]).toEqual(['a_total', 'b', 'c']);
  expect(metrics.get('b')?.samples.get('b_sum{type="x"}')).toBe(4.5);
  expect(metrics.get('c')?.samples.get('c{}')).toBeNaN();
});

it.each([
  ['no end of the last line', '# TYPE a gauge\na 1'],
  ['a sample without a type', 'a 1\n'],
  ["a sample under another metric's name", '# TYPE a gauge\nb 1\n'],
  ['a metric twice', '# TYPE a gauge\na 1\n# TYPE a gauge\na 2\n'],
  ['a series twice', '# TYPE a gauge\na 1\na 2\n'],
  ['no number', '# TYPE a gauge\na undefined\n'],
  ['a label without quotes', '# TYPE a gauge\na{b=c} 1\n'],
  ['an unescaped quote', '# TYPE a gauge\na{b="c"d"} 1\n'],
  ['an unknown type', '# TYPE a number\na 1\n'],
  ['a bucket that falls', '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'],
  ['a count that is not the last bucket', '# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n'],
])('refuses %s', (_, text) => {
  expect(() => parsePrometheusText(text)).toThrow();
});
