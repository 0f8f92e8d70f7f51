import localExecutor from '../../src/executors/local.ts';
import {executorConformance} from '../conformance/executor.ts';

executorConformance('local', localExecutor);
