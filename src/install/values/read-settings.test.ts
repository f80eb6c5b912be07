import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

const set = (...flags: string[]) => readSettings({ files: [], set: flags });
const file = (document: unknown, ...flags: string[]) => readSettings({ files: [{ name: 'my.yaml', document }], set: flags });

describe('readSettings', () => {
  it('reads flags with the type of what they set', () => {
    expect(
      set('values.pilot.autoscaleMin=2', 'values.global.tag=1.30', 'values.pilot.env.A=true', 'meshConfig.enableTracing=true'),
    ).toEqual({
      values: { pilot: { autoscaleMin: 2, env: { A: 'true' } }, global: { tag: '1.30' } },
      meshConfig: { enableTracing: true },
    });
  });

  it('reads lists, dots in names, and takes values away', () => {
    expect(set('values.pilot.nodeSelector.kubernetes\\.io/os=linux', 'values.global.imagePullSecrets={a, b}')).toEqual({
      values: { pilot: { nodeSelector: { 'kubernetes.io/os': 'linux' } }, global: { imagePullSecrets: ['a', 'b'] } },
    });
    expect(set('components.ingressGateways[0].enabled=false')).toEqual({ components: { ingressGateways: [{ enabled: false }] } });
    expect(file({ values: { pilot: { autoscaleMin: 3 } } }, 'values.pilot.autoscaleMin=null')).toEqual({ values: { pilot: {} } });
  });

  it('reads an IstioOperator, and plain values of charts', () => {
    const operator = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'x' }, spec: { profile: 'demo' } };
    expect(file(operator)).toEqual({ profile: 'demo' });
    expect(file({ pilot: { replicaCount: 3 }, meshConfig: { accessLogFile: '/dev/stdout' }, revision: 'canary' })).toEqual({
      values: { pilot: { replicaCount: 3 } },
      meshConfig: { accessLogFile: '/dev/stdout' },
      revision: 'canary',
    });
  });

  it('lets flags win over files, and later files over earlier ones', () => {
    const files = [
      { name: 'a', document: { pilot: { replicaCount: 1, image: 'a' } } },
      { name: 'b', document: { pilot: { replicaCount: 2 } } },
    ];
    expect(readSettings({ files, set: ['values.pilot.tag=t'], revision: 'r' })).toEqual({
      values: { pilot: { replicaCount: 2, image: 'a', tag: 't' } },
      revision: 'r',
    });
  });

  it.each([
    ['values.pilot.autoscaelMin=2', '--set: values.pilot.autoscaelMin: there is no such value (did you mean "autoscaleMin"?)'],
    ['pilot.autoscaleMin=2', '--set: pilot: there is no such value (did you mean "values.pilot"?)'],
    ['global.hub=x', '--set: global: there is no such value (did you mean "values.global"?)'],
    ['meshConfig.accesLogFile=a', '--set: meshConfig.accesLogFile: there is no such value (did you mean "accessLogFile"?)'],
    ['values.pilot.autoscaleMin=many', '--set: values.pilot.autoscaleMin: must be a whole number, not the text "many"'],
    ['values.pilot.autoscaleMin=0', '--set: values.pilot.autoscaleMin: must be at least 1, not 0'],
    [
      'profile=dem',
      '--set: profile: must be one of default, demo, minimal, empty, preview, remote, not the text "dem" (did you mean "demo"?)',
    ],
    ['revision=Canary', '--set: revision: must be a lower-case DNS label of at most 52 characters'],
    ['profile', '--set profile: write it as PATH=VALUE, such as values.pilot.autoscaleMin=2'],
  ])('refuses %s', (flag, message) => {
    expect(() => set(flag)).toThrow(message);
  });

  it('says in which file something is wrong, and everything that is', () => {
    const wrong = { values: { pilot: { replicas: 2 }, global: { hubb: 'x' } } };
    expect(() => file(wrong)).toThrow(
      'my.yaml: values.pilot.replicas: there is no such value\nmy.yaml: values.global.hubb: there is no such value',
    );
    expect(() => file([1])).toThrow('my.yaml: must be an IstioOperator or values, not a list');
    expect(() => file({ apiVersion: 'v1', kind: 'Pod' })).toThrow('must be an IstioOperator, not the text "Pod"');
  });
});
