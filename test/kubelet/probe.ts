import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import type { Container, Probe, ProbeAction } from './kube-objects.ts';

export interface ProbeTarget {
  readonly address: string;
  readonly container: Container;
  readonly exec: (command: readonly string[], timeoutMs: number) => Promise<boolean>;
}

/** Whether the action succeeds within the time. */
export async function act(action: ProbeAction, target: ProbeTarget, timeoutMs: number): Promise<boolean> {
  const { httpGet, tcpSocket, exec } = action;
  if (exec) return target.exec(exec.command, timeoutMs);
  if (tcpSocket) return connects(tcpSocket.host ?? target.address, portOf(tcpSocket.port, target.container), timeoutMs);
  return httpGet ? answers(httpGet, target, timeoutMs) : false;
}

/** While something is not yet good it is asked this often, so that tests do not wait for the seconds of a real node. */
const eagerMs = 250;

/**
 * Runs a probe over and over until the signal. `verdict` is told whenever so many results in a row agree as the thresholds
 * ask for, once for each such row.
 */
export async function runProbe(probe: Probe, target: ProbeTarget, verdict: (isGood: boolean) => void, signal: AbortSignal): Promise<void> {
  const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1, successThreshold = 1, failureThreshold = 3 } = probe;
  let inRow = 0;
  let last: boolean | undefined;
  await pause(Math.min(initialDelaySeconds * 1000, eagerMs), signal);
  while (!signal.aborted) {
    const isGood = await act(probe, target, timeoutSeconds * 1000).catch(() => false);
    if (signal.aborted) return;
    inRow = isGood === last ? inRow + 1 : 1;
    last = isGood;
    if (inRow === (isGood ? successThreshold : failureThreshold)) verdict(isGood);
    await pause(periodSeconds * 1000, signal);
  }
}

/** The same probe asked more often, with as much patience as before. */
export function eager(probe: Probe): Probe {
  const { periodSeconds = 10, failureThreshold = 3 } = probe;
  return { ...probe, periodSeconds: eagerMs / 1000, failureThreshold: Math.ceil((failureThreshold * periodSeconds * 1000) / eagerMs) };
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

function portOf(port: number | string, { ports = [] }: Container): number {
  const named = typeof port === 'string' ? ports.find(({ name }) => name === port)?.containerPort : port;
  return named ?? Number(port);
}

function connects(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (result: boolean) => () => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

function answers(get: NonNullable<ProbeAction['httpGet']>, target: ProbeTarget, timeout: number): Promise<boolean> {
  const { path = '/', scheme = 'HTTP', host = target.address, httpHeaders = [] } = get;
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  const options = {
    host,
    port: portOf(get.port, target.container),
    path,
    headers,
    timeout,
    agent: false as const,
    rejectUnauthorized: false,
  };
  return new Promise((resolve) => {
    const call = (scheme === 'HTTPS' ? requestTls : request)(options, ({ statusCode = 0 }) => {
      call.destroy();
      resolve(statusCode >= 200 && statusCode < 400);
    });
    call.once('error', () => resolve(false));
    call.once('timeout', () => call.destroy());
    call.end();
  });
}
