import type { IssueCode } from '../schema/issue-codes.ts';

/** Codes of what can be wrong with the place where objects come from, before any schema is asked. */
export const configIssueCodes = {
  syntax: 'CXS0101',
  unreadable: 'CXS0102',
  tooLarge: 'CXS0103',
  encoding: 'CXS0104',
  duplicateObject: 'CXS0105',
  missingDirectory: 'CXS0106',
  shadowed: 'CXS0107',
  meshConfig: 'CXS0108',
  emptyFile: 'CXS0109',
  unreadableKind: 'CXS0110',
  remoteCluster: 'CXS0111',
} as const;

/** Every code above, by number. */
export const configIssueTable: readonly IssueCode[] = [
  {
    code: 'CXS0101',
    name: 'SyntaxError',
    meaning:
      'A document is not YAML; the objects that it held stay in force as they were last good, the other documents of the file are read.',
  },
  {
    code: 'CXS0102',
    name: 'UnreadableFile',
    meaning: 'A file or directory cannot be read, or is no regular file; what was last read from it stays in force.',
  },
  { code: 'CXS0103', name: 'TooLarge', meaning: 'A file, a document or a directory is larger than Coxswain reads; it is left out.' },
  { code: 'CXS0104', name: 'InvalidEncoding', meaning: 'A document is not UTF-8; its objects stay in force as they were last good.' },
  {
    code: 'CXS0105',
    name: 'DuplicateObject',
    meaning: 'Two documents define the same object. The first one counts: by path of the file, then by place in it.',
  },
  {
    code: 'CXS0106',
    name: 'MissingDirectory',
    meaning: 'The directory of configuration is not there. What was last read from it stays in force until it is back.',
  },
  { code: 'CXS0107', name: 'ShadowedObject', meaning: 'Two sources define the same object. The source that is listed first counts.' },
  { code: 'CXS0108', name: 'MeshConfigError', meaning: 'The text of the MeshConfig has errors; the last good settings stay in force.' },
  { code: 'CXS0109', name: 'EmptyFile', meaning: 'The file holds no document: nothing, or comments alone.' },
  {
    code: 'CXS0110',
    name: 'UnreadableKind',
    meaning: 'An API server cannot be asked for objects of some kinds, or refuses to tell; what was last read of them stays in force.',
  },
  {
    code: 'CXS0111',
    name: 'RemoteCluster',
    meaning:
      'A further cluster cannot be used as its Secret states it, or gives no answer; the mesh goes on without it, or with its last view.',
  },
];
