import type { ServerDuplexStream } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { sendMessage } from './send-message.ts';

type Call = ServerDuplexStream<Buffer, Buffer>;

const head = Buffer.from('head');
const body = { parts: [Buffer.from('bo'), Buffer.from('dy')], bytes: 4 };

describe('sendMessage', () => {
  it('hands the shared body itself to the HTTP/2 stream, behind the length of the whole', () => {
    const chunks: Buffer[] = [];
    const events: string[] = [];
    const stream = {
      destroyed: false,
      cork: () => events.push('cork'),
      uncork: () => events.push('uncork'),
      write: (bytes: Buffer, written?: () => void) => {
        chunks.push(bytes);
        written?.();
      },
    };
    const call = { call: { stream }, sendMetadata: () => events.push('metadata') } as unknown as Call;
    sendMessage(call, head, body, () => events.push('written'));
    expect(chunks[0]).toEqual(Buffer.from([0, 0, 0, 0, 8, ...head]));
    expect(chunks[1]).toBe(body.parts[0]);
    expect(chunks[2]).toBe(body.parts[1]);
    expect(events).toEqual(['metadata', 'cork', 'written', 'uncork']);
  });

  it.each([
    { destroyed: true, writableEnded: false },
    { destroyed: false, writableEnded: true },
  ])('writes nothing to a stream that is gone, or has been ended: %o', (state) => {
    const stream = { ...state, cork() {}, uncork() {}, write: () => expect.fail('written') };
    const call = { call: { stream }, sendMetadata: () => expect.fail('metadata') } as unknown as Call;
    sendMessage(call, head, body, () => expect.fail('called back'));
  });

  it('leaves it to grpc-js where there is no HTTP/2 stream to be found', () => {
    const sent: Buffer[] = [];
    const call = { write: (bytes: Buffer) => sent.push(bytes) } as unknown as Call;
    sendMessage(call, head, body, () => {});
    expect(sent).toEqual([Buffer.from('headbody')]);
  });
});
