import { closestOf } from '../../schema/field/did-you-mean.ts';
import { type CallProblem, isProblem } from '../call.ts';
import { type CurlFlag, type CurlMeaning, curlFlags, curlRefusals } from './curl-flags.ts';

/** A flag with its value (empty where it has none), or a URL. */
export interface CurlWord {
  readonly meaning: CurlMeaning;
  readonly value: string;
  readonly flag: string;
}

const byShort = new Map(curlFlags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag] as const])));
const byName = new Map(curlFlags.flatMap((flag) => flag.names.map((name) => [name, flag] as const)));

/** Splits a command line of curl, whose quotes the shell has taken away, into flags and URLs. */
export function readCurlWords(words: readonly string[]): readonly CurlWord[] | CallProblem {
  const read: CurlWord[] = [];
  const rest = words.values();
  const nextWord = (): string | undefined => rest.next().value;
  for (const word of rest) {
    const found = readWord(word, nextWord);
    if (isProblem(found)) return found;
    read.push(...found);
  }
  return read;
}

type NextWord = () => string | undefined;

function readWord(word: string, nextWord: NextWord): readonly CurlWord[] | CallProblem {
  if (word.startsWith('--')) return readLong(word, nextWord);
  if (word.startsWith('-') && word !== '-') return readShort(word, nextWord);
  return [{ meaning: 'url', value: word, flag: 'URL' }];
}

function readLong(word: string, nextWord: NextWord): readonly CurlWord[] | CallProblem {
  const [, name = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  const flag = byName.get(name) ?? byName.get(name.replace(/^no-/, ''));
  if (flag === undefined)
    return unknown(
      `--${name}`,
      [...byName.keys()].map((known) => `--${known}`),
    );
  if (!flag.takesValue) return [{ meaning: flag.meaning, flag: `--${name}`, value: '' }];
  return withValue(flag, `--${name}`, attached ?? nextWord());
}

/** `-sSI`, `-XPOST`, `-H 'a: b'`. */
function readShort(word: string, nextWord: NextWord): readonly CurlWord[] | CallProblem {
  const read: CurlWord[] = [];
  for (const [at, letter] of word.split('').entries()) {
    if (at === 0) continue;
    const flag = byShort.get(letter);
    if (flag === undefined) return unknown(`-${letter}`, []);
    if (flag.takesValue) {
      const attached = word.slice(at + 1);
      const last = withValue(flag, `-${letter}`, attached === '' ? nextWord() : attached);
      return isProblem(last) ? last : [...read, ...last];
    }
    read.push({ meaning: flag.meaning, flag: `-${letter}`, value: '' });
  }
  return read;
}

function withValue({ meaning }: CurlFlag, flag: string, value: string | undefined): readonly CurlWord[] | CallProblem {
  return value === undefined ? { problem: `${flag} needs a value` } : [{ meaning, flag, value }];
}

function unknown(flag: string, candidates: readonly string[]): CallProblem {
  const refusal = curlRefusals[flag];
  if (refusal !== undefined) return { problem: `${flag} of curl cannot be explained`, hint: refusal };
  const close = closestOf(flag, candidates);
  return {
    problem: `${flag} is no flag of curl that explain knows`,
    hint: close === undefined ? 'leave it out if it does not change where the request goes' : `did you mean ${close}?`,
  };
}
