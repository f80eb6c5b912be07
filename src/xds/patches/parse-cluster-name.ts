/** What the name of a generated cluster says; zero values for names of another form (Istio `ParseSubsetKey`). */
export interface ClusterNameParts {
  readonly direction: string;
  readonly port: number;
  readonly subset: string;
  readonly host: string;
}

/** `outbound|80|v1|host`, `outbound_.80_.v1_.host`, `inbound|8080||`. */
export function parseClusterName(name: string): ClusterNameParts {
  const separator = name.startsWith('outbound_.') || name.startsWith('inbound_.') ? '_.' : '|';
  const [direction = '', port = '', subset = '', host = '', ...more] = name.split(separator);
  const isNone = more.length > 0 || name.split(separator).length < 4;
  return isNone ? { direction: '', port: 0, subset: '', host: '' } : { direction, port: Number(port) || 0, subset, host };
}
