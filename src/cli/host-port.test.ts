import { expect, it } from 'vitest';
import { hostPort } from './host-port.ts';

it.each(['127.0.0.1:15010', '[::1]:0', 'localhost:65535', '[::ffff:10.0.0.1]:80'])('takes %s', (address) => {
  expect(hostPort(address)).toBe(address);
});

it.each(['nonsense', '15010', ':80', '127.0.0.1:', '127.0.0.1:65536', '::1:80', 'a b:1', 'http://a:1'])('refuses %s', (address) => {
  expect(() => hostPort(address)).toThrow('write it as HOST:PORT');
});
