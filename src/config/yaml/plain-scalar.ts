const integer = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/;
const exponent = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/;
const otherNumber = /^(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const constants: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['~', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

/** First characters that a number or a constant can have: `+ - . 0-9 F N T f n t ~`. Everything else is text at once. */
function mayBeSpecial(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x46 ||
    code === 0x4e ||
    code === 0x54 ||
    code === 0x66 ||
    code === 0x6e ||
    code === 0x74 ||
    code === 0x7e
  );
}

/** A number in a notation which the fast reader leaves to the complete parser. */
export const unsupported = Symbol('unsupported');

/**
 * Value of an unquoted scalar under the core schema of YAML 1.2: `yes`, `on` and dates stay text. An integer that a
 * double cannot hold stays the text that was written, as JSON of protobuf allows for 64-bit fields.
 */
export function resolvePlain(text: string): string | number | boolean | null | typeof unsupported {
  if (!mayBeSpecial(text.charCodeAt(0))) return text;
  const constant = constants.get(text);
  if (constant !== undefined) return constant;
  if (integer.test(text)) {
    const value = Number(text);
    if (Object.is(value, -0)) return unsupported;
    return Number.isSafeInteger(value) ? value : text;
  }
  if (float.test(text) || exponent.test(text)) return Number(text);
  return otherNumber.test(text) ? unsupported : text;
}
