import { quietHours } from '../../src/flow/quietHours/quietHours.flow';
import { flowNode } from '../../src/hosts/n8n/flow-node';

export class QuietHours extends flowNode(quietHours) {}
