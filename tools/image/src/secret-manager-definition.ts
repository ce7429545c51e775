interface Namespace {
  readonly nested?: Readonly<Record<string, Namespace>>;
  readonly methods?: Readonly<Record<string, Method>>;
  readonly fields?: Readonly<Record<string, Field>>;
}

interface Method {
  readonly requestType: string;
  readonly responseType: string;
}

interface Field {
  readonly type: string;
}

const path = ['google', 'cloud', 'secretmanager', 'v1'];

/**
 * Leaves one method of Secret Manager in Google's `protos.json`, and the messages that it needs. The client makes
 * classes, encoders and descriptors of everything in there, before its first call.
 *
 * @throws When the method is not in there.
 */
export function keepMethod(text: string, serviceName: string, methodName: string): string {
  const all = path.reduce<Namespace | undefined>(
    (parent, name) => parent?.nested?.[name],
    JSON.parse(text) as Namespace,
  )?.nested;
  const method = all?.[serviceName]?.methods?.[methodName];
  if (all === undefined || method === undefined) {
    throw new Error(`there is no method ${methodName} of ${serviceName} in protos.json`);
  }
  const { requestType, responseType } = method;
  const kept: Record<string, Namespace> = {
    [serviceName]: { methods: { [methodName]: { requestType, responseType } } },
  };
  const keepMessage = (name: string): void => {
    const message = all[name];
    if (message === undefined || name in kept) return;
    kept[name] = message;
    for (const { type } of Object.values(message.fields ?? {})) keepMessage(type);
  };
  keepMessage(requestType);
  keepMessage(responseType);
  const [root] = path.reduceRight<readonly Namespace[]>(
    ([inner], name) => [{ nested: { [name]: inner as Namespace } }],
    [{ nested: kept }],
  );
  return JSON.stringify(root);
}
