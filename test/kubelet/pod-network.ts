import { existsSync } from 'node:fs';
import { linkPrefix, NetworkSandbox, type SandboxOptions } from './network-sandbox.ts';
import { runCommand } from './run-command.ts';

/** Names of our bridges, followed by a number. */
const prefix = 'cxbridge';
const networks = 200;

/**
 * A bridge of one test with a /24 for pods and a /24 for Services. The bridge has an address, so that processes of this
 * machine and pods reach each other; nothing is routed beyond it, no packet filter is touched. Root and iproute2.
 */
export class PodNetwork {
  readonly bridge: string;
  /** Of this machine, as pods see it. */
  readonly hostAddress: string;
  /** For `KubeCluster.start`. */
  readonly serviceRange: string;
  private readonly number: number;
  private readonly sandboxes = new Map<number, NetworkSandbox>();
  private lastPlace = 1;
  private isDown = false;

  private constructor(number: number) {
    this.number = number;
    this.bridge = `${prefix}${number}`;
    this.hostAddress = `10.244.${number}.1`;
    this.serviceRange = `10.96.${number}.0/24`;
  }

  static async create(): Promise<PodNetwork> {
    await removeAbandoned();
    for (let i = 0; i < networks; i++) {
      const network = new PodNetwork(1 + ((process.pid + i) % networks));
      if (await network.claim()) return network;
    }
    throw new Error('no network is free: ip link show type bridge');
  }

  /** The first address of the Services, which is `kubernetes.default`. */
  get apiServerAddress(): string {
    return `10.96.${this.number}.1`;
  }

  /** A network namespace with an address of its own: a pod, or what plays a virtual machine. */
  async attach(options: SandboxOptions = {}): Promise<NetworkSandbox> {
    const place = this.freePlace();
    const address = `10.244.${this.number}.${place}`;
    const sandbox = new NetworkSandbox({
      ...options,
      address,
      gateway: this.hostAddress,
      bridge: this.bridge,
      onEnd: () => this.sandboxes.delete(place),
    });
    this.sandboxes.set(place, sandbox);
    await sandbox.start();
    return sandbox;
  }

  /** Makes a further address lead to this machine. */
  async addHostAddress(address: string): Promise<void> {
    await runCommand('ip', ['address', 'add', `${address}/32`, 'dev', this.bridge]);
  }

  async removeHostAddress(address: string): Promise<void> {
    if (!this.isDown) await runCommand('ip', ['address', 'del', `${address}/32`, 'dev', this.bridge]);
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.sandboxes.values()].map((sandbox) => sandbox.destroy()));
    this.isDown = true;
    await runCommand('ip', ['link', 'delete', this.bridge]);
  }

  /** Addresses are not given out again at once: somebody may still know who had them. */
  private freePlace(): number {
    for (let i = 0; i < 253; i++) {
      this.lastPlace = this.lastPlace === 254 ? 2 : this.lastPlace + 1;
      if (!this.sandboxes.has(this.lastPlace)) return this.lastPlace;
    }
    throw new Error('all addresses of the network are taken');
  }

  /** False where somebody else has it. */
  private async claim(): Promise<boolean> {
    try {
      await runCommand('ip', ['link', 'add', 'name', this.bridge, 'type', 'bridge']);
    } catch (error) {
      if (String(error).includes('File exists')) return false;
      throw error;
    }
    const lines = [
      `link set ${this.bridge} alias ${process.pid}`,
      `address add ${this.hostAddress}/24 dev ${this.bridge}`,
      `link set ${this.bridge} up`,
    ];
    await runCommand('ip', ['-batch', '-'], lines.join('\n'));
    return true;
  }
}

/** Bridges and links of tests that were killed. */
async function removeAbandoned(): Promise<void> {
  const bridges = await linksOf('bridge', prefix);
  const links = await linksOf('veth', linkPrefix);
  const owned = [
    ...bridges.flatMap(({ ifname, ifalias }) => (ifalias === undefined ? [] : [{ ifname, owner: ifalias }])),
    ...links.map(({ ifname }) => ({ ifname, owner: ifname.slice(linkPrefix.length) })),
  ];
  for (const { ifname, owner } of owned) {
    // somebody else may be about to do the same
    if (!existsSync(`/proc/${owner}`)) await runCommand('ip', ['link', 'delete', ifname]).catch(() => {});
  }
}

async function linksOf(type: string, begin: string): Promise<readonly Link[]> {
  const links = JSON.parse((await runCommand('ip', ['-json', 'link', 'show', 'type', type])) || '[]') as readonly Link[];
  return links.filter(({ ifname }) => ifname.startsWith(begin));
}

interface Link {
  readonly ifname: string;
  /** The process that made it. */
  readonly ifalias?: string;
}
