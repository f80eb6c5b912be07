/** An installation cannot be made as it was asked for; the message says why, one line for each reason. */
export class InstallError extends Error {
  override readonly name: string = 'InstallError';
}
