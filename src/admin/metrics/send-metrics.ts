import { Gauge, type Registry } from 'prom-client';
import type { SendFigures } from '../../discovery/send-budget.ts';

/** What is on its way to all proxies together; looked at when somebody asks for the metrics. */
export function addSendMetrics(registry: Registry, figures: () => SendFigures): void {
  const gauge = (name: string, help: string, value: (current: SendFigures) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(figures()));
      },
    });
  gauge('coxswain_send_bytes_in_flight', 'Bytes handed to the transport that have not left.', ({ bytesInFlight }) => bytesInFlight);
  gauge('coxswain_send_stalled_bytes', 'Of these, bytes that proxies are slow to take.', ({ stalledBytes }) => stalledBytes);
  gauge(
    'coxswain_send_waiting_streams',
    'Streams with a large response that waits for its turn (COXSWAIN_MAX_BYTES_IN_FLIGHT).',
    ({ streamsWaiting }) => streamsWaiting,
  );
}
