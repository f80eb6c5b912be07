// F03 to F09 and F13 against an API server that does on demand what a real one does rarely.
import { expect, it } from 'vitest';
import { sendStatus, statusOf } from '../harness/kube/fake-api-server.ts';
import { liveSource, service, services, sidecar, sidecars, until } from './live-source.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => service(`s${String(index).padStart(4, '0')}`));

it('reads lists page by page, hears of changes, and hands over nothing before everything is read', async () => {
  const { fake, names, updates, config } = await liveSource((server) => {
    for (const each of many(1_201)) server.put(services, each);
    server.put(sidecars, sidecar('default'));
  });
  expect(names('Service')).toHaveLength(1_201);
  expect(fake.asked(services, 'list').map(({ query }) => query.get('limit'))).toEqual(['500', '500', '500']);
  expect(updates.filter(({ objects }) => (objects ?? []).length > 0)).toHaveLength(1);
  expect(config.table('Sidecar').get().size).toBe(1);
  fake.put(services, service('late'));
  fake.remove(services, service('s0000'));
  await until(() => expect(names('Service')).toEqual(expect.arrayContaining(['shop/late'])));
  await until(() => expect(names('Service')).toHaveLength(1_201));
  expect(fake.asked(services, 'list')).toHaveLength(3);
});

it('resumes a watch where it ended, without reading everything again', async () => {
  const { fake, names } = await liveSource((server) => void server.put(services, service('a')));
  fake.hangUp();
  fake.put(services, service('b'));
  fake.remove(services, service('a'));
  await until(() => expect(names('Service')).toEqual(['shop/b']));
  expect(fake.asked(services, 'list')).toHaveLength(1);
});

it('F03: reads everything again after 410, tells what was deleted meanwhile, and shows nobody an empty table', async () => {
  const { fake, names, updates, fewest } = await liveSource((server) => {
    for (const each of many(20)) server.put(services, each);
  });
  fewest('Service');
  updates.length = 0;
  fake.hangUp();
  for (const each of many(3)) fake.remove(services, each);
  fake.put(services, service('s0010', 81));
  fake.compact();
  await until(() => expect(names('Service')).toHaveLength(17));
  const lists = fake.asked(services, 'list');
  expect(lists).toHaveLength(2);
  expect(lists.at(-1)?.query.get('resourceVersion')).toBeNull();
  expect(fewest('Service')).toBe(17);
  const told = updates.flatMap(({ objects }) => objects ?? []);
  expect(told.filter(({ object }) => object === undefined).map(({ ref }) => ref.name)).toEqual(['s0000', 's0001', 's0002']);
  expect(told.filter(({ object }) => object !== undefined).map(({ ref }) => ref.name)).toEqual(['s0010']);
});

it('F04: takes 410 as an event of a watch like 410 as a status', async () => {
  const { fake, names } = await liveSource((server) => void server.put(services, service('a')));
  fake.say(services, `${JSON.stringify({ type: 'ERROR', object: statusOf(410, 'Expired') })}\n`);
  await until(() => expect(fake.asked(services, 'list')).toHaveLength(2));
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
});

it('F05: believes no part of a list: a page that fails, that expired, that breaks off', async () => {
  const { fake, names, fewest } = await liveSource((server) => {
    for (const each of many(700)) server.put(services, each);
  });
  fewest('Service');
  let faults = 0;
  fake.intercept = (request, response) => {
    if (request.path !== services || !request.query.has('continue') || faults >= 3) return false;
    faults++;
    if (faults === 1) sendStatus(response, 500, 'InternalError');
    else if (faults === 2) sendStatus(response, 410, 'Expired');
    else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
      response.write('{"kind":"ServiceList","items":[{"metadata":{"na', () => response.destroy());
    }
    return true;
  };
  fake.hangUp();
  fake.remove(services, service('s0699'));
  fake.compact();
  await until(() => expect(names('Service')).toHaveLength(699));
  expect(faults).toBe(3);
  expect(fewest('Service')).toBe(699);
});

it('F05: takes a watch that breaks off in the middle of an object for what it is', async () => {
  const { fake, names, config } = await liveSource((server) => void server.put(services, service('a')));
  fake.say(services, '{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"shop"');
  fake.hangUp();
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
  fake.say(services, 'this is no JSON\n');
  fake.put(services, service('a', 8080));
  await until(() => expect(config.table('Service').at('shop/a').get()?.spec).toMatchObject({ spec: { ports: [{ port: 8080 }] } }));
});

it('F06: does not go back in time, whatever an old cache says', async () => {
  const { fake, names, fewest, watch } = await liveSource((server) => {
    for (const each of many(20)) server.put(services, each);
  });
  fewest('Service');
  const stale: (string | null)[] = [];
  let isStale = true;
  fake.intercept = (request, response) => {
    if (request.path !== services || !isStale) return false;
    if (request.isWatch) response.end();
    else {
      stale.push(request.query.get('resourceVersionMatch'));
      response.end(JSON.stringify({ kind: 'ServiceList', metadata: { resourceVersion: '7' }, items: [] }));
    }
    return true;
  };
  fake.hangUp();
  await until(() => expect(stale.length).toBeGreaterThanOrEqual(2));
  expect(new Set(stale)).toEqual(new Set(['NotOlderThan']));
  expect(watch('Service').lastError?.message).toMatch(/older than \d+; it is not believed/);
  isStale = false;
  fake.remove(services, service('s0000'));
  await until(() => expect(names('Service')).toHaveLength(19));
  expect(fewest('Service')).toBe(19);
});

it('F06: obeys a list that lacks most of what was known, and counts it', async () => {
  const { fake, names, watch } = await liveSource((server) => {
    for (const each of many(20)) server.put(services, each);
  });
  fake.hangUp();
  for (const each of many(15)) fake.remove(services, each);
  fake.compact();
  await until(() => expect(names('Service')).toHaveLength(5));
  expect(watch('Service').shrinks).toBe(1);
});

it('F07: waits as long as a busy server asks for, with all its requests', async () => {
  const { fake, names } = await liveSource((server) => void server.put(services, service('a')));
  let refusedAt = 0;
  fake.intercept = (request, response) => {
    if (!request.isWatch || refusedAt > 0) return false;
    refusedAt = request.at;
    sendStatus(response, 429, 'TooManyRequests', { 'retry-after': '2' });
    return true;
  };
  fake.hangUp();
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
  const tooEarly = fake.requests.filter(({ at }) => at > refusedAt + 500 && at < refusedAt + 1_900);
  expect(tooEarly).toEqual([]);
});

it('F07: asks an overloaded server ever more rarely', async () => {
  const { fake, names, watch } = await liveSource((server) => void server.put(services, service('a')), { haste: 1 });
  let isOverloaded = true;
  fake.intercept = (request, response) => {
    if (request.path !== services || !isOverloaded) return false;
    sendStatus(response, watch('Service').failures % 2 === 0 ? 503 : 504, 'ServiceUnavailable');
    return true;
  };
  const before = fake.asked(services, 'watch').length;
  fake.hangUp();
  await until(() => expect(watch('Service').failures).toBeGreaterThanOrEqual(5));
  const times = fake.asked(services, 'watch').slice(before);
  const gaps = times.slice(1).map(({ at }, index) => at - times[index]!.at);
  // the connection that broke was the first failure: now 0.5 to 1 s, 1 to 2 s, 2 to 4 s
  expect(gaps[0]).toBeGreaterThan(490);
  expect(gaps[1]).toBeGreaterThan(990);
  expect(gaps[2]).toBeGreaterThan(1_990);
  isOverloaded = false;
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
});

it('F08: keeps of a backlog what is newest, and knows how old it is', async () => {
  const { fake, updates, config, watch } = await liveSource((server) => void server.put(services, service('a', 1)));
  updates.length = 0;
  const written = new Date(Date.now() - 60_000).toISOString();
  const lines: string[] = [];
  for (let port = 2; port <= 5_000; port++) {
    const metadata = {
      name: 'a',
      namespace: 'shop',
      resourceVersion: String(1_000 + port),
      managedFields: [{ manager: 'm', time: written }],
    };
    lines.push(JSON.stringify({ type: 'MODIFIED', object: { ...service('a'), metadata, spec: { ports: [{ port }] } } }));
  }
  fake.say(services, `${lines.join('\n')}\n`);
  await until(() => expect(config.table('Service').at('shop/a').get()?.spec).toMatchObject({ spec: { ports: [{ port: 5_000 }] } }));
  expect(updates.length).toBeLessThan(200);
  expect(watch('Service')).toMatchObject({ events: 4_999, lagMs: expect.toSatisfy((lag: number) => lag >= 59_000 && lag < 90_000) });
  fake.say(services, `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9000' } } })}\n`);
  await until(() => expect(watch('Service').lagMs).toBe(0));
});

it('F09: comes to the same end whatever the order of events', async () => {
  const { fake, names, config } = await liveSource((server) => void server.put(services, service('a', 1)));
  const event = (type: string, name: string, version: number, port: number) =>
    JSON.stringify({
      type,
      object: { ...service(name), metadata: { name, namespace: 'shop', resourceVersion: String(version) }, spec: { ports: [{ port }] } },
    });
  const lines = [
    event('MODIFIED', 'new', 2_002, 2),
    event('ADDED', 'new', 2_001, 1),
    event('ADDED', 'new', 2_002, 2),
    event('DELETED', 'unknown', 2_003, 1),
    event('MODIFIED', 'a', 2_005, 5),
    event('MODIFIED', 'a', 2_004, 4),
    event('DELETED', 'gone', 2_008, 1),
    event('ADDED', 'gone', 2_007, 1),
    event('DELETED', 'a', 2_003, 1),
    event('MODIFIED', 'a', 2_005, 5),
    event('ADDED', 'last', 2_009, 9),
  ];
  fake.say(services, `${lines.join('\n')}\n`);
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/last', 'shop/new']));
  const portOf = (name: string) => config.table('Service').at(`shop/${name}`).get()?.spec;
  expect(portOf('a')).toMatchObject({ spec: { ports: [{ port: 5 }] } });
  expect(portOf('new')).toMatchObject({ spec: { ports: [{ port: 2 }] } });
});

it('F12: leaves out an object that is wrong, keeps its last good version, and says which and where', async () => {
  const { fake, names, config } = await liveSource((server) => {
    server.put(sidecars, sidecar('good'));
    server.put(sidecars, sidecar('wrong', { egress: 'everything' }));
    server.put(sidecars, Object.assign(sidecar('none'), { spec: null }));
  });
  await until(() => expect(names('Sidecar')).toContain('shop/good'));
  expect(names('Sidecar')).not.toContain('shop/wrong');
  const issuesOf = (name: string) => config.issues.get().filter(({ object, severity }) => object?.name === name && severity === 'error');
  expect(issuesOf('wrong')).toMatchObject([{ path: ['spec', 'egress'], object: { kind: 'Sidecar', namespace: 'shop' } }]);
  const before = config.table('Sidecar').at('shop/good').get();
  fake.put(sidecars, sidecar('good', { egress: 7 }));
  await until(() => expect(issuesOf('good')).toHaveLength(1));
  expect(config.table('Sidecar').at('shop/good').get()).toBe(before);
  fake.put(sidecars, sidecar('good', { egress: [{ hosts: ['other/*'] }] }));
  await until(() => expect(issuesOf('good')).toEqual([]));
  expect(config.table('Sidecar').at('shop/good').get()?.spec).toMatchObject({ egress: [{ hosts: ['other/*'] }] });
});

it('F13: keeps what it knows of a kind that it may not read any more, and says so', async () => {
  const { fake, names, config, source } = await liveSource((server) => void server.put(services, service('a')));
  let isForbidden = true;
  fake.intercept = (request, response) => {
    if (request.path !== services || !isForbidden) return false;
    sendStatus(response, 403, 'Forbidden');
    return true;
  };
  fake.hangUp();
  await until(() => expect(config.issues.get()).toMatchObject([{ code: 'CXS0110', message: expect.stringContaining('gives no Service') }]));
  expect(names('Service')).toEqual(['shop/a']);
  expect(source.hasSynced()).toBe(true);
  isForbidden = false;
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
  await until(() => expect(config.issues.get()).toEqual([]));
});

it('F02: begins a watch anew on which nothing is heard, and leaves one alone that is quiet', async () => {
  const { fake, names, watch } = await liveSource(
    (server) => {
      server.put(services, service('a'));
      server.sendBookmarks(50);
    },
    { idleMs: 1_000, haste: 1 },
  );
  let isBlack = true;
  fake.intercept = (request, response) => {
    if (!request.isWatch || request.path !== services || !isBlack) return false;
    response.writeHead(200);
    response.flushHeaders();
    return true;
  };
  for (const response of fake.watching(services)) response.destroy();
  await until(() => expect(fake.asked(services, 'watch').length).toBeGreaterThanOrEqual(4));
  isBlack = false;
  fake.put(services, service('b'));
  await until(() => expect(names('Service')).toEqual(['shop/a', 'shop/b']));
  expect(watch('Sidecar')).toMatchObject({ watches: 1, errors: 0, objects: 0 });
});

it('F59: takes no notice of a status that somebody writes', async () => {
  const { fake, updates, config, watch } = await liveSource((server) => void server.put(sidecars, sidecar('a')));
  const before = config.table('Sidecar').at('shop/a').get();
  updates.length = 0;
  for (let run = 1; run <= 5; run++)
    fake.put(sidecars, Object.assign(sidecar('a'), { status: { conditions: [{ type: 'Programmed', run }] } }));
  await until(() => expect(watch('Sidecar').events).toBe(5));
  fake.put(sidecars, sidecar('b'));
  await until(() => expect(config.table('Sidecar').get().size).toBe(2));
  expect(config.table('Sidecar').at('shop/a').get()).toBe(before);
});
