import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import path from 'node:path';

export interface S3Settings {
  readonly endpoint: URL;
  readonly region: string;
  readonly bucket: string;
  /** Without slashes at its ends; may be ''. */
  readonly prefix: string;
  readonly credentials: S3Credentials | null;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The variables of Amazon's own tools: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL (for MinIO and others), AWS_REGION,
 * AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else the AWS_PROFILE of ~/.aws/credentials. Throws a
 * `TypeError` for what is no address.
 */
export const readS3Settings = (address: string, env: Env): S3Settings => {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/i.exec(address) ?? [];
  if (bucket === undefined) throw new TypeError(`expected s3://BUCKET or s3://BUCKET/PATH`);
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
  if (!URL.canParse(endpoint)) throw new TypeError(`AWS_ENDPOINT_URL is no URL: ${endpoint}`);
  return {
    endpoint: new URL(endpoint),
    ...{region, bucket},
    prefix: prefix.replace(/^\/+|\/+$/g, ''),
    credentials: ofEnvironment(env) ?? ofFile(env),
  };
};

const ofEnvironment = (env: Env): S3Credentials | null =>
  credentialsOf(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY'], env['AWS_SESSION_TOKEN']);

const ofFile = (env: Env): S3Credentials | null => {
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] ?? path.join(env['HOME'] ?? homedir(), '.aws', 'credentials');
  if (!existsSync(file)) return null;
  const profile = env['AWS_PROFILE'] ?? 'default';
  const values = new Map<string, string>();
  let section = '';
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    section = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1] ?? section;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/i.exec(line) ?? [];
    if (name !== undefined && section === profile) values.set(name.toLowerCase(), value!);
  }
  return credentialsOf(
    values.get('aws_access_key_id'),
    values.get('aws_secret_access_key'),
    values.get('aws_session_token'),
  );
};

const credentialsOf = (
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): S3Credentials | null =>
  accessKeyId && secretAccessKey ? {accessKeyId, secretAccessKey, ...(sessionToken ? {sessionToken} : {})} : null;
