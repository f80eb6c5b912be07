/** TEMP */
export const issueCodes = {
  schemaError: 'IST0106',
  schemaWarning: 'IST0133',
  unknownField: 'CXS0001',
  unknownKind: 'CXS0002',
  ignoredKind: 'CXS0003',
} as const;
