/** No object of an API server comes near this size. */
const maxLineBytes = 64 * 1024 * 1024;

const newline = 0x0a;

/** The complete lines of each chunk; what follows the last line end is not one yet, also when the stream ends. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let parts: Buffer[] = [];
  let waiting = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(newline);
    if (end < 0) {
      parts.push(bytes);
      waiting += bytes.length;
      if (waiting > maxLineBytes) throw new Error(`a line of the watch has more than ${maxLineBytes} bytes`);
      yield [];
      continue;
    }
    parts.push(bytes.subarray(0, end));
    const text = Buffer.concat(parts).toString('utf8');
    parts = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : [];
    waiting = bytes.length - end - 1;
    yield text.split('\n').filter((line) => line.trim() !== '');
  }
}
