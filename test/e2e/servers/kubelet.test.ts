import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { pinnedNode } from '../../harness/serve-process.ts';
import { buildGoProgram, goPrograms } from '../../harness/servers/go-program.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { Kubelet } from '../../kubelet/kubelet.ts';
import { PodNetwork } from '../../kubelet/pod-network.ts';

interface PodObject {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

/** The node agent that deployed meshes are tested with runs pods as Kubernetes says. */
describeNeeding(['kube', 'gokit', 'openssl', 'root', 'iproute2', 'util-linux'], 'the test kubelet', () => {
  let network: PodNetwork;
  let cluster: KubeCluster;
  let kubelet: Kubelet;

  beforeAll(async () => {
    network = await PodNetwork.create();
    const { serviceRange, apiServerAddress } = network;
    cluster = await KubeCluster.start({ serviceRange, alternativeNames: [apiServerAddress] });
    const register = await buildGoProgram(goPrograms.gokit);
    kubelet = await Kubelet.start({
      cluster,
      network,
      images: {
        shell: { entrypoint: ['sh', '-c'] },
        node: { entrypoint: ['/opt/node', '-e'], files: { '/opt/node': pinnedNode } },
        register: { entrypoint: ['/opt/register'], files: { '/opt/register': register } },
      },
    });
  });

  afterAll(async () => {
    await kubelet?.stop();
    await cluster?.stop();
    await network?.destroy();
  });

  const podPath = (name: string) => `/api/v1/namespaces/default/pods/${name}`;
  const get = (name: string) => cluster.http.json<PodObject>(podPath(name));
  const isReady = ({ status }: PodObject) => status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const untilReady = (name: string) =>
    vi.waitUntil(async () => get(name).then((pod) => isReady(pod) && pod), { timeout: 60_000, interval: 50 });
  const pod = (name: string, spec: object, labels: Readonly<Record<string, string>> = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels },
    spec,
  });
  const logged = (name: string, container: string, text: string) =>
    vi.waitFor(async () => expect(await kubelet.log('default', name, container)).toContain(text), 60_000);

  test('runs a Deployment whose pods answer under the name of their Service, from this machine and from pods', async () => {
    const labels = { app: 'register' };
    await cluster.apply(
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'register', namespace: 'default' },
        spec: { selector: labels, ports: [{ name: 'http', port: 12312 }] },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'register', namespace: 'default' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              securityContext: { runAsUser: 1337, runAsGroup: 1337 },
              containers: [
                {
                  name: 'register',
                  image: 'registry.example.com/register:v1',
                  args: ['-address=$(POD_IP)', '-id=$(POD_NAME)'],
                  env: [
                    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                  ],
                  ports: [{ name: 'http', containerPort: 12312 }],
                  readinessProbe: { httpGet: { path: '/health', port: 'http' } },
                  securityContext: { readOnlyRootFilesystem: true },
                },
              ],
            },
          },
        },
      },
    );
    await cluster.kubectl(['rollout', 'status', 'deployment/register', '--timeout=120s']);
    const { spec } = await cluster.http.json<{ spec: { clusterIP: string } }>('/api/v1/namespaces/default/services/register');
    const instances = new Set<string | null>();
    await vi.waitFor(async () => {
      const answer = await fetch(`http://${spec.clusterIP}:12312/health`, { headers: { connection: 'close' } });
      instances.add(answer.headers.get('x-register-instance'));
      expect(instances.size).toBe(2);
    }, 60_000);
    const script = "fetch('http://register.default.svc.cluster.local:12312/health').then((r) => console.log('answer', r.status))";
    await cluster.apply(pod('client', { restartPolicy: 'Never', containers: [{ name: 'client', image: 'node', args: [script] }] }));
    await logged('client', 'client', 'answer 200');
    await vi.waitFor(async () => expect((await get('client')).status.phase).toBe('Succeeded'), 60_000);
  });

  test('gives containers their configuration, secrets and an identity, and init containers their turn', async () => {
    await cluster.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: { color: 'green' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password', namespace: 'default' }, stringData: { word: 'sesame' } },
    );
    const shared = { name: 'shared', mountPath: '/shared' };
    const main = [
      'cat /shared/order; echo main',
      'echo $WORD $COLOR; cat /etc/settings/color; echo',
      'test -s /var/run/secrets/kubernetes.io/serviceaccount/token && echo has a token',
      'touch /etc/settings/x 2>/dev/null || echo cannot write',
      'while ! grep -q red /etc/settings/color; do sleep 0.05; done; echo turned red; sleep infinity',
    ];
    await cluster.apply(
      pod('configured', {
        terminationGracePeriodSeconds: 1,
        initContainers: [
          { name: 'first', image: 'shell', args: ['echo first >> /shared/order'], volumeMounts: [shared] },
          {
            name: 'sidecar',
            image: 'shell',
            restartPolicy: 'Always',
            args: ['echo sidecar >> /shared/order; sleep infinity'],
            startupProbe: { exec: { command: ['grep', '-q', 'sidecar', '/shared/order'] } },
            volumeMounts: [shared],
          },
          { name: 'second', image: 'shell', args: ['echo second >> /shared/order'], volumeMounts: [shared] },
        ],
        containers: [
          {
            name: 'main',
            image: 'shell',
            args: [main.join('\n')],
            env: [
              { name: 'WORD', valueFrom: { secretKeyRef: { name: 'password', key: 'word' } } },
              { name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'color' } } },
            ],
            volumeMounts: [shared, { name: 'settings', mountPath: '/etc/settings' }],
          },
        ],
        volumes: [
          { name: 'shared', emptyDir: {} },
          { name: 'settings', configMap: { name: 'settings' } },
        ],
      }),
    );
    await untilReady('configured');
    await logged('configured', 'main', 'first\nsidecar\nsecond\nmain\nsesame green\ngreen\nhas a token\ncannot write\n');
    await cluster.kubectl(['patch', 'configmap', 'settings', '-p', '{"data":{"color":"red"}}']);
    await logged('configured', 'main', 'turned red');
    await cluster.kubectl(['delete', 'pod', 'configured', '--timeout=30s']);
  });

  test('lets a container reach the API server as its service account', async () => {
    const script = `
      const { readFileSync } = require('node:fs');
      const folder = '/var/run/secrets/kubernetes.io/serviceaccount/';
      const headers = { authorization: 'Bearer ' + readFileSync(folder + 'token', 'utf8') };
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
      const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
      for (const name of [host, 'kubernetes.default.svc']) {
        require('node:https').request({ host: name, port, path, method: 'POST', ca: readFileSync(folder + 'ca.crt'), headers: { ...headers, 'content-type': 'application/json' } }, (response) =>
          response.on('data', (data) => console.log(name === host ? 'by address' : 'by name', JSON.parse(data).status.userInfo.username)),
        ).end(body);
      }`;
    await cluster.apply(pod('caller', { restartPolicy: 'Never', containers: [{ name: 'caller', image: 'node', args: [script] }] }));
    await logged('caller', 'caller', 'by address system:serviceaccount:default:default');
    await logged('caller', 'caller', 'by name system:serviceaccount:default:default');
  });

  test('restarts what crashes, takes out of service what is not ready, and lets a pod say goodbye', async () => {
    const script = `
      let ready = true;
      process.on('SIGUSR2', () => (ready = !ready));
      process.on('SIGTERM', () => require('node:fs').writeFile('/goodbye/said', '', () => process.exit()));
      require('node:http').createServer((q, r) => { r.statusCode = ready ? 200 : 503; r.end('x'); }).listen(8080);`;
    const http = { httpGet: { port: 8080 } };
    await cluster.apply(
      pod('server', {
        containers: [
          {
            name: 'server',
            image: 'node',
            args: [script],
            readinessProbe: { ...http, periodSeconds: 1, failureThreshold: 1 },
            volumeMounts: [{ name: 'goodbye', mountPath: '/goodbye' }],
          },
          {
            name: 'watcher',
            image: 'shell',
            args: ["trap 'while [ ! -e /goodbye/said ]; do sleep 0.05; done; exit 0' TERM; sleep infinity & wait"],
            volumeMounts: [{ name: 'goodbye', mountPath: '/goodbye' }],
          },
        ],
        volumes: [{ name: 'goodbye', emptyDir: {} }],
      }),
    );
    await untilReady('server');
    kubelet.signal('default', 'server', 'server', 'SIGUSR2');
    await vi.waitUntil(async () => !isReady(await get('server')), { timeout: 60_000, interval: 50 });
    kubelet.signal('default', 'server', 'server', 'SIGKILL');
    await vi.waitFor(async () => {
      const { status } = await get('server');
      expect(status.containerStatuses).toMatchObject([{ restartCount: 1, ready: true }, { restartCount: 0 }]);
    }, 60_000);
    await cluster.kubectl(['delete', 'pod', 'server', '--timeout=25s']);
    await expect(get('server')).rejects.toThrow('404');
  });
});
