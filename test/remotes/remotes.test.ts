import {describe, test} from 'vitest';
import folder from '../../src/remotes/folder.ts';
import s3 from '../../src/remotes/s3.ts';
import {remoteConformance} from './conformance.ts';
import {s3Address, s3Env, s3Server, scratch} from './rig.ts';

// The same suite for each kind of place.
remoteConformance('folder', () => Promise.resolve(folder('outputs', {root: scratch(), env: {}})));

if (s3Server === undefined) {
  describe('remote s3', () => test.skip('left out: no server; `.ci/s3 start FOLDER` gives TEST_S3', () => {}));
} else {
  remoteConformance('s3', async () => s3(`${await s3Address()}/a folder/äöü/`, {root: '/', env: s3Env}));
}
