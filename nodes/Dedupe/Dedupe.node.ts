import { dedupe } from '../../src/flow/dedupe/dedupe.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Dedupe extends flowNode(dedupe) {}
