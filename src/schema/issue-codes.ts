/** The codes of issues about configuration: Istio's where it has one, else Coxswain's own (`CXS....`). One table, documented here. */

export interface IssueCode {
  readonly code: string;
  readonly name: string;
  /** What it means to the person who reads it. */
  readonly meaning: string;
}

/** Codes that the schema itself reports. */
export const issueCodes = {
  schemaError: 'IST0106',
  schemaWarning: 'IST0133',
  unreachableRule: 'IST0130',
  ineffectiveMatch: 'IST0131',
  conflictingGateways: 'IST0145',
  unknownField: 'CXS0001',
  unknownKind: 'CXS0002',
  ignoredKind: 'CXS0003',
  malformedDocument: 'CXS0004',
  withoutEffect: 'CXS0005',
  patchNotApplied: 'CXS0006',
  uselessProvider: 'CXS0007',
} as const;

/** Every code above, by number. Analyses add theirs to their own table. */
export const issueCodeTable: readonly IssueCode[] = [
  {
    code: 'IST0106',
    name: 'SchemaValidationError',
    meaning: 'A field has a wrong type or breaks a rule of its kind; the object is not used, its last good version stays in force.',
  },
  { code: 'IST0130', name: 'VirtualServiceUnreachableRule', meaning: 'Earlier rules take every request that this rule could match.' },
  { code: 'IST0131', name: 'VirtualServiceIneffectiveMatch', meaning: 'An earlier rule has the same match, or a prefix that covers it.' },
  { code: 'IST0133', name: 'SchemaWarning', meaning: 'Valid, but deprecated, without effect, or probably not what was meant.' },
  {
    code: 'IST0145',
    name: 'ConflictingGateways',
    meaning: 'A server of a Gateway cannot share its port with one that was there before, or a host of it cannot; it is left out.',
  },
  { code: 'CXS0001', name: 'UnknownField', meaning: 'The kind has no field of this name; it is left out, as the API server prunes it.' },
  { code: 'CXS0002', name: 'UnknownKind', meaning: 'The API group is one of a mesh, but it has no such kind or version.' },
  { code: 'CXS0003', name: 'IgnoredKind', meaning: 'An object of a kind that a mesh does not read, such as a Deployment.' },
  { code: 'CXS0004', name: 'MalformedDocument', meaning: 'The document is no object with apiVersion, kind and metadata.' },
  {
    code: 'CXS0005',
    name: 'WithoutEffect',
    meaning: 'The object or field is in order, but Coxswain, or Istio itself, does nothing with it: it changes nothing.',
  },
  {
    code: 'CXS0006',
    name: 'PatchNotApplied',
    meaning: 'Envoy would refuse what one patch of an EnvoyFilter makes; that patch is skipped, the others of the object are in force.',
  },
  {
    code: 'CXS0007',
    name: 'UselessProvider',
    meaning: 'A Telemetry object names an extension provider that is not there, is of another kind, or leads to no service; it is skipped.',
  },
];
