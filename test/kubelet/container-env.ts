import type { ConfigMap, Container, EnvVar, Pod, Secret } from './kube-objects.ts';
import { fieldOf, type PodPlace, resourceOf } from './pod-fields.ts';

/** Objects of the pod's namespace that volumes and variables are made of. */
export interface PodSources {
  readonly configMap: (name: string) => ConfigMap | undefined;
  readonly secret: (name: string) => Secret | undefined;
}

type Env = Readonly<Record<string, string>>;

/** The variables of one container: first `envFrom`, then `env` in its order, with `$(NAME)` replaced by what stands before. */
export function containerEnv(pod: Pod, container: Container, place: PodPlace, sources: PodSources): Env {
  const env: Record<string, string> = {};
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const from = configMapRef ? textsOf(configMapRef, sources) : secretRef ? secretTexts(secretRef, sources) : {};
    for (const [key, value] of Object.entries(from)) env[prefix + key] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, { pod, container, place, sources });
    if (value !== undefined) env[variable.name] = expand(value, env);
  }
  return env;
}

/** `$(NAME)` is a variable, `$$(NAME)` is not; unknown ones stay as they are. */
export function expand(text: string, env: Env): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][\w.-]*)\)/g, (match, name?: string) => (name === undefined ? '$' : (env[name] ?? match)));
}

interface Surroundings {
  readonly pod: Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly sources: PodSources;
}

function variableValue({ value = '', valueFrom }: EnvVar, { pod, container, place, sources }: Surroundings): string | undefined {
  if (!valueFrom) return value;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) return fieldOf(pod, place, fieldRef);
  if (resourceFieldRef) return resourceOf(container, resourceFieldRef);
  const ref = configMapKeyRef ?? secretKeyRef;
  if (!ref) return undefined;
  const found = configMapKeyRef ? textsOf(configMapKeyRef, sources) : secretTexts(ref, sources);
  if (found[ref.key] === undefined && !ref.optional) throw new Error(`${ref.name} has no key ${ref.key}`);
  return found[ref.key];
}

interface Named {
  readonly name: string;
  readonly optional?: boolean;
}

function textsOf({ name, optional }: Named, { configMap }: PodSources): Env {
  const found = configMap(name);
  if (!found && !optional) throw new Error(`ConfigMap ${name} is not there`);
  return found?.data ?? {};
}

function secretTexts({ name, optional }: Named, { secret }: PodSources): Env {
  const found = secret(name);
  if (!found && !optional) throw new Error(`Secret ${name} is not there`);
  return Object.fromEntries(Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
