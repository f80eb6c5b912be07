import { enableCompileCache } from 'node:module';
import { buildProgram } from './cli/commands.ts';

enableCompileCache();

const program = buildProgram('0.1.0', {
  serve: async (options) => (await import('./app/serve.ts')).serve(options),
  proxy: async (options) => (await import('./app/proxy.ts')).proxy(options),
  manifest: async (options) => (await import('./app/manifest.ts')).manifest(options),
  install: async (options) => (await import('./app/install.ts')).install(options),
  uninstall: async (options) => (await import('./app/install.ts')).uninstall(options),
  demo: async (options) => (await import('./app/demo.ts')).demo(options),
  explain: async (options) => (await import('./app/explain.ts')).explain(options),
  showRegistries: async (options) => (await import('./app/show-registries.ts')).showRegistries(options),
  showProxies: async (options) => (await import('./app/show-proxies.ts')).showProxies(options),
});
// No top-level await: the published program is CommonJS.
void program.parseAsync();
