import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCidr, containsCidr, formatCidr, isIpAddress, isIpv4, isIpv6, maskCidr, parseCidr } from './cidr.ts';

const cidr = (text: string) => parseCidr(text) ?? expect.fail(`${text} does not parse`);

describe('parseCidr', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1/32'],
    ['10.1.2.3/8', '10.1.2.3/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::', '::/128'],
    ['FD00:0:0::1/8', 'fd00::1/8'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3/128'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7/128'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1/128'],
    ['64:ff9b::10.0.0.1/96', '64:ff9b::a00:1/96'],
  ])('%s', (text, formatted) => {
    expect(formatCidr(cidr(text))).toBe(formatted);
  });

  it.each([
    '',
    'a',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/33',
    '10.0.0.1/08',
    '10.0.0.1/',
    '/8',
    '1::2::3',
    '1:2:3',
    ':1',
    '::12345',
    '::/129',
    '1.2.3.4::',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
  ])('refuses %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('addresses', () => {
  it('are told apart', () => {
    expect([isIpv4('1.2.3.4'), isIpv6('1.2.3.4'), isIpAddress('1.2.3.4')]).toEqual([true, false, true]);
    expect([isIpv4('::1'), isIpv6('::1'), isIpAddress('::1')]).toEqual([false, true, true]);
    expect(isIpAddress('example.com')).toBe(false);
    expect(isIpAddress('1.2.3.4/32')).toBe(false);
  });
});

describe('prefixes', () => {
  it('contain, mask and order', () => {
    expect(containsCidr(cidr('10.0.0.0/8'), cidr('10.255.1.0/24'))).toBe(true);
    expect(containsCidr(cidr('10.0.0.0/8'), cidr('11.0.0.0'))).toBe(false);
    expect(containsCidr(cidr('10.0.0.0/24'), cidr('10.0.0.0/8'))).toBe(false);
    expect(containsCidr(cidr('0.0.0.0/0'), cidr('::1'))).toBe(false);
    expect(containsCidr(cidr('::/0'), cidr('fd00::1'))).toBe(true);
    expect(formatCidr(maskCidr(cidr('10.1.2.3/9')))).toBe('10.0.0.0/9');
    expect(formatCidr(maskCidr(cidr('fdff::1/9')))).toBe('fd80::/9');
    const sorted = ['::1', '10.0.0.0/16', '9.0.0.0/8', '10.0.0.0/8'].map(cidr).sort(compareCidr).map(formatCidr);
    expect(sorted).toEqual(['9.0.0.0/8', '10.0.0.0/8', '10.0.0.0/16', '::1/128']);
  });

  it('survive formatting', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const parsed = parseCidr(text);
        expect(parsed).toBeDefined();
        if (parsed) expect(parseCidr(formatCidr(parsed))).toEqual(parsed);
      }),
    );
  });
});
