/** What an installation runs where nobody says otherwise; a test compares the tag with the package's version. */
export const release = { hub: 'coxswain', tag: '0.1.0' } as const;
