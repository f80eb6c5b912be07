import { createInterface } from 'node:readline';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { register } from '@grpc/grpc-js-xds';
import { echoPath } from '../../harness/echo-backends.ts';
import type { CallOrder, CallOutcome } from './client-process.ts';

/** A client with the xDS of grpc-js: orders on standard input, outcomes on standard output. */

register();
const clients = new Map<string, Client>();
const same = (value: Buffer) => value;

function clientOf(target: string): Client {
  const client = clients.get(target) ?? new Client(target, credentials.createInsecure());
  clients.set(target, client);
  return client;
}

function callOnce(order: CallOrder): Promise<{ readonly answer?: string; readonly error?: string }> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(order.metadata ?? {})) metadata.set(name, value);
  const options = { deadline: Date.now() + order.timeoutMs };
  return new Promise((resolve) => {
    clientOf(order.target).makeUnaryRequest(echoPath, same, same, Buffer.from('?'), metadata, options, (error, value) => {
      resolve(error ? { error: `${status[error.code]}: ${error.details}` } : { answer: String(value) });
    });
  });
}

async function run(order: CallOrder): Promise<CallOutcome> {
  const answers: Record<string, number> = {};
  const errors: string[] = [];
  for (let done = 0; done < order.calls; done++) {
    const { answer, error } = await callOnce(order);
    if (answer !== undefined) answers[answer] = (answers[answer] ?? 0) + 1;
    if (error !== undefined) errors.push(error);
  }
  return { answers, errors };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as CallOrder))}\n`);
}
process.exit();
