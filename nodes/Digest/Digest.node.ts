import { digest } from '../../src/flow/digest/digest.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Digest extends flowNode(digest) {}
