import { existsSync } from 'node:fs';
import type { ExplainOptions } from '../cli/roles.ts';
import { loadProtos } from '../envoy/protos.ts';
import type { CallProblem } from '../explain/call.ts';
import { isProblem } from '../explain/call.ts';
import { explain as explainRequest } from '../explain/explain.ts';
import type { Explanation, Verdict } from '../explain/explanation.ts';
import { formatExplanation } from '../explain/print/format-explanation.ts';
import { colourStyle, plainStyle } from '../explain/print/style.ts';
import { readCall } from '../explain/read-call.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger } from '../lib/log.ts';
import { askServer } from './ask-explanation.ts';
import { configSources } from './config-sources.ts';
import { createControlPlane } from './control-plane.ts';
import { explainWorld } from './explain-world.ts';
import { endWithSentence, StartupError } from './startup-error.ts';

/** What the program ends with; 1 is for questions that cannot be understood. */
const exitCodes: Readonly<Record<Verdict, number>> = {
  delivered: 0,
  'answered by the mesh': 2,
  'not delivered': 2,
  'delivered in part': 3,
  unknown: 4,
};

/** `coxswain explain`: prints the way of a request, and ends with whether it is delivered. */
export async function explain(options: ExplainOptions): Promise<void> {
  const explanation = await explanationOf(options).catch(endWithSentence);
  process.stdout.write(textOf(explanation, options, process.stdout.isTTY && !process.env['NO_COLOR']));
  process.exitCode = exitCodes[explanation.verdict];
}

export function textOf(explanation: Explanation, { output, all }: Pick<ExplainOptions, 'output' | 'all'>, isColoured: boolean): string {
  if (output === 'json') return `${JSON.stringify(explanation, null, 2)}\n`;
  return formatExplanation(explanation, { style: isColoured ? colourStyle : plainStyle, all });
}

/** @throws StartupError where the question cannot be understood, or nobody answers it. */
export async function explanationOf(options: ExplainOptions): Promise<Explanation> {
  if (options.server !== undefined && options.config !== undefined)
    throw new StartupError('--config and --server exclude each other: look into a directory, or ask who serves it');
  if (options.from === undefined && options.gateway === undefined) throw new StartupError('name who asks, with --from or --gateway');
  return options.config === undefined ? askServer(options) : explainDirectories(options, options.config);
}

async function explainDirectories(options: ExplainOptions, config: readonly string[]): Promise<Explanation> {
  const call = orThrow(readCall(options));
  for (const path of [...config, options.meshConfig ?? '', options.meshNetworks ?? '']) {
    if (path !== '' && !existsSync(path)) throw new StartupError(`there is no ${path}`);
  }
  const ended = new AbortController();
  const protos = loadProtos();
  const log = createLogger({ level: 'error' });
  const { meshConfig, meshNetworks } = options;
  const from = { config, ...(meshConfig !== undefined && { meshConfig }), ...(meshNetworks !== undefined && { meshNetworks }) };
  const { sources } = await configSources(from, process.env, systemClock);
  const plane = createControlPlane({ sources, env: process.env, protos, log });
  try {
    await plane.config.start(ended.signal);
    const kind = options.gateway === undefined ? 'workload' : 'gateway';
    const name = options.gateway ?? options.from ?? '';
    return orThrow(explainRequest(explainWorld({ plane, protos }), { from: { kind, name }, call, followsToServer: options.inbound }));
  } finally {
    ended.abort();
  }
}

function orThrow<T extends object>(result: T | CallProblem): T {
  if (!isProblem(result)) return result;
  throw new StartupError(result.hint === undefined ? result.problem : `${result.problem}: ${result.hint}`);
}
