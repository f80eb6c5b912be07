import { describe, expect, it } from 'vitest';
import { readCall } from './read-call.ts';

describe('readCall', () => {
  it('takes the parts of a request one by one', () => {
    expect(readCall({ host: 'Web', port: '8080', path: 'a?b', method: 'PUT', headers: ['Host: shop', 'x: 1:2', 'nothing'] })).toEqual({
      protocol: 'http',
      host: 'web',
      port: 8080,
      tls: false,
      authority: 'shop',
      method: 'PUT',
      path: '/a?b',
      headers: [['x', '1:2']],
    });
  });

  it('a server name means TLS, on its usual port', () => {
    expect(readCall({ host: 'a', sni: 'b' })).toMatchObject({ tls: true, sni: 'b', port: 443 });
  });

  it('an address alone is host and destination', () => {
    expect(readCall({ address: '10.0.0.1', port: '27017', protocol: 'tcp' })).toMatchObject({
      host: '10.0.0.1',
      connectTo: { host: '10.0.0.1' },
    });
  });

  it('joins curl with where the connection really goes', () => {
    expect(readCall({ words: ['curl', 'http://web/a'], address: '10.0.0.9', headers: ['x: y'] })).toMatchObject({
      host: 'web',
      connectTo: { host: '10.0.0.9' },
      headers: [expect.anything(), expect.anything(), ['x', 'y']],
    });
  });

  it.each([
    [{}, 'no request is named'],
    [{ words: ['http://a'], path: '/b' }, '--path and a command line of curl say the same'],
    [{ host: 'a', port: '0' }, '0 is no port'],
    [{ host: 'a', port: '1.5' }, '1.5 is no port'],
    [{ host: 'a', protocol: 'udp' }, 'there is no protocol udp'],
    [{ host: 'a', protocol: 'tcp' }, 'TCP needs a port'],
    [{ address: 'web' }, 'web is no IP address'],
  ])('%j: %s', (fields, problem) => {
    expect(readCall(fields)).toMatchObject({ problem });
  });
});
