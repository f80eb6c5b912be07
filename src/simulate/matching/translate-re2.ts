const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
const syntax = /[\^$\\.*+?()[\]{}|/]/;
/** RE2 does not count a vertical tab, or anything beyond ASCII, as space. */
const space = '\\t\\n\\f\\r ';

/** An expression of RE2 in the language of JavaScript (flag `u`); undefined where there is no equivalent. */
export function translateRe2(regex: string): string | undefined {
  try {
    return new Translator(regex).all();
  } catch (fault) {
    if (fault instanceof Untranslatable) return undefined;
    throw fault;
  }
}

class Untranslatable extends Error {}

/** One pass over an expression. Patches bring some that nobody has looked at: where one ends too early it has no equivalent. */
class Translator {
  private readonly text: string;
  private at = 0;
  /** For each open group: whether a dot takes line ends, and how many groups `(?i)` opened inside of it. */
  private readonly open: { dotAll: boolean; extra: number }[] = [{ dotAll: false, extra: 0 }];

  constructor(text: string) {
    this.text = text;
  }

  all(): string {
    let out = '';
    while (this.at < this.text.length) out += this.next();
    return out + ')'.repeat(this.top().extra);
  }

  private top(): { dotAll: boolean; extra: number } {
    const top = this.open.at(-1);
    if (top === undefined) throw new Untranslatable();
    return top;
  }

  private next(): string {
    const char = this.take();
    switch (char) {
      case '\\':
        return this.escape(false);
      case '[':
        return this.characterClass();
      case '(':
        return this.group();
      case ')':
        return this.close();
      case '.':
        return this.top().dotAll ? '[^]' : '[^\\n]';
      case '|':
        // Flags set inside of a group last to its end, over all alternatives.
        return this.alternative();
      case '{':
        return /^\d+(,\d*)?\}/.test(this.text.slice(this.at)) ? '{' : '\\{';
      case '}':
        return this.isRepetitionEnd() ? '}' : '\\}';
      case ']':
      case '/':
        return `\\${char}`;
      default:
        return char;
    }
  }

  private alternative(): string {
    const { extra } = this.top();
    if (extra > 0) throw new Untranslatable();
    return '|';
  }

  private isRepetitionEnd(): boolean {
    return /\{\d+(,\d*)?$/.test(this.text.slice(0, this.at - 1));
  }

  private take(): string {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) throw new Untranslatable();
    const char = String.fromCodePoint(code);
    this.at += char.length;
    return char;
  }

  private group(): string {
    const { dotAll } = this.top();
    const named = /^\?P?<([^>]+)>/.exec(this.text.slice(this.at));
    if (named !== null) {
      this.at += named[0].length;
      this.open.push({ dotAll, extra: 0 });
      return `(?<${named[1]}>`;
    }
    const flags = /^\?([imsU]*)(?:-([imsU]*))?([:)])/.exec(this.text.slice(this.at));
    if (flags === null) {
      this.open.push({ dotAll, extra: 0 });
      return '(';
    }
    this.at += flags[0].length;
    const [, on = '', off = '', end] = flags;
    if (`${on}${off}`.includes('U')) throw new Untranslatable();
    const dots = on.includes('s') || (dotAll && !off.includes('s'));
    const modifiers = `${keep(on)}${keep(off) === '' ? '' : `-${keep(off)}`}`;
    if (end === ':') {
      this.open.push({ dotAll: dots, extra: 0 });
      return `(?${modifiers}:`;
    }
    const top = this.top();
    top.dotAll = dots;
    if (modifiers === '') return '';
    top.extra++;
    return `(?${modifiers}:`;
  }

  private close(): string {
    const closed = this.open.pop();
    return ')'.repeat((closed?.extra ?? 0) + 1);
  }

  private escape(isInClass: boolean): string {
    const char = this.take();
    switch (char) {
      case 'Q':
        return this.quoted();
      case 'A':
        return '(?<![^])';
      case 'z':
        return '(?![^])';
      case 'C':
        throw new Untranslatable();
      case 'a':
        return '\\x07';
      case 's':
        return isInClass ? space : `[${space}]`;
      case 'S':
        return isInClass ? '\\S' : `[^${space}]`;
      case 'p':
      case 'P':
        return this.unicodeClass(char);
      case 'x':
        return this.hex();
      default:
        return /[0-7]/.test(char) ? this.octal(char) : plainEscape(char, isInClass);
    }
  }

  private quoted(): string {
    const end = this.text.indexOf('\\E', this.at);
    const literal = end < 0 ? this.text.slice(this.at) : this.text.slice(this.at, end);
    this.at = end < 0 ? this.text.length : end + 2;
    return literal.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
  }

  private unicodeClass(kind: string): string {
    const braced = /^\{(\^?)([^}]*)\}/.exec(this.text.slice(this.at));
    const name = braced?.[2] ?? this.text.charAt(this.at);
    this.at += braced?.[0].length ?? 1;
    const isNegated = (kind === 'P') !== (braced?.[1] === '^');
    const property = /^[A-Z][a-z]?$/.test(name) ? name : name === 'Any' ? 'Any' : `Script=${name}`;
    return `\\${isNegated ? 'P' : 'p'}{${property}}`;
  }

  private hex(): string {
    const found = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(this.text.slice(this.at));
    if (found === null) throw new Untranslatable();
    this.at += found[0].length;
    return `\\u{${found[1] ?? found[2]}}`;
  }

  private octal(first: string): string {
    const rest = /^[0-7]{0,2}/.exec(this.text.slice(this.at))?.[0] ?? '';
    this.at += rest.length;
    return `\\u{${Number.parseInt(first + rest, 8).toString(16)}}`;
  }

  private characterClass(): string {
    let out = '[';
    if (this.text.charAt(this.at) === '^') {
      this.at++;
      out += '^';
    }
    for (let isFirst = true; ; isFirst = false) {
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.text.slice(this.at));
      if (posix !== null) {
        if (posix[1] === '^') throw new Untranslatable();
        this.at += posix[0].length;
        out += posixClasses[posix[2] ?? ''] ?? '';
        continue;
      }
      const char = this.take();
      if (char === ']' && !isFirst) return `${out}]`;
      if (char === '\\') out += this.escape(true);
      else out += char === ']' || char === '[' || char === '^' ? `\\${char}` : char;
    }
  }
}

/** Flags that JavaScript can set for a part of an expression; dots are translated one by one. */
function keep(flags: string): string {
  return [...new Set(flags)].filter((flag) => flag === 'i' || flag === 'm').join('');
}

function plainEscape(char: string, isInClass: boolean): string {
  if (/[A-Za-z]/.test(char) || syntax.test(char) || (isInClass && char === '-')) return `\\${char}`;
  return char;
}
