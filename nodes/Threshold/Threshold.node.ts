import { threshold } from '../../src/flow/threshold/threshold.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class Threshold extends flowNode(threshold) {}
