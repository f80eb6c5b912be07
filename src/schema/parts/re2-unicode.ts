/** General categories that RE2 knows by their short names. */
const categories = new Set(
  'C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs'.split(' '),
);

/** Where a `\p...` that begins at `at` ends, and whether RE2 knows the class: a category, a script by its long name, or `Any`. */
export function unicodeClassEnd(text: string, at: number): { readonly at: number; readonly isKnown: boolean } {
  const [whole, braced, single] = /^\\[pP](?:\{([^}]*)\}|(.))/su.exec(text.slice(at)) ?? [];
  if (whole === undefined) return { at: text.length, isKnown: false };
  const name = braced === undefined ? (single ?? '') : braced.replace(/^\^/, '');
  return { at: at + whole.length, isKnown: isUnicodeClass(name) };
}

function isUnicodeClass(name: string): boolean {
  if (name === 'Any' || categories.has(name)) return true;
  // Short names of scripts (`Grek`) are known to JavaScript, not to RE2.
  if (!/^[A-Z][A-Za-z_]{2,}$/.test(name) || (/^[A-Z][a-z]{3}$/.test(name) && !fourLetterScripts.has(name))) return false;
  try {
    new RegExp(`\\p{Script=${name}}`, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Scripts whose long name has four letters, as short names have. */
const fourLetterScripts = new Set('Ahom Cham Kawi Lisu Miao Modi Newa Thai Toto'.split(' '));
