/** How parts of a text look; each hands back the text with what makes it look so. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly caution: (text: string) => string;
  readonly place: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: Style = { strong: same, faint: same, good: same, bad: same, caution: same, place: same };

const sgr = (code: number) => (text: string) => (text === '' ? '' : `\u001B[${code}m${text}\u001B[0m`);

/** For terminals. */
export const colourStyle: Style = {
  strong: sgr(1),
  faint: sgr(2),
  good: sgr(32),
  bad: sgr(31),
  caution: sgr(33),
  place: sgr(36),
};
