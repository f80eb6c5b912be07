import { expect, it } from 'vitest';
import { findWithoutEffect } from './find-without-effect.ts';
import { readSettings } from './read-settings.ts';

const found = (...set: readonly string[]) => findWithoutEffect(readSettings({ files: [], set }));

it('names what changes nothing, wherever it stands', () => {
  expect(found('values.pilot.traceSampling=1', 'values.global.proxy.privileged=true', 'components.cni.enabled=true')).toEqual([
    'values.pilot.traceSampling',
    'values.global.proxy.privileged',
    'components.cni',
  ]);
});

it('has nothing to say of what has an effect', () => {
  expect(found('profile=demo', 'values.pilot.autoscaleMin=2', 'meshConfig.accessLogFile=/dev/stdout')).toEqual([]);
});
