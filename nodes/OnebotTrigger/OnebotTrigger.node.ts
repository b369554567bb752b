import { onebotTrigger } from '../../src/services/onebot/onebot.trigger';
import { triggerNode } from '../../src/hosts/n8n/trigger-node';

export class OnebotTrigger extends triggerNode(onebotTrigger) {}
