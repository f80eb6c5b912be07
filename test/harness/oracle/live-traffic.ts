import { type Call, HttpClient } from '../http-call.ts';

const pauseMs = 10;

/** Requests without an end, one after the other; what is not answered with 200 is remembered. */
export class LiveTraffic {
  answered = 0;
  readonly failures: string[] = [];
  private readonly client = new HttpClient();
  private readonly call: Call;
  private isOver = false;
  private readonly ended: Promise<void>;

  constructor(call: Call) {
    this.call = call;
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.ended;
    this.client.close();
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      try {
        const { status, body } = await this.client.call(this.call);
        if (status === 200) this.answered++;
        else this.failures.push(`status ${status}: ${body.slice(0, 200)}`);
      } catch (error) {
        this.failures.push(error instanceof Error ? error.message : String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
