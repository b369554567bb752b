import { onebotTrigger } from '../../src/triggers/onebotTrigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class OnebotTrigger extends triggerNode(onebotTrigger) {}
