// A client in a process of its own, which can be stopped as a frozen node is.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StatusObject } from '@grpc/grpc-js';
import { pinnedNode } from '../harness/serve-process.ts';
import type { ClientCall } from './client-call.ts';

/** What the two processes say to each other. */
export type ToClient = { readonly do: 'end' | 'cancel' | 'pause' | 'resume' } | { readonly do: 'write'; readonly message: object };
export type FromClient<Response> = { readonly message: Response } | { readonly status: StatusObject };

const script = fileURLToPath(new URL('./client-process-main.ts', import.meta.url));

export interface ClientProcess<Response> extends ClientCall<Response> {
  /** Ends the process, stopped or not. */
  dispose(): void;
}

export function clientProcess<Response>(address: string, method: string): ClientProcess<Response> {
  const child = fork(script, [address, method], { serialization: 'advanced', execPath: pinnedNode, execArgv: [] });
  const tell = (what: ToClient) => child.send(what);
  const listeners: ((message: Response) => void)[] = [];
  const status = Promise.withResolvers<StatusObject>();
  child.on('message', (said: FromClient<Response>) => {
    if ('status' in said) status.resolve(said.status);
    else for (const listener of listeners) listener(said.message);
  });
  return {
    write: (message) => tell({ do: 'write', message }),
    end: () => tell({ do: 'end' }),
    cancel: () => tell({ do: 'cancel' }),
    pause: () => tell({ do: 'pause' }),
    resume: () => tell({ do: 'resume' }),
    stop: () => child.kill('SIGSTOP'),
    onMessage: (listener) => listeners.push(listener),
    status: status.promise,
    dispose: () => child.kill('SIGKILL'),
  };
}
