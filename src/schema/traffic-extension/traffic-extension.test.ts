import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const te = (spec: object) => issuesOf('TrafficExtension', spec);
const lua = { inlineCode: 'function envoy_on_request(h) end' };

describe('TrafficExtension', () => {
  it('accepts Lua and WebAssembly', () => {
    expect(te({ lua, phase: 'AUTHN', match: [{ mode: 'SERVER', ports: [{ number: 80 }] }] })).toEqual([]);
    expect(te({ wasm: { url: 'oci://a', pluginConfig: { x: [null] } } })).toEqual([]);
  });

  it.each([
    [{}, 'error spec: must have wasm or lua'],
    [{ lua, wasm: { url: 'a' } }, 'error spec: only one of wasm, lua may be set, not wasm and lua'],
    [{ lua: { inlineCode: '' } }, 'error spec.lua.inlineCode: must not be empty'],
    [{ wasm: { url: 'x://a' } }, 'error spec.wasm.url: must have one of the schemes http, https, file, oci, not x'],
  ])('%j', (spec, expected) => {
    expect(te(spec)).toEqual([expected]);
  });
});
