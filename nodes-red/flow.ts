import { digest } from '../src/flow/digest/digest.flow';
import { outbox } from '../src/flow/outbox/outbox.flow';
import { flowSet } from '../src/hosts/node-red/flow-node';

export = { digest: flowSet(digest), outbox: flowSet(outbox) };
