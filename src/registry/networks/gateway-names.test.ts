import { expect, it } from 'vitest';
import { Engine } from '../../incremental/engine.ts';
import { FakeClock } from '../../lib/fake-clock.ts';
import { silentLogger } from '../../lib/log.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import { GatewayNames, gatewayAddressInput, type ResolveName } from './gateway-names.ts';

const gateway = (address: string): NetworkGateway => ({ network: 'n2', clusterId: '', address, port: 15443 });

function setUp(answers: Record<string, { addresses: readonly string[]; ttlMs: number } | undefined>) {
  const engine = new Engine();
  const clock = new FakeClock();
  const gateways = engine.input<readonly NetworkGateway[]>([gateway('192.0.2.9'), gateway('lb.example.com')]);
  const addresses = gatewayAddressInput(engine);
  const asked: string[] = [];
  const resolve: ResolveName = async (name) => {
    asked.push(name);
    const answer = answers[name];
    if (answer === undefined) throw new Error('no server answers');
    return answer;
  };
  const names = new GatewayNames({ engine, gateways, addresses, resolve, clock, log: silentLogger });
  return { names, gateways, clock, asked, known: () => Object.fromEntries(addresses.get()) };
}

it('asks for names before it has started, and again after their time to live', async () => {
  const answers: Record<string, { addresses: readonly string[]; ttlMs: number } | undefined> = {
    'lb.example.com': { addresses: ['192.0.2.2', '192.0.2.1'], ttlMs: 60_000 },
  };
  const { names, clock, asked, known } = setUp(answers);
  await names.start(new AbortController().signal);
  expect(known()).toEqual({ 'lb.example.com': ['192.0.2.1', '192.0.2.2'] });
  await clock.advanceAsync(59_999);
  expect(asked).toHaveLength(1);
  answers['lb.example.com'] = { addresses: ['192.0.2.3'], ttlMs: 1 };
  await clock.advanceAsync(1);
  expect(known()).toEqual({ 'lb.example.com': ['192.0.2.3'] });
  expect(clock.nextDelayMs).toBe(30_000);
});

it('keeps what it knew while nobody answers', async () => {
  const answers: Record<string, { addresses: readonly string[]; ttlMs: number } | undefined> = {
    'lb.example.com': { addresses: ['192.0.2.1'], ttlMs: 0 },
  };
  const { names, clock, asked, known } = setUp(answers);
  await names.start(new AbortController().signal);
  delete answers['lb.example.com'];
  await clock.advanceAsync(30_000);
  expect(asked).toHaveLength(2);
  expect(known()).toEqual({ 'lb.example.com': ['192.0.2.1'] });
});

it('follows the gateways, and stops with its signal', async () => {
  const answers = { 'lb.example.com': { addresses: [], ttlMs: 1 }, 'two.example.com': { addresses: ['192.0.2.5'], ttlMs: 1 } };
  const { names, gateways, clock, known } = setUp(answers);
  const stop = new AbortController();
  await names.start(stop.signal);
  gateways.set([gateway('two.example.com')]);
  await clock.advanceAsync(0);
  expect(known()).toEqual({ 'two.example.com': ['192.0.2.5'] });
  stop.abort();
  expect(clock.pending).toBe(0);
});
