/** A ValidatingWebhookConfiguration, as far as we change it; everything else is kept. */
export interface WebhookConfiguration {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly webhooks?: readonly Webhook[];
}

interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle?: string };
  readonly failurePolicy?: string;
}

/** The configuration as it should be; `bundle` is base64. The policy becomes `Fail`, and is never weakened. */
export function repaired(configuration: WebhookConfiguration, bundle: string, isAnswering: boolean): WebhookConfiguration {
  return {
    ...configuration,
    ...(configuration.webhooks && {
      webhooks: configuration.webhooks.map((webhook) => ({
        ...webhook,
        clientConfig: { ...webhook.clientConfig, caBundle: bundle },
        ...(isAnswering && { failurePolicy: 'Fail' }),
      })),
    }),
  };
}
