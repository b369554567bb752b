import { outbox } from '../src/flow/outbox/outbox.flow';
import { flowSet } from '../src/hosts/node-red/flow-node';

export = { outbox: flowSet(outbox) };
