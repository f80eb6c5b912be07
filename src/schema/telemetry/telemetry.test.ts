import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const te = (spec: object) => issuesOf('Telemetry', spec);
const override = (tag: object) => te({ metrics: [{ overrides: [{ tagOverrides: { x: tag } }] }] });
const filter = (expression: string) => te({ accessLogging: [{ filter: { expression } }] });

describe('Telemetry', () => {
  it('accepts a whole one', () => {
    const issues = te({
      selector: { matchLabels: { app: 'a' } },
      tracing: [{ providers: [{ name: 'z' }], randomSamplingPercentage: 0, customTags: { a: { literal: { value: 'b' } } } }],
      metrics: [
        {
          overrides: [
            { match: { metric: 'REQUEST_COUNT', mode: 'CLIENT' }, tagOverrides: { a: { value: 'x' }, b: { operation: 'REMOVE' } } },
          ],
        },
      ],
      accessLogging: [{ filter: { expression: 'response.code >= 400 && !("x" in request.headers)' } }],
    });
    expect(issues).toEqual([]);
  });

  it.each([
    [override({ operation: 'UPSERT' }), 'error spec.metrics[0].overrides[0].tagOverrides.x.value: is required for UPSERT'],
    [override({ operation: 'REMOVE', value: 'a' }), 'error spec.metrics[0].overrides[0].tagOverrides.x.value: is not possible with REMOVE'],
    [te({ tracing: [{}, {}] }), 'warning spec.tracing: has several entries, of which the first counts'],
    [te({ tracing: [{ randomSamplingPercentage: 101 }] }), 'error spec.tracing[0].randomSamplingPercentage: must be at most 100, not 101'],
    [te({ metrics: [{ providers: [{ name: '' }] }] }), 'error spec.metrics[0].providers[0].name: must not be empty'],
    [filter('(a'), 'error spec.accessLogging[0].filter.expression: is no CEL expression: wanted ")", not the end at character 3'],
    [filter('a)'), 'error spec.accessLogging[0].filter.expression: is no CEL expression: wanted an operator, not ) at character 2'],
    [filter('"a'), 'error spec.accessLogging[0].filter.expression: is no CEL expression: nothing begins with " at character 1'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
