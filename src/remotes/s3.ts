import type {OpenRemote} from '../contract/remote.ts';
import {requestS3} from './s3/request.ts';
import {readS3Settings, type S3Settings} from './s3/settings.ts';

/** A bucket of Amazon S3, or of anything that speaks its protocol: `s3://BUCKET/PATH`, objects below `PATH/objects/`. */
const open: OpenRemote = (address, {env}) => {
  let known: S3Settings | undefined;
  const settings = (): S3Settings => (known ??= readS3Settings(address, env));
  const keyOf = (digest: string): string => `objects/${digest.slice(0, 2)}/${digest.slice(2)}`;
  const refused = (status: number, what: string): Error => {
    const why = status === 403 ? 'check the credentials and their rights' : 'is the bucket gone?';
    return new Error(`${settings().endpoint.origin} answered ${status} to ${what} ${address}: ${why}`);
  };
  return {
    async problem() {
      try {
        if (settings().credentials === null) {
          return 'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE of ~/.aws/credentials';
        }
        const asked = {method: 'HEAD', key: '', attempts: 2, signal: AbortSignal.timeout(30_000)} as const;
        const status = await requestS3(settings(), asked);
        // Who may not list a bucket may still be allowed to read and write in it.
        return status === 404 ? `there is no bucket ${settings().bucket} at ${settings().endpoint.origin}` : null;
      } catch (error) {
        return (error as Error).message;
      }
    },
    async has(digest, signal) {
      const status = await requestS3(settings(), {method: 'HEAD', key: keyOf(digest), signal});
      if (status === 403) throw refused(status, 'looking into');
      return status === 200;
    },
    async put(digest, file, signal) {
      const body = {file, sha256: digest};
      const status = await requestS3(settings(), {method: 'PUT', key: keyOf(digest), body, signal});
      if (status !== 200) throw refused(status, 'writing to');
    },
    async get(digest, file, signal) {
      const status = await requestS3(settings(), {method: 'GET', key: keyOf(digest), to: file, signal});
      if (status === 403) throw refused(status, 'reading from');
      return status === 200;
    },
  };
};

export default open;
