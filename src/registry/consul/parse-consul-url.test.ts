import { describe, expect, it } from 'vitest';
import { consulSettings } from './consul-settings.ts';
import { parseConsulUrl } from './parse-consul-url.ts';

describe('registries of the command line', () => {
  it('are the same as those of a MeshRegistries document', () => {
    const url = 'consul://10.0.0.1:8500?id=dc1&token-file=/t&datacenter=dc1&wait=30s&max-watches=10&tag-hosts=true&all-unhealthy=keep';
    expect(parseConsulUrl(url)).toEqual({
      id: 'dc1',
      consul: {
        address: '10.0.0.1:8500',
        tokenFile: '/t',
        datacenter: 'dc1',
        wait: '30s',
        maxWatches: 10,
        tagHosts: true,
        allUnhealthy: 'keep',
      },
    });
  });

  it('are reached by TLS where the scheme or a file says so', () => {
    const connection = (url: string) => consulSettings(parseConsulUrl(url).consul ?? { address: '' }).connection;
    expect(connection('consul+https://consul.example')).toMatchObject({ scheme: 'https', host: 'consul.example', port: 8501 });
    expect(connection('consul://[::1]:8443/?ca-file=/ca')).toMatchObject({ scheme: 'https', host: '::1', port: 8443, caFile: '/ca' });
    expect(connection('consul://consul')).toMatchObject({ scheme: 'http', port: 8500, waitMs: 60_000, maxWatches: 150 });
  });

  it.each([
    ['consol://a:1', 'did you mean consul://'],
    ['127.0.0.1:8500', 'write consul://HOST:PORT'],
    ['consul://', 'write consul://HOST:PORT'],
    ['consul://a:99999', 'port between 1 and 65535'],
    ['consul://a?tokenfile=/t', 'did you mean "token-file"?'],
    ['consul://a?token=s3cret', 'write token-file=PATH'],
    ['consul://user:s3cret@a', 'takes no credentials'],
    ['consul://a?wait=soon', 'wait must be a duration'],
    ['consul://a?consistency=stael', 'did you mean "stale"?'],
    ['consul://a?tag-hosts=yes', 'tag-hosts must be true or false'],
    ['consul://a?datacenter=a&datacenter=b', 'twice'],
    ['consul://a?cert-file=/c', 'key-file is required'],
  ])('%s: says what is wrong, and no secret', (url, message) => {
    const problem = (() => {
      try {
        parseConsulUrl(url);
        return '';
      } catch (error) {
        return String(error);
      }
    })();
    expect(problem).toContain(message);
    expect(problem).not.toContain('s3cret');
  });
});
