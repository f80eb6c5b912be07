import type { IssueCode } from '../schema/issue-codes.ts';

/** Codes of what can be wrong between the registries of the mesh, though each of them is in order. */
export const registryIssueCodes = {
  nameCollision: 'CXS0201',
  portProtocolConflict: 'CXS0202',
  shadowedHost: 'CXS0203',
  narrowedHost: 'CXS0204',
  noPort: 'CXS0205',
} as const;

/** Every code above, by number. */
export const registryIssueTable: readonly IssueCode[] = [
  {
    code: 'CXS0201',
    name: 'NameCollision',
    meaning: 'Two services of one registry come to the same host name. Both are served, the later one under a name with a hash at its end.',
  },
  {
    code: 'CXS0202',
    name: 'PortProtocolConflict',
    meaning: 'Two registries know one host and call different protocols by one port number. That of the stronger registry counts.',
  },
  {
    code: 'CXS0203',
    name: 'ShadowedHost',
    meaning: 'A host whose merge mode is exclusive is known to several registries. Only the strongest one is asked for it.',
  },
  {
    code: 'CXS0204',
    name: 'NarrowedHost',
    meaning:
      'Registries disagree about who may see a host, or whether it is inside the mesh. Only what all export to sees it; one that says inside is enough.',
  },
  {
    code: 'CXS0205',
    name: 'NoPort',
    meaning: 'No instance of the service has registered a port. The service is kept, but nobody can call it.',
  },
];
