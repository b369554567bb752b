import { outbox } from '../../src/flow/outbox/outbox.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Outbox extends flowNode(outbox) {}
