import { InvalidArgumentError } from 'commander';

/** An address as a flag takes it: `127.0.0.1:15010`, `[::1]:0`, `localhost:80`. */
export function hostPort(value: string): string {
  const port = /^(?:\[[\da-fA-F:.]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(value)?.[1];
  if (port === undefined || Number(port) > 65535) throw new InvalidArgumentError('write it as HOST:PORT');
  return value;
}
