import { ConfigError } from '../errors.ts';

/** Where the program runs. */
export interface Environment {
  /** What `ENVIRONMENT` says; `production` when it says nothing. */
  readonly name: 'production' | 'development' | 'test';
  /** Variables that only a production platform sets, such as `K_SERVICE`. */
  readonly productionSigns: readonly string[];
  /**
   * Whether what is only fit for development must be refused: in production, and wherever the
   * platform shows signs of it whatever `ENVIRONMENT` says.
   */
  readonly isProduction: boolean;
}

// Registry symbol, so that two installed copies of this package accept each other's results.
const brand: symbol = Symbol.for('@sallyport/core/Environment');

/**
 * Whether {@link detectEnvironment} returned this very object. The brand refers to its own object,
 * so spreads, clones, derived objects and copies of its properties are refused.
 */
export function isDetectedEnvironment(value: unknown): value is Environment {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getOwnPropertyDescriptor(value, brand)?.value === value && Object.isFrozen(value);
}

const names = ['production', 'development', 'test'] as const;

// Cloud Run services and jobs, Kubernetes, AWS Lambda, Azure App Service.
const platformVariables = [
  'K_SERVICE',
  'K_REVISION',
  'CLOUD_RUN_JOB',
  'KUBERNETES_SERVICE_HOST',
  'AWS_LAMBDA_FUNCTION_NAME',
  'WEBSITE_INSTANCE_ID',
] as const;

/**
 * Reads the environment from variables that are passed in.
 *
 * Development must be said: without `ENVIRONMENT` it is production. White space and letter case
 * do not matter.
 *
 * @throws {ConfigError} When `ENVIRONMENT` is another word, so that a misspelling cannot weaken
 *   anything.
 */
export function detectEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  assertVariables(variables);
  const said = variables['ENVIRONMENT']?.trim().toLowerCase() || 'production';
  const name = names.find((candidate) => candidate === said);
  if (name === undefined) {
    throw new ConfigError('ENVIRONMENT', `must be one of ${names.join(', ')}`);
  }
  const productionSigns: string[] = platformVariables.filter((variable) => variables[variable]);
  if (variables['NODE_ENV']?.trim().toLowerCase() === 'production') {
    productionSigns.push('NODE_ENV=production');
  }
  const environment: Environment = {
    name,
    productionSigns: Object.freeze(productionSigns),
    isProduction: name === 'production' || productionSigns.length > 0,
  };
  return Object.freeze(Object.defineProperty(environment, brand, { value: environment }));
}

function assertVariables(variables: unknown): void {
  try {
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
      for (const name of ['ENVIRONMENT', 'NODE_ENV', ...platformVariables]) {
        const value: unknown = Reflect.get(variables, name);
        if (value !== undefined && typeof value !== 'string') {
          throw new ConfigError(name, 'must be a string');
        }
      }
      return;
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
  }
  throw new ConfigError('variables', 'must be an object that can be read, such as process.env');
}
