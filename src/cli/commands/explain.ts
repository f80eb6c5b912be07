import { Command, Option } from 'commander';
import { callProtocols } from '../../explain/call.ts';
import { collect } from '../collect.ts';
import { hostPort } from '../host-port.ts';
import type { ExplainOptions, Roles } from '../roles.ts';

interface ExplainFlags extends Omit<ExplainOptions, 'words' | 'headers'> {
  readonly header?: readonly string[];
}

/** `coxswain explain`: where a request goes, and which line of the configuration says so. */
export function explainCommand(roles: Roles): Command {
  return new Command('explain')
    .description('Show where a request goes, and which line of the configuration says so.')
    .argument('[request...]', 'after --: the request as curl would be told it')
    .option('--config <directory>', 'YAML to look into; repeatable, the first wins (default: ask --server)', collect)
    .option('--mesh-config <file>', 'MeshConfig as YAML')
    .option('--mesh-networks <file>', 'MeshNetworks as YAML')
    .option('--server <host:port>', 'HTTP port of a running control plane (default: "127.0.0.1:8080")', hostPort)
    .option('--from <namespace/name>', 'who asks: a pod, WorkloadEntry, app label, Deployment, service account or Service')
    .option('--gateway <namespace/name>', 'the request comes in at a gateway: its pod, label, Service or Gateway, or label=value')
    .option('--method <method>')
    .option('--host <name>', 'as the client is told it: reviews, reviews.default, an address')
    .option('--port <number>')
    .option('--path <path>', 'with the query')
    .option('--header <name:value>', 'repeatable', collect)
    .option('--address <ip>', 'where the client connects, whatever DNS says')
    .addOption(new Option('--protocol <name>', 'what is spoken').choices(callProtocols))
    .option('--tls', 'the client speaks TLS')
    .option('--sni <name>', 'the server name that it asks for')
    .option('--no-inbound', 'leave out what the proxy beside the receiver does')
    .option('--all', 'every step, and every candidate that lost', false)
    .addOption(new Option('-o, --output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action((words: readonly string[], { header, ...flags }: ExplainFlags) =>
      roles.explain({ ...flags, words, ...(header && { headers: header }) }),
    );
}

const examples = `
The end of the command line is read as curl would read it:
  coxswain explain --config mesh --from default/frontend -- curl -H 'end-user: jason' http://reviews:9080/reviews/0
  coxswain explain --config mesh --gateway istio-system/istio-ingressgateway -- curl https://shop.example.com/
  coxswain explain --server 127.0.0.1:8080 --from default/frontend --host mongo --port 27017 --protocol tcp

Exit status: 0 delivered, 2 not delivered (also: answered by the mesh), 3 delivered in part, 4 cannot be said,
1 the question itself is wrong.`;
