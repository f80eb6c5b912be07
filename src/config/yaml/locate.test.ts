import { expect, it } from 'vitest';
import { createLocator } from './locate.ts';

const plain = `---
# comment
kind: Service
metadata:
  name: "a"   # a
  "labels": {app: x}
spec:
  ports:
  - number: 80
    name: http
  -
    number: 90
    name: |
      number: 1
      - 2
  http:
    - match:
        - uri: x
      route:
      - destination: {host: a}
      -   destination:
            host: b
`;

it.each<[(string | number)[], number, number]>([
  [[], 3, 1],
  [['kind'], 3, 1],
  [['metadata', 'name'], 5, 3],
  [['metadata', 'labels', 'app'], 6, 3],
  [['spec', 'ports', 0, 'name'], 10, 5],
  [['spec', 'ports', 0], 9, 5],
  [['spec', 'ports', 1, 'number'], 12, 5],
  [['spec', 'ports', 1, 'name'], 13, 5],
  [['spec', 'ports', 7], 8, 3],
  [['spec', 'http', 0, 'match', 0, 'uri'], 18, 11],
  [['spec', 'http', 0, 'route', 1, 'destination', 'host'], 22, 13],
  [['spec', 'http', 0, 'timeout'], 17, 7],
  [['spec', 'nothing', 'at', 'all'], 7, 1],
])('finds %j by indentation where the parser finds it', (path, line, column) => {
  expect(createLocator(plain, true)(path)).toEqual({ line, column });
  const parsed = createLocator(plain, false)(path);
  const isInFlow = path[1] === 'labels';
  expect(parsed).toEqual(isInFlow ? { line: 6, column: 14 } : { line, column });
});

it('finds fields of JSON', () => {
  expect(createLocator('{\n  "a": [\n    {"b": 1}\n  ]\n}\n', true)(['a', 0, 'b'])).toEqual({ line: 3, column: 6 });
});
