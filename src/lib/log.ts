import pino from 'pino';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Istio's logging scopes (`istioctl admin log` and ControlZ name them) plus our own rooms. */
export const logScopes = [
  'default',
  'ads',
  'delta',
  'model',
  'config',
  'registry',
  'kube',
  'consul',
  'etcd',
  'zookeeper',
  'eureka',
  'nacos',
  'ca',
  'security',
  'authorization',
  'validation',
  'analysis',
  'status',
  'webhook',
  'admin',
  'agent',
  'envoy',
] as const;

export type LogScope = (typeof logScopes)[number];

/** What the rooms need of a logger: a message, and fields that a machine can search. */
export interface Logger {
  fatal(fields: object | string, message?: string): void;
  error(fields: object | string, message?: string): void;
  warn(fields: object | string, message?: string): void;
  info(fields: object | string, message?: string): void;
  debug(fields: object | string, message?: string): void;
  trace(fields: object | string, message?: string): void;
  isLevelEnabled(level: LogLevel): boolean;
  /** A logger that adds `scope` to every line. */
  scoped(scope: LogScope): Logger;
}

export interface LogSettings {
  readonly level: LogLevel;
  /** Levels of single scopes that differ from `level` (`--log_output_level ads:debug`). */
  readonly scopes?: Partial<Readonly<Record<LogScope, LogLevel>>>;
  /** Where lines go; standard error where unset. Standard output belongs to the results of commands. */
  readonly destination?: { write(line: string): void };
}

/** The process's one logger: JSON lines with `level`, `time` (ISO), `scope`, `msg`. Created at the composition root and handed down. */
export function createLogger(settings: LogSettings): Logger {
  const root = pino(
    {
      level: settings.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.err },
    },
    settings.destination ?? pino.destination({ dest: 2, sync: true }),
  );
  const scoped = (scope: LogScope): Logger => wrap(root.child({ scope }, { level: settings.scopes?.[scope] ?? settings.level }), scoped);
  return scoped('default');
}

/** Says nothing; for tests. */
export const silentLogger: Logger = createLogger({ level: 'silent', destination: { write: () => undefined } });

function wrap(logger: pino.Logger, scoped: (scope: LogScope) => Logger): Logger {
  const at = (level: Exclude<LogLevel, 'silent'>) => (fields: object | string, message?: string) => {
    if (typeof fields === 'string') logger[level](fields);
    else logger[level](fields, message);
  };
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    isLevelEnabled: (level) => level !== 'silent' && logger.isLevelEnabled(level),
    scoped,
  };
}
