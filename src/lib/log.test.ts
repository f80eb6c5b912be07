import { expect, it } from 'vitest';
import { createLogger } from './log.ts';

it('writes one JSON line with scope, level and fields, each scope at its own level', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', scopes: { ads: 'debug' }, destination: { write: (line) => lines.push(line) } });
  log.scoped('ads').debug({ node: 'a' }, 'connected');
  log.scoped('model').debug('not shown');
  log.info('up');
  log.error({ error: new Error('broken') }, 'failed');
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(parsed).toMatchObject([
    { level: 'debug', scope: 'ads', node: 'a', msg: 'connected' },
    { level: 'info', scope: 'default', msg: 'up' },
    { level: 'error', msg: 'failed', error: { message: 'broken' } },
  ]);
  expect(String(parsed[0]?.['time'])).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect([log.scoped('ads').isLevelEnabled('debug'), log.scoped('model').isLevelEnabled('debug')]).toEqual([true, false]);
});
