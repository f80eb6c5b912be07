/** What stands for a container image: a program of this machine. */
export interface TestImage {
  readonly entrypoint: readonly string[];
  /** Arguments where the container gives none. */
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folders and files of this machine by where the container sees them, read-only. A mounted `/tmp` would hide what lies there. */
  readonly files?: Readonly<Record<string, string>>;
}

/** By name, without registry and tag: `pilot` is `docker.io/istio/pilot:1.28`. */
export type TestImages = Readonly<Record<string, TestImage>>;

export function imageOf(images: TestImages, reference: string): TestImage | undefined {
  const name = reference.split('/').at(-1)?.split('@')[0]?.split(':')[0];
  return name === undefined ? undefined : images[name];
}
